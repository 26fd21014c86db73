/**
 * The background's looks at all groups of a cluster. One look is a list of groups from each broker,
 * their committed offsets in requests of two hundred groups, and the ends of the partitions that
 * they are for: nothing is asked group by group. How often follows from what a look costs.
 */
import type { Client } from '../../engine/client/client.ts'
import type { GroupSummary } from '../contract/model/group.ts'
import { readCatalogue } from '../lookups/catalogue.ts'
import type { TopicLeaders } from '../lookups/cluster-topics.ts'
import { LATEST, listOffsets, type OffsetTable } from '../lookups/list-offsets.ts'
import { offsetIn } from '../topics/topic-figures.ts'
import type { GroupBook } from './group-book.ts'
import { partitionsByTopic, type CommittedOffset } from './group-offsets.ts'
import type { LagRow } from './history/history-store.ts'
import type { LagTracker } from './lag-tracker.ts'
import { inParts, offsetsAt } from './load-groups.ts'
import type { NextRecords } from './next-records.ts'
import { lagOf } from './partition-facts.ts'

const GROUPS_PER_REQUEST = 200
const REQUESTS_AT_ONCE = 3
/** Waits that no sample tells are asked of the records, so many a look. */
const NEXT_RECORDS_MAX = 50
/** At most this share of a core is spent on looking; a look that waits long is rarer too. */
const SHARE_OF_TIME = 0.03
const INTERVALS = [
  { groupsMax: 100, intervalMs: 2_000 },
  { groupsMax: 1_000, intervalMs: 5_000 },
  { groupsMax: Infinity, intervalMs: 10_000 },
] as const

export interface Round {
  readonly atMs: number
  readonly tookMs: number
  /** What of that this thread was at work; about as much was the brokers'. */
  readonly busyMs: number
  readonly groups: readonly GroupSummary[]
  readonly lags: readonly Omit<LagRow, 'cluster'>[]
}

export interface RoundOptions {
  readonly client: Client
  readonly book: GroupBook
  readonly tracker: LagTracker
  readonly nextRecords: NextRecords
  readonly nowMs: () => number
  /** How long this thread has been at work since it began. */
  readonly busyMs: () => number
}

export function intervalAfter({ groups, tookMs, busyMs }: Round): number {
  const { intervalMs } = INTERVALS.find(({ groupsMax }) => groups.length <= groupsMax)!
  return Math.max(intervalMs, busyMs / SHARE_OF_TIME, tookMs * 3)
}

/** Throws when no broker answers; groups of a coordinator that does not are left out. */
export async function lookAtGroups(options: RoundOptions): Promise<Round> {
  const { client, book, tracker, nextRecords, nowMs } = options
  const startedMs = nowMs()
  const startedBusyMs = options.busyMs()
  const groups = await book.list()
  const committed = await committedBy(client, book, groups)
  const ends = await endsOf(client, committed)
  const atMs = nowMs()
  for (const [topic, partitions] of ends)
    for (const [partition, answer] of partitions)
      if (answer.type === 'found') tracker.sawEnd(topic, partition, answer.offset, atMs)
  const places: (CommittedOffset & { lag: bigint })[] = []
  for (const [groupId, offsets] of committed)
    for (const offset of offsets) {
      tracker.sawCommit(groupId, offset, atMs)
      const lag = lagOf(offset, offsetIn(ends, offset.topic, offset.partition))
      if (lag !== null && lag > 0n && tracker.lagTime(offset, lag, atMs) === null)
        places.push({ ...offset, lag })
    }
  places.sort((a, b) => (a.lag < b.lag ? 1 : -1))
  await nextRecords.look(places, NEXT_RECORDS_MAX)
  const lags = [...committed].flatMap(([groupId, offsets]) =>
    lagsOf({ tracker, nextRecords }, groupId, offsets, { ends, atMs }),
  )
  tracker.keepOnly(new Set(committed.keys()), new Set(ends.keys()))
  const busyMs = options.busyMs() - startedBusyMs
  return { atMs, tookMs: nowMs() - startedMs, busyMs, groups, lags }
}

async function committedBy(
  client: Client,
  book: GroupBook,
  groups: readonly GroupSummary[],
): Promise<Map<string, readonly CommittedOffset[]>> {
  const committed = new Map<string, readonly CommittedOffset[]>()
  const byCoordinator = Map.groupBy(groups, ({ coordinator }) => coordinator ?? -1)
  const asked = [...byCoordinator].map(async ([coordinator, own]) => {
    const parts = inParts(
      own.map(({ groupId }) => groupId),
      GROUPS_PER_REQUEST,
    )
    for (const some of inParts(parts, REQUESTS_AT_ONCE))
      await Promise.all(
        some.map(async part => {
          // A coordinator that does not answer now is asked again in the next look.
          const found = await offsetsAt(client, coordinator, part, book).catch(() => null)
          for (const [groupId, offsets] of found ?? [])
            if (!('code' in offsets)) committed.set(groupId, offsets)
        }),
      )
  })
  await Promise.all(asked)
  return committed
}

async function endsOf(
  client: Client,
  committed: ReadonlyMap<string, readonly CommittedOffset[]>,
): Promise<OffsetTable> {
  const wanted = partitionsByTopic([...committed.values()].flat())
  if (wanted.size === 0) return new Map()
  const { topics } = await readCatalogue(client)
  const leaders = topics.flatMap(({ name, leaders: all }): TopicLeaders[] => {
    const numbers = wanted.get(name)
    if (numbers === undefined) return []
    return [{ topic: name, leaders: new Map([...all].filter(([index]) => numbers.has(index))) }]
  })
  return listOffsets(client, leaders, LATEST)
}

/** The sum over all topics, and where there are several, each of them. */
function lagsOf(
  { tracker, nextRecords }: Pick<RoundOptions, 'tracker' | 'nextRecords'>,
  groupId: string,
  offsets: readonly CommittedOffset[],
  { ends, atMs }: { readonly ends: OffsetTable; readonly atMs: number },
): Omit<LagRow, 'cluster'>[] {
  const topics = new Map<string, { lag: number; lagTimeMs: number | null }>()
  for (const offset of offsets) {
    const lag = lagOf(offset, offsetIn(ends, offset.topic, offset.partition))
    if (lag === null) continue
    const time = nextRecords.lagTime(offset, atMs) ?? tracker.lagTime(offset, lag, atMs)
    const own = lag === 0n ? 0 : (time?.ms ?? null)
    const sum = topics.get(offset.topic)
    topics.set(offset.topic, {
      lag: (sum?.lag ?? 0) + Number(lag),
      lagTimeMs: sum === undefined ? own : longer(sum.lagTimeMs, own),
    })
  }
  if (topics.size === 0) return []
  let lag = 0
  let lagTimeMs: number | null = 0
  for (const each of topics.values()) {
    lag += each.lag
    lagTimeMs = longer(lagTimeMs, each.lagTimeMs)
  }
  const total = { groupId, topic: null, lag, lagTimeMs: roundedMs(lagTimeMs) }
  if (topics.size === 1) return [total]
  const each = [...topics].map(([topic, own]) => {
    return { groupId, topic, lag: own.lag, lagTimeMs: roundedMs(own.lagTimeMs) }
  })
  return [total, ...each]
}

/** The longest wait is not known where one of them is not. */
function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b)
}

function roundedMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}
