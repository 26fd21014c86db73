/**
 * Commits and deletes offsets at a group's coordinator, as one who is no member: that is what Kafka
 * allows while a group has none (generation -1). Each partition is answered for.
 */
import type { Client } from '../../engine/client/client.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../engine/protocol/messages/offset-commit.ts'
import {
  offsetDeleteRequest,
  offsetDeleteResponse,
} from '../../engine/protocol/messages/offset-delete.ts'
import type { OffsetChanges } from '../contract/api/offset.ts'
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import type { Wait } from '../lookups/watch.ts'
import { keyOf } from './plan.ts'

const commitApi = { request: offsetCommitRequest, response: offsetCommitResponse }
const deleteApi = { request: offsetDeleteRequest, response: offsetDeleteResponse }
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 9
const LEADER_EPOCHS_SINCE = 6
/** A coordinator writes a request as one batch, which has to stay below message.max.bytes. */
const REQUEST_BYTES_MAX = 512 * 1024
/** What a stored offset takes besides its names and text. */
const RECORD_BYTES = 80
const ATTEMPTS_MAX = 20
const RETRY_MS = 250

export type Change = OffsetChanges[number]

export interface ChangeSurroundings {
  readonly client: Client
  readonly wait: Wait
  readonly signal: AbortSignal
}

/** Problems by `keyOf`; what is not in it was done. */
export async function changeOffsets(
  surroundings: ChangeSurroundings,
  groupId: string,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, Problem>> {
  const problems = new Map<string, Problem>()
  const commits = changes.filter(({ offset }) => offset !== null)
  const removals = changes.filter(({ offset }) => offset === null)
  for (const [share, send] of [
    ...inShares(groupId, commits).map(share => [share, commit] as const),
    ...inShares(groupId, removals).map(share => [share, remove] as const),
  ])
    for (const [key, problem] of await sendShare(surroundings, groupId, share, send))
      problems.set(key, problem)
  return problems
}

type Send = (
  client: Client,
  groupId: string,
  share: readonly Change[],
) => Promise<ReadonlyMap<string, number>>

/** Asks again while the coordinator is moving or loading; what it refused for good stays refused. */
async function sendShare(
  { client, wait, signal }: ChangeSurroundings,
  groupId: string,
  share: readonly Change[],
  send: Send,
): Promise<ReadonlyMap<string, Problem>> {
  for (let attempt = 1; ; attempt++) {
    try {
      const codes = await send(client, groupId, share)
      const retriable = [...codes.values()].some(isMoving)
      if (!retriable || attempt === ATTEMPTS_MAX || signal.aborted) return problemsOf(codes)
    } catch (error) {
      // Waiting for a coordinator that answers; what it says in the end is said of each partition.
      const moving = error instanceof KafkaError && error.retriable
      if (!moving || attempt === ATTEMPTS_MAX || signal.aborted) {
        const problem = problemOf(error)
        return new Map(share.map(change => [keyOf(change), problem]))
      }
    }
    client.forget()
    await wait(RETRY_MS, signal)
  }
}

function isMoving(code: number): boolean {
  const name = errorName(code)
  return (
    name === 'NOT_COORDINATOR' ||
    name === 'COORDINATOR_NOT_AVAILABLE' ||
    name === 'COORDINATOR_LOAD_IN_PROGRESS'
  )
}

function problemsOf(codes: ReadonlyMap<string, number>): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>()
  for (const [key, code] of codes) {
    const problem = codeProblem(code, key, reasons[errorName(code)])
    if (problem !== null) problems.set(key, problem)
  }
  return problems
}

const reasons: Readonly<Record<string, string>> = {
  UNKNOWN_MEMBER_ID: 'the group has members by now, and only they may commit',
  GROUP_SUBSCRIBED_TO_TOPIC: 'a member of the group subscribes to the topic',
  UNKNOWN_TOPIC_OR_PARTITION: 'the partition does not exist',
}

async function commit(client: Client, groupId: string, share: readonly Change[]) {
  const connection = await client.connection({ type: 'group-coordinator', groupId })
  const [, newest] = connection.versionsOf(offsetCommitRequest.apiKey!) ?? [0, 0]
  const answer = await connection.request(
    commitApi,
    {
      groupId,
      topics: byTopic(share).map(([name, of]) => ({
        name,
        partitions: of.map(({ partition, offset, metadata, leaderEpoch }) => ({
          partitionIndex: partition,
          committedOffset: offset!,
          committedMetadata: metadata,
          ...(leaderEpoch === null || newest < LEADER_EPOCHS_SINCE
            ? {}
            : { committedLeaderEpoch: leaderEpoch }),
        })),
      })),
    },
    { versionMax: NAMED_VERSION_MAX },
  )
  return codesOf(answer.topics)
}

async function remove(client: Client, groupId: string, share: readonly Change[]) {
  const answer = await client.request({ type: 'group-coordinator', groupId }, deleteApi, {
    groupId,
    topics: byTopic(share).map(([name, of]) => ({
      name,
      partitions: of.map(({ partition }) => ({ partitionIndex: partition })),
    })),
  })
  if (answer.errorCode !== 0) return new Map(share.map(each => [keyOf(each), answer.errorCode]))
  return codesOf(answer.topics)
}

interface AnsweredTopic {
  readonly name: string
  readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[]
}

function codesOf(topics: readonly AnsweredTopic[]): ReadonlyMap<string, number> {
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode }) => [
        keyOf({ topic: name, partition: partitionIndex }),
        errorCode,
      ]),
    ),
  )
}

function byTopic(share: readonly Change[]): readonly [string, readonly Change[]][] {
  const topics = new Map<string, Change[]>()
  for (const change of share) {
    const known = topics.get(change.topic)
    if (known === undefined) topics.set(change.topic, [change])
    else known.push(change)
  }
  return [...topics]
}

/** Requests that a coordinator can store. Each record has the group's and the topic's name in it. */
function inShares(groupId: string, changes: readonly Change[]): readonly (readonly Change[])[] {
  const groupBytes = Buffer.byteLength(groupId)
  const shares: Change[][] = []
  let bytes = Infinity
  for (const change of changes) {
    const size =
      RECORD_BYTES + groupBytes + change.topic.length + Buffer.byteLength(change.metadata)
    bytes += size
    if (bytes > REQUEST_BYTES_MAX) {
      shares.push([])
      bytes = size
    }
    shares.at(-1)!.push(change)
  }
  return shares
}
