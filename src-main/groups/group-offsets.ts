/** Committed offsets of groups, and the lag that follows from them. */
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import type { Client } from '../../engine/client/client.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import {
  offsetFetchRequest,
  offsetFetchResponse,
  type OffsetFetchResponse,
} from '../../engine/protocol/messages/offset-fetch.ts'
import type { Problem } from '../contract/define.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem, leadersOf, type TopicLeaders } from '../lookups/cluster-topics.ts'

const api = { request: offsetFetchRequest, response: offsetFetchResponse }
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 9
const MANY_GROUPS_SINCE = 8

export interface CommittedOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly leaderEpoch: number | null
  readonly metadata: string
  /** What the coordinator itself says of a share group's lag (KIP-1226). */
  readonly reportedLag?: bigint
}

/** Everything that a group committed. Throws a `KafkaError` when its coordinator refuses. */
export async function committedOffsets(
  client: Client,
  groupId: string,
): Promise<readonly CommittedOffset[]> {
  const group = await askInTime(client, groupId, async connection => {
    const takesMany = takesManyGroups(connection)
    const answer = await connection.request(
      api,
      takesMany ? { groups: [{ groupId, topics: null }] } : { groupId, topics: null },
      { versionMax: NAMED_VERSION_MAX },
    )
    return takesMany ? answer.groups[0] : answer
  })
  if (group === undefined || group.errorCode !== 0)
    throw new KafkaError(errorName(group?.errorCode ?? -1), `offsets of group ${groupId}`)
  return offsetsIn(group.topics)
}

const GROUPS_AT_ONCE = 16

/**
 * Everything that some groups of one coordinator committed: one request for all where it takes
 * lists (KIP-709), else one for each. Rejects when the coordinator does not answer.
 */
export async function offsetsOfGroups(
  client: Client,
  coordinator: number,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CommittedOffset[] | Problem>> {
  return askInTime(client, coordinator, connection => offsetsOver(connection, groupIds))
}

async function offsetsOver(
  connection: ClientConnection,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CommittedOffset[] | Problem>> {
  const options = { versionMax: NAMED_VERSION_MAX }
  const found = new Map<string, readonly CommittedOffset[] | Problem>()
  const note = (groupId: string, code: number, topics: readonly FetchedTopic[]) =>
    found.set(groupId, codeProblem(code, `offsets of group ${groupId}`) ?? offsetsIn(topics))
  if (takesManyGroups(connection)) {
    const groups = groupIds.map(groupId => ({ groupId, topics: null }))
    const answer = await connection.request(api, { groups }, options)
    for (const { groupId, errorCode, topics } of answer.groups) note(groupId, errorCode, topics)
  } else
    for (let at = 0; at < groupIds.length; at += GROUPS_AT_ONCE)
      await Promise.all(
        groupIds.slice(at, at + GROUPS_AT_ONCE).map(async groupId => {
          const answer = await connection.request(api, { groupId, topics: null }, options)
          note(groupId, answer.errorCode, answer.topics)
        }),
      )
  return found
}

function takesManyGroups(connection: ClientConnection): boolean {
  const [, newest] = connection.versionsOf(offsetFetchRequest.apiKey!) ?? [0, 0]
  return newest >= MANY_GROUPS_SINCE
}

type FetchedTopic = Pick<OffsetFetchResponse['topics'][number], 'name' | 'partitions'>

function offsetsIn(topics: readonly FetchedTopic[]): readonly CommittedOffset[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(partition => {
      const { partitionIndex, committedOffset, committedLeaderEpoch, metadata } = partition
      if (partition.errorCode !== 0 || committedOffset < 0n) return []
      return {
        topic: name,
        partition: partitionIndex,
        offset: committedOffset,
        leaderEpoch: committedLeaderEpoch < 0 ? null : committedLeaderEpoch,
        metadata: metadata ?? '',
      }
    }),
  )
}

/** The leaders of some partitions, those of deleted topics left out. */
export async function leadersOfPartitions(
  client: Client,
  wanted: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<readonly TopicLeaders[]> {
  if (wanted.size === 0) return []
  const { topics } = await client.metadata([...wanted.keys()])
  return topics.flatMap(topic => {
    if (topic.errorCode !== 0) return []
    const { topic: name, leaders } = leadersOf(topic)
    const chosen = [...leaders].filter(([partition]) => wanted.get(name)?.has(partition))
    return { topic: name, leaders: new Map(chosen) }
  })
}

/** Partitions by topic, each once. */
export function partitionsByTopic(
  partitions: Iterable<{ readonly topic: string; readonly partition: number }>,
): Map<string, Set<number>> {
  const topics = new Map<string, Set<number>>()
  for (const { topic, partition } of partitions) {
    const known = topics.get(topic) ?? new Set()
    topics.set(topic, known.add(partition))
  }
  return topics
}
