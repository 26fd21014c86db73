/** Very many groups that committed: written as tools write them, without a member. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../engine/client/client.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../engine/protocol/messages/offset-commit.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { createTopics, fill } from './pages-data.ts'

const TOPICS = 100
const TOPICS_FILLED = 20
const RECORDS = 5_000
const commitApi = { request: offsetCommitRequest, response: offsetCommitResponse }
/** Later versions name topics by their ids alone. */
const NAMED_VERSION_MAX = 9
const COMMITS_IN_FLIGHT = 64

export const groupTopics = Array.from({ length: TOPICS }, (_, n) => `stream-${n}`)

export function groupNames(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `team-${n % 40}.reader-${n}`)
}

/** A hundred topics, some with records, and the groups that read them. */
export async function makeGroups(client: Client, groupIds: readonly string[]): Promise<void> {
  await createTopics(client, groupTopics, 4)
  for (const topic of groupTopics.slice(0, TOPICS_FILLED))
    await fill(client, {
      topic,
      records: RECORDS,
      valueBytes: 100,
      compression: 'lz4',
      firstTimestampMs: BigInt(Date.now() - RECORDS),
    })
  await commitAll(client, groupIds)
}

/** Each group for one to three topics, at some offset of each. */
async function commitAll(target: Client, groupIds: readonly string[]): Promise<void> {
  const open = new Set<Promise<void>>()
  for (const [index, groupId] of groupIds.entries()) {
    const settled: Promise<void> = commit(target, index, groupId).finally(() =>
      open.delete(settled),
    )
    open.add(settled)
    if (open.size >= COMMITS_IN_FLIGHT) await Promise.race(open)
  }
  await Promise.all(open)
}

async function commit(target: Client, index: number, groupId: string): Promise<void> {
  const request = {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: Array.from({ length: 1 + (index % 3) }, (_, nth) => ({
      name: groupTopics[(index + nth * 7) % TOPICS]!,
      partitions: [0, 1, 2, 3].map(partitionIndex => ({
        partitionIndex,
        committedOffset: BigInt(partitionIndex === 0 ? index % RECORDS : 0),
        committedMetadata: '',
      })),
    })),
  }
  const options = { versionMax: NAMED_VERSION_MAX }
  for (let attempt = 0; attempt < 50; attempt++) {
    // The coordinators of a new cluster are on their way.
    const answer = await target
      .request({ type: 'group-coordinator', groupId }, commitApi, request, options)
      .catch(() => null)
    const code = answer?.topics[0]?.partitions[0]?.errorCode
    if (code === 0) return
    target.forget()
    await sleep(100)
  }
  throw new OperationalError(`group ${groupId} could not commit`)
}
