/**
 * OffsetFetch (key 9): where groups stand. From version 8 on one request asks for several groups,
 * each answered alone; version 10 names topics by id, which become names for the coordinator.
 */
import { errorCode } from '../../protocol/errors.ts'
import {
  offsetFetchRequest,
  offsetFetchResponse,
  type OffsetFetchRequest,
  type OffsetFetchResponse,
} from '../../protocol/messages/offset-fetch.ts'
import { servedApi, type RequestContext, type ServedApi } from '../../server/dispatcher.ts'
import { assert } from '../../support/assert.ts'
import { askerOf } from '../asker.ts'
import type { BrokerServices } from '../broker-services.ts'

const GROUPS_SINCE = 8
const TOPIC_IDS_SINCE = 10

type Group = OffsetFetchRequest['groups'][number]
type GroupAnswer = OffsetFetchResponse['groups'][number]
type GroupTopic = GroupAnswer['topics'][number]

export function offsetFetch(broker: BrokerServices): ServedApi {
  return servedApi({
    request: offsetFetchRequest,
    response: offsetFetchResponse,
    accepts: [0, 10],
    advertises: [1, 10],
    async handle(request, context) {
      if (context.apiVersion < GROUPS_SINCE)
        return broker.groups.request<OffsetFetchResponse>(request.groupId, {
          ...askerOf(context),
          type: 'OffsetFetch',
          request,
        })
      const groups = await Promise.all(
        request.groups.map(group => fetchGroup(broker, request, group, context)),
      )
      return { groups, topics: [] }
    },
    failed: ({ code }, request, { apiVersion }) => ({
      errorCode: code,
      // Before version 2 there is no place for the group's error but its partitions.
      topics:
        apiVersion >= 2
          ? []
          : (request.topics ?? []).map(({ name, partitionIndexes }) => ({
              name,
              partitions: partitionIndexes.map(partitionIndex => ({
                partitionIndex,
                committedOffset: -1n,
                metadata: '',
                errorCode: code,
              })),
            })),
    }),
  })
}

async function fetchGroup(
  broker: BrokerServices,
  request: OffsetFetchRequest,
  group: Group,
  context: RequestContext,
): Promise<GroupAnswer> {
  const byId = context.apiVersion >= TOPIC_IDS_SINCE
  const named = byId ? { ...group, topics: withNames(broker, group.topics) } : group
  const answer = await broker.groups.request<OffsetFetchResponse>(group.groupId, {
    ...askerOf(context),
    type: 'OffsetFetch',
    request: { ...request, groups: [named] },
  })
  const [answered] = answer.groups
  assert(answered !== undefined, 'one group asked for is one group answered')
  return byId ? { ...answered, topics: withIds(broker, group, answered.topics) } : answered
}

function withNames(broker: BrokerServices, topics: Group['topics']): Group['topics'] {
  if (topics === null) return null
  return topics.flatMap(topic => {
    const name = broker.cluster.topicName(topic.topicId)
    return name === null ? [] : [{ ...topic, name }]
  })
}

function withIds(
  broker: BrokerServices,
  group: Group,
  answered: readonly GroupTopic[],
): GroupTopic[] {
  if (group.topics === null)
    return answered.flatMap(topic => {
      const found = broker.cluster.topicByName(topic.name)
      return found === null ? [] : [{ ...topic, topicId: found.topicId }]
    })
  const byName = new Map(answered.map(topic => [topic.name, topic]))
  return group.topics.map(({ topicId, partitionIndexes }) => {
    const name = broker.cluster.topicName(topicId)
    const found = name === null ? undefined : byName.get(name)
    if (found !== undefined) return { ...found, topicId }
    return {
      name: '',
      topicId,
      partitions: partitionIndexes.map(partitionIndex => ({
        partitionIndex,
        committedOffset: -1n,
        committedLeaderEpoch: -1,
        metadata: '',
        errorCode: errorCode('UNKNOWN_TOPIC_ID'),
      })),
    }
  })
}
