/** `offset.plan`: asks what a strategy needs to know, and lays the plan. Changes nothing. */
import type { Client } from '../../engine/client/client.ts'
import { assertNever } from '../../engine/support/assert.ts'
import type { OffsetEdits, OffsetScope, OffsetStrategy } from '../contract/api/offset.ts'
import type { Problem } from '../contract/define.ts'
import type { LabGroup, OffsetPlan, OffsetPlanRow } from '../contract/model/offset.ts'
import { committedOffsets } from '../groups/group-offsets.ts'
import { listOffsets } from '../lookups/list-offsets.ts'
import { equalCommand } from './command-line.ts'
import { describeLabGroup, subscribedTopics } from './lab-group.ts'
import { readOffsetsFile } from './offsets-file.ts'
import {
  found,
  gatherPlaces,
  type GatheredPlaces,
  type Place,
  type PlaceOnBroker,
} from './places.ts'
import { keyOf, planRow, type StoredOffset, type Wish } from './plan.ts'
import type { SnapshotStore } from './snapshots.ts'

export interface PlanRequest {
  readonly cluster: string
  readonly groupId: string
  readonly scope: OffsetScope
  readonly strategy: OffsetStrategy
  readonly edits: OffsetEdits
}

export interface PlanSurroundings {
  readonly client: Client
  readonly bootstrap: string
  readonly snapshots: SnapshotStore
  readonly nowMs: number
}

export async function makePlan(
  { client, bootstrap, snapshots, nowMs }: PlanSurroundings,
  request: PlanRequest,
): Promise<OffsetPlan> {
  const { groupId, scope, strategy } = request
  const [group, committed, source] = await Promise.all([
    describeLabGroup(client, groupId, nowMs),
    storedOffsets(client, groupId),
    sourceOf(client, snapshots, request),
  ])
  const named = source?.places ?? [...committed.values()]
  const gathered = await gatherPlaces(client, scope, named)
  const timestampMs = momentOf(strategy, nowMs)
  const wishes = await wishesFor({ client, request, source, gathered, timestampMs })
  const subscribed = subscribedTopics(group)
  const rows = gathered.places.map(place =>
    planRow(
      {
        ...place,
        committed: committed.get(keyOf(place)) ?? null,
        subscribed: subscribed.has(place.topic),
      },
      wishes(place),
    ),
  )
  const { partitionCounts } = gathered
  return {
    group: exists(group, committed.size),
    rows,
    commitCount: count(rows, 'commit'),
    deleteCount: count(rows, 'delete'),
    problems: [...(source?.problems ?? []), ...gathered.problems],
    timestampMs,
    command: equalCommand({ bootstrap, groupId, scope, strategy, rows, partitionCounts }),
    computedAtMs: BigInt(nowMs),
  }
}

interface PlacedOffset extends Place, StoredOffset {}

/** By `keyOf`. */
export async function storedOffsets(
  client: Client,
  groupId: string,
): Promise<ReadonlyMap<string, PlacedOffset>> {
  const committed = await committedOffsets(client, groupId)
  return new Map(committed.map(each => [keyOf(each), each]))
}

/** Where a strategy takes offsets from, where that is not the log. */
interface Source {
  /** What it has something to say about. */
  readonly places: readonly Place[]
  readonly wish: (place: Place) => Wish
  readonly problems: readonly Problem[]
}

async function sourceOf(
  client: Client,
  snapshots: SnapshotStore,
  { cluster, groupId, strategy }: PlanRequest,
): Promise<Source | null> {
  switch (strategy.type) {
    case 'group':
      return groupSource(client, strategy.groupId)
    case 'file': {
      const { offsets, problems } = readOffsetsFile(strategy.text, groupId)
      return { ...copied(offsets), problems }
    }
    case 'snapshot': {
      const snapshot = await snapshots.read({ cluster, groupId, id: strategy.snapshotId })
      const before = new Map(snapshot.offsets.map(each => [keyOf(each), each]))
      const restored = (place: Place): Wish => ({
        type: 'restored',
        stored: before.get(keyOf(place)) ?? null,
      })
      if (strategy.part === 'changed')
        return { places: snapshot.changed, wish: restored, problems: [] }
      // As a whole: what was committed since for the first time goes again.
      const now = await storedOffsets(client, groupId)
      return { places: [...before.values(), ...now.values()], wish: restored, problems: [] }
    }
    default:
      return null
  }
}

async function groupSource(client: Client, groupId: string): Promise<Source> {
  const offsets = await storedOffsets(client, groupId)
  const problem = { code: 'NOT_FOUND', message: `group ${groupId} has no committed offsets` }
  return { ...copied([...offsets.values()]), problems: offsets.size === 0 ? [problem] : [] }
}

function copied(offsets: readonly { topic: string; partition: number; offset: bigint }[]) {
  const byKey = new Map(offsets.map(each => [keyOf(each), each.offset]))
  const wish = (place: Place): Wish => ({ type: 'copied', offset: byKey.get(keyOf(place)) ?? null })
  return { places: offsets, wish }
}

/** The moment that is looked for, where one is. */
function momentOf(strategy: OffsetStrategy, nowMs: number): bigint | null {
  if (strategy.type === 'timestamp') return strategy.timestampMs
  if (strategy.type !== 'duration') return null
  const moment = BigInt(nowMs) - strategy.durationMs
  return moment > 0n ? moment : 0n
}

interface WishQuestion {
  readonly client: Client
  readonly request: PlanRequest
  readonly source: Source | null
  readonly gathered: GatheredPlaces
  readonly timestampMs: bigint | null
}

async function wishesFor(question: WishQuestion): Promise<(place: PlaceOnBroker) => Wish> {
  const { client, request, source, gathered, timestampMs } = question
  const byTime =
    timestampMs === null ? null : await listOffsets(client, gathered.leaders, timestampMs)
  const edits = new Map(request.edits.map(edit => [keyOf(edit), edit.offset]))
  return place => {
    const edit = edits.get(keyOf(place))
    if (edit !== undefined)
      return edit === null ? { type: 'kept' } : { type: 'edited', offset: edit }
    if (source !== null) return source.wish(place)
    if (byTime === null) return plainWish(request.strategy)
    const answer = found(byTime, place)
    // Without an answer the place itself has a problem, which comes first.
    if (answer === undefined) return { type: 'kept' }
    return answer.type === 'problem'
      ? { type: 'problem', problem: answer.problem }
      : { type: 'found', offset: answer.offset }
  }
}

function plainWish(strategy: OffsetStrategy): Wish {
  switch (strategy.type) {
    case 'none':
      return { type: 'as-is' }
    case 'earliest':
    case 'latest':
    case 'current':
    case 'delete':
    case 'offset':
    case 'shift':
      return strategy
    case 'timestamp':
    case 'duration':
    case 'group':
    case 'file':
    case 'snapshot':
      return { type: 'not-in-source' }
    default:
      return assertNever(strategy)
  }
}

/** Offsets that are there make a group, whatever its coordinator calls its state. */
function exists(group: LabGroup, committedCount: number): LabGroup {
  return committedCount > 0 ? { ...group, exists: true } : group
}

function count(rows: readonly OffsetPlanRow[], action: OffsetPlanRow['action']): number {
  return rows.filter(row => row.action === action).length
}
