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
      const known = request.topics.flatMap(({ name, partitions }) => {
        const count = broker.cluster.topicByName(name)?.partitions.length ?? 0
        const existing = partitions.filter(each => each.partitionIndex < count)
        return existing.length === 0 ? [] : [{ name, partitions: existing }]
      })
      const answer = await broker.groups.request<OffsetDeleteResponse>(request.groupId, {
        ...askerOf(context),
        type: 'OffsetDelete',
        request: { ...request, topics: known },
      })
      if (answer.errorCode !== 0) return answer
      const codes = new Map(
        answer.topics.flatMap(({ name, partitions }) =>
          partitions.map(each => [`${name}-${each.partitionIndex}`, each.errorCode]),
        ),
      )
      const unknown = errorCode('UNKNOWN_TOPIC_OR_PARTITION')
      return {
        ...answer,
        topics: request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode: codes.get(`${name}-${partitionIndex}`) ?? unknown,
          })),
        })),
      }
    },
    failed: ({ code }) => ({ errorCode: code, throttleTimeMs: 0, topics: [] }),
  })
}
