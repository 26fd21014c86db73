/** OffsetDelete (key 47): forgets committed offsets of topics that a group no longer reads. */
import {
  offsetDeleteRequest,
  offsetDeleteResponse,
  type OffsetDeleteResponse,
} from '../../protocol/messages/offset-delete.ts'
import { errorCode } from '../../protocol/errors.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { askerOf } from '../asker.ts'
import type { BrokerServices } from '../broker-services.ts'

export function offsetDelete(broker: BrokerServices): ServedApi {
  return servedApi({
    request: offsetDeleteRequest,
    response: offsetDeleteResponse,
    async handle(request, context) {
      const known = request.topics.filter(topic => broker.cluster.topicByName(topic.name) !== null)
      const answer = await broker.groups.request<OffsetDeleteResponse>(request.groupId, {
        ...askerOf(context),
        type: 'OffsetDelete',
        request: { ...request, topics: known },
      })
      if (answer.errorCode !== 0) return answer
      const byName = new Map(answer.topics.map(topic => [topic.name, topic]))
      const unknown = errorCode('UNKNOWN_TOPIC_OR_PARTITION')
      return {
        ...answer,
        topics: request.topics.map(
          ({ name, partitions }) =>
            byName.get(name) ?? {
              name,
              partitions: partitions.map(({ partitionIndex }) => ({
                partitionIndex,
                errorCode: unknown,
              })),
            },
        ),
      }
    },
    failed: ({ code }) => ({ errorCode: code, throttleTimeMs: 0, topics: [] }),
  })
}
