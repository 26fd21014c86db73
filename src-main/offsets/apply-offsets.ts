/**
 * `offset.apply` and `offset.delete-group`: look once more, keep what is there, change it, and read
 * back what the coordinator has now. What is told is the read-back, never what was hoped for.
 */
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../engine/protocol/messages/delete-groups.ts'
import type { OffsetChanges } from '../contract/api/offset.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  AppliedOffsets,
  AppliedRow,
  OffsetSnapshotSummary,
  SnapshotReason,
} from '../contract/model/offset.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { changeOffsets, type Change, type ChangeSurroundings } from './change-offsets.ts'
import { describeLabGroup } from './lab-group.ts'
import { storedOffsets } from './make-plan.ts'
import { keyOf } from './plan.ts'
import { summaryOf, type SnapshotStore } from './snapshots.ts'

const deleteApi = { request: deleteGroupsRequest, response: deleteGroupsResponse }
const NAMED_CHANGES_MAX = 3

export interface ApplySurroundings extends ChangeSurroundings {
  readonly cluster: string
  readonly snapshots: SnapshotStore
  readonly nowMs: () => number
}

type Stored = Awaited<ReturnType<typeof storedOffsets>>

/** Throws a `ContractError` before anything is changed; afterwards every row tells of itself. */
export async function applyOffsets(
  surroundings: ApplySurroundings,
  groupId: string,
  changes: OffsetChanges,
  reason: SnapshotReason,
): Promise<AppliedOffsets> {
  const { client } = surroundings
  const before = await storedOffsets(client, groupId)
  if (changes.some(({ offset }) => offset !== null)) await refuseActive(surroundings, groupId)
  refuseChanged(before, changes)
  const snapshot = await keep(surroundings, groupId, before, reason, changes)
  const problems = await changeOffsets(surroundings, groupId, changes)
  const after = await storedOffsets(client, groupId)
  const rows = changes.map(change => appliedRow(change, before, after, problems))
  const doneCount = rows.filter(({ done }) => done).length
  return { snapshot, rows, doneCount, failedCount: rows.length - doneCount }
}

/** Throws where the group has members, or does not exist. */
export async function deleteGroup(
  surroundings: ApplySurroundings,
  groupId: string,
): Promise<OffsetSnapshotSummary> {
  const { client } = surroundings
  await refuseActive(surroundings, groupId)
  const before = await storedOffsets(client, groupId)
  const reason = { type: 'delete-group', strategy: 'delete' } as const
  const snapshot = await keep(surroundings, groupId, before, reason, [...before.values()])
  const { results } = await client.request({ type: 'group-coordinator', groupId }, deleteApi, {
    groupsNames: [groupId],
  })
  const [result] = results
  const problem = codeProblem(result?.errorCode ?? -1, `group ${groupId}`, result?.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  return snapshot
}

async function refuseActive({ client, nowMs }: ApplySurroundings, groupId: string): Promise<void> {
  const { whyNot } = await describeLabGroup(client, groupId, nowMs())
  if (whyNot !== null) throw new ContractError(whyNot)
}

/** Someone else moved the group since the plan was laid: a shift, above all, would now be another. */
function refuseChanged(before: Stored, changes: OffsetChanges): void {
  const other = changes.filter(
    change => (before.get(keyOf(change))?.offset ?? null) !== change.before,
  )
  if (other.length === 0) return
  const named = other
    .slice(0, NAMED_CHANGES_MAX)
    .map(change => `${keyOf(change)} at ${before.get(keyOf(change))?.offset ?? 'nothing'}`)
  const more = other.length - named.length
  if (more > 0) named.push(`and ${more} more`)
  throw new ContractError({
    code: 'OFFSETS_CHANGED',
    message: `the group has committed since the plan was made: ${named.join(', ')}`,
    remedy: 'Nothing was changed. Look at the new plan, and apply that.',
  })
}

async function keep(
  { cluster, snapshots, nowMs }: ApplySurroundings,
  groupId: string,
  before: Stored,
  reason: SnapshotReason,
  changed: readonly { readonly topic: string; readonly partition: number }[],
): Promise<OffsetSnapshotSummary> {
  const offsets = [...before.values()].map(
    ({ topic, partition, offset, metadata, leaderEpoch }) => ({
      topic,
      partition,
      offset,
      metadata,
      leaderEpoch,
    }),
  )
  const places = changed.map(({ topic, partition }) => ({ topic, partition }))
  const takenAtMs = BigInt(nowMs())
  const snapshot = { cluster, groupId, takenAtMs, reason, offsets, changed: places }
  return summaryOf(await snapshots.keep(snapshot))
}

function appliedRow(
  change: Change,
  before: Stored,
  after: Stored,
  problems: ReadonlyMap<string, Problem>,
): AppliedRow {
  const { topic, partition, offset } = change
  const key = keyOf(change)
  const readBack = after.get(key)?.offset ?? null
  const problem = problems.get(key) ?? null
  return {
    topic,
    partition,
    before: before.get(key)?.offset ?? null,
    asked: offset,
    readBack,
    done: problem === null && readBack === offset,
    problem,
  }
}
