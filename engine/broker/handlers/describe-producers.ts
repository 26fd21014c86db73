/** DescribeProducers (key 61): the idempotent producers that partitions remember (KIP-664). */
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../protocol/messages/describe-producers.ts'
import { expected, servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

const NO_SEQUENCE = -1
const NO_OFFSET = -1n

export function describeProducers(broker: BrokerServices): ServedApi {
  return servedApi({
    request: describeProducersRequest,
    response: describeProducersResponse,
    handle: ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map(partitionIndex => {
          try {
            const { log } = broker.replicas.leader(name, partitionIndex)
            const activeProducers = log.activeProducers().map(producer => ({
              producerId: producer.producerId,
              producerEpoch: producer.producerEpoch,
              lastSequence: producer.batches.at(-1)?.lastSequence ?? NO_SEQUENCE,
              lastTimestamp: producer.lastTimestampMs,
              coordinatorEpoch: producer.coordinatorEpoch,
              currentTxnStartOffset: producer.currentTxnFirstOffset ?? NO_OFFSET,
            }))
            return { partitionIndex, errorCode: 0, errorMessage: null, activeProducers }
          } catch (error) {
            // Waiting for what the protocol has a code for: each partition fails alone.
            const { code, reason } = expected(error)
            return { partitionIndex, errorCode: code, errorMessage: reason, activeProducers: [] }
          }
        }),
      })),
    }),
    failed: ({ code, reason }, { topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map(partitionIndex => ({
          partitionIndex,
          errorCode: code,
          errorMessage: reason,
          activeProducers: [],
        })),
      })),
    }),
  })
}
