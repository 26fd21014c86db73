/** OffsetForLeaderEpoch (key 23): where a leader epoch ends, for readers that check their log. */
import { KafkaError } from '../../protocol/errors.ts'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../protocol/messages/offset-for-leader-epoch.ts'
import { expected, servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

export function offsetForLeaderEpoch(broker: BrokerServices): ServedApi {
  return servedApi({
    request: offsetForLeaderEpochRequest,
    response: offsetForLeaderEpochResponse,
    accepts: [2, 4],
    handle: ({ topics }) => ({
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
          try {
            const partition = broker.replicas.leader(topic, index, currentLeaderEpoch)
            const end = partition.log.endOffsetForEpoch(leaderEpoch)
            return {
              errorCode: 0,
              partition: index,
              leaderEpoch: end?.leaderEpoch ?? -1,
              endOffset: end?.endOffset ?? -1n,
            }
          } catch (error) {
            // Waiting for what the protocol has a code for: each partition fails alone.
            return { errorCode: expected(error).code, partition: index }
          }
        }),
      })),
    }),
    failed: (error: KafkaError, { topics }) => ({
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ errorCode: error.code, partition })),
      })),
    }),
  })
}
