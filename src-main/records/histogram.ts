/**
 * `record.histogram`: counts over time from the brokers' time indexes, hardly reading a record.
 *
 * For each edge between buckets every leader is asked once where its partitions' first records not
 * older than that stand; a bucket's count is the number of offsets between two edges. That is exact
 * where timestamps are in order and every offset holds a record. Where a later record is older than
 * the largest time before it, it counts in that time's bucket: the brokers' answer is about the
 * first record, not about all of them.
 */
import type { Client } from '../../engine/client/client.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { InputOf } from '../contract/define.ts'
import type { PartitionProblem, RecordHistogram } from '../contract/model/record.ts'
import { listOffsets, MAX_TIMESTAMP, type OffsetTable } from '../lookups/list-offsets.ts'
import { clusterSource } from './cluster-source.ts'
import { larger, smaller, type Offsets } from './cut.ts'
import { placePage } from './place-page.ts'
import { readPlaces } from './record-rows.ts'
import type { RecordSource } from './record-source.ts'
import { openView, type RecordView } from './record-view.ts'
import { showOptions } from './show-options.ts'
import { leadersOf, problemOfSlot, type Slot } from './slot.ts'
import { unlessAborted } from './unless-aborted.ts'

/** A view of more is sampled: each edge costs its leader a lookup for each partition. */
export const HISTOGRAM_PARTITIONS_MAX = 64
/** Requests that wait at a broker at once. */
const EDGES_AT_ONCE = 16
/** So many offsets may follow the newest timestamp: records of one batch share it, or race. */
const UNORDERED_OFFSETS_MIN = 1_000n
const UNORDERED_SHARE = 100n

type HistogramInput = InputOf<ApplicationApi, 'record.histogram'>

export async function readHistogram(
  client: Client,
  input: HistogramInput,
  signal: AbortSignal,
): Promise<RecordHistogram> {
  const opened = await openView(client, input, signal)
  const { slots, isolation } = opened
  const source = clusterSource({ client, slots, isolation, signal }, showOptions({}))
  const { from = { type: 'oldest' }, until, direction = 'forward' } = input
  const wanted = { from, until, direction, bounded: input.base === null }
  const placed = await placePage(source, opened, wanted, { client, signal })
  const asked = sampleOf(placed.view)
  const leaders = leadersOf(asked.map(slot => slots[slot]!))
  const [first, newest, edges] = await unlessAborted(
    Promise.all([
      listOffsets(client, leaders, 0n),
      listOffsets(client, leaders, MAX_TIMESTAMP),
      edgeTimes(source, opened, placed.view, asked, input),
    ]),
    signal,
  )
  const view = { ...placed.view, asked }
  const buckets = bucketsOf(view, input, { first, newest, edges })
  if (buckets === null) return withoutTimes(view, input)
  return summed(view, buckets, await readEdges(client, view, buckets, signal), newest)
}

interface EdgeTimes {
  /** By slot: of the first and the last record in the view, where it does not begin or end with the log. */
  readonly first: ReadonlyMap<number, bigint>
  readonly last: ReadonlyMap<number, bigint>
}

/** The brokers know the times of whole logs only; of a part, its two outer records are read. */
async function edgeTimes(
  source: RecordSource,
  opened: RecordView,
  { start, end }: RecordView,
  asked: readonly number[],
  { fromMs, toMs }: HistogramInput,
): Promise<EdgeTimes> {
  const inside = asked.filter(slot => end.get(slot)! > start.get(slot)!)
  const begins =
    fromMs === null ? inside.filter(slot => start.get(slot)! > opened.start.get(slot)!) : []
  const ends = toMs === null ? inside.filter(slot => end.get(slot)! < opened.end.get(slot)!) : []
  const timesAt = async (wanted: readonly number[], place: (slot: number) => bigint) => {
    const places = new Map(wanted.map(slot => [slot, new Set([place(slot)])]))
    const rows = await readPlaces(source, places)
    return new Map(
      [...rows].flatMap(([slot, found]) =>
        [...found.values()].map(({ timestampMs }) => [slot, timestampMs] as const),
      ),
    )
  }
  const [first, last] = await Promise.all([
    timesAt(begins, slot => start.get(slot)!),
    timesAt(ends, slot => end.get(slot)! - 1n),
  ])
  return { first, last }
}

interface AskedView extends RecordView {
  /** Of the slots, those whose brokers are asked. */
  readonly asked: readonly number[]
}

interface Buckets {
  readonly fromMs: bigint
  readonly bucketMs: bigint
  readonly count: number
}

/** All, or evenly many of them over all topics. */
function sampleOf({ base }: RecordView): number[] {
  const slots = [...base.keys()]
  if (slots.length <= HISTOGRAM_PARTITIONS_MAX) return slots
  const step = slots.length / HISTOGRAM_PARTITIONS_MAX
  return Array.from(
    { length: HISTOGRAM_PARTITIONS_MAX },
    (_, index) => slots[Math.floor(index * step)]!,
  )
}

interface RangeAnswers {
  readonly first: OffsetTable
  readonly newest: OffsetTable
  readonly edges: EdgeTimes
}

/** Whole buckets round the asked range, or round the times of the records. Null where none has one. */
function bucketsOf(
  { asked, slots, start, end }: AskedView,
  { fromMs, toMs, bucketCount }: HistogramInput,
  { first, newest, edges }: RangeAnswers,
): Buckets | null {
  const inside = asked.filter(slot => end.get(slot)! > start.get(slot)!)
  const times = (table: OffsetTable, known: ReadonlyMap<number, bigint>) =>
    inside.flatMap(slot => known.get(slot) ?? timestampIn(table, slots[slot]!) ?? [])
  const [firsts, lasts] = [times(first, edges.first), times(newest, edges.last)]
  if (fromMs === null && firsts.length === 0) return null
  if (toMs === null && lasts.length === 0) return null
  const low = fromMs ?? firsts.reduce(smaller)
  const high = larger(toMs ?? lasts.reduce(larger) + 1n, low + 1n)
  return fittingBuckets(low, high, bucketCount)
}

/** The shortest round length of which at most so many cover the range. */
export function fittingBuckets(fromMs: bigint, toMs: bigint, bucketCount: number): Buckets {
  const lengths = bucketLengths()
  for (;;) {
    const bucketMs = lengths.next().value
    const begin = (fromMs / bucketMs) * bucketMs
    const count = (toMs - begin + bucketMs - 1n) / bucketMs
    if (count <= bucketCount) return { fromMs: begin, bucketMs, count: Number(count) }
  }
}

const SECOND_MS = 1_000n
const MINUTE_MS = 60n * SECOND_MS
const HOUR_MS = 60n * MINUTE_MS
const DAY_MS = 24n * HOUR_MS

/** 1, 2, 5 ms … 500 ms, 1 s … 30 s, 1 min … 30 min, 1 h … 12 h, and then days without end. */
function* bucketLengths(): Generator<bigint, never> {
  for (const power of [1n, 10n, 100n]) for (const each of [1n, 2n, 5n]) yield power * each
  for (const unit of [SECOND_MS, MINUTE_MS])
    for (const each of [1n, 2n, 5n, 10n, 15n, 30n]) yield unit * each
  for (const each of [1n, 2n, 3n, 6n, 12n]) yield HOUR_MS * each
  for (let power = 1n; ; power *= 10n) for (const each of [1n, 2n, 5n]) yield DAY_MS * power * each
}

/** Where each edge lies, by slot; slots that did not answer are missing. */
async function readEdges(
  client: Client,
  { slots, asked, start, end }: AskedView,
  { fromMs, bucketMs, count }: Buckets,
  signal: AbortSignal,
): Promise<readonly Edge[]> {
  const leaders = leadersOf(asked.map(slot => slots[slot]!))
  const edges: Edge[] = []
  for (let from = 0; from <= count; from += EDGES_AT_ONCE) {
    const indexes = Array.from(
      { length: Math.min(EDGES_AT_ONCE, count + 1 - from) },
      (_, index) => from + index,
    )
    const tables = indexes.map(index =>
      listOffsets(client, leaders, fromMs + BigInt(index) * bucketMs),
    )
    for (const table of await unlessAborted(Promise.all(tables), signal)) {
      const offsets = new Map<number, bigint>()
      const problems: PartitionProblem[] = []
      for (const slot of asked) {
        const { topic, partition } = slots[slot]!
        const answer = table.get(topic)?.get(partition)
        const [low, high] = [start.get(slot)!, end.get(slot)!]
        if (answer?.type === 'found') {
          const offset = answer.offset < 0n ? high : answer.offset
          offsets.set(slot, larger(low, smaller(offset, high)))
        } else if (answer !== undefined) problems.push(problemOfSlot(slots[slot]!, answer.problem))
      }
      edges.push({ offsets, problems })
    }
  }
  return edges
}

interface Edge {
  readonly offsets: Offsets
  readonly problems: readonly PartitionProblem[]
}

function timestampIn(table: OffsetTable, { topic, partition }: Slot): bigint | null {
  const answer = table.get(topic)?.get(partition)
  return answer?.type === 'found' && answer.offset >= 0n ? answer.timestampMs : null
}

function summed(
  view: AskedView,
  { fromMs, bucketMs, count }: Buckets,
  edges: readonly Edge[],
  newest: OffsetTable,
): RecordHistogram {
  const { base, start, end, asked } = view
  const whole = asked.filter(slot => edges.every(({ offsets }) => offsets.has(slot)))
  const spanOf = (slots: Iterable<number>) => {
    let span = 0n
    for (const slot of slots) span += larger(end.get(slot)! - start.get(slot)!, 0n)
    return span
  }
  const [span, askedSpan] = [spanOf(base.keys()), spanOf(whole)]
  const scaled = (sum: bigint) => (askedSpan === 0n ? 0n : (sum * span) / askedSpan)
  const between = (low: Offsets, high: Offsets) => {
    let sum = 0n
    for (const slot of whole) sum += larger(high.get(slot)! - low.get(slot)!, 0n)
    return scaled(sum)
  }
  const estimate: RecordHistogram['estimate'][number][] = []
  if (asked.length < base.size) estimate.push('sampled')
  if (whole.some(slot => runsBack(view, slot, newest))) estimate.push('unordered')
  if (whole.length < asked.length) estimate.push('unanswered')
  return {
    fromMs,
    toMs: fromMs + BigInt(count) * bucketMs,
    bucketMs,
    counts: edges.slice(1).map(({ offsets }, index) => between(edges[index]!.offsets, offsets)),
    beforeCount: between(start, edges[0]!.offsets),
    afterCount: between(edges.at(-1)!.offsets, end),
    estimate,
    partitionCount: base.size,
    askedPartitionCount: whole.length,
    problems: [...view.problems, ...problemsOnce(edges)],
  }
}

/** Far more follows the newest record than shares its time. */
function runsBack({ slots, start, end }: AskedView, slot: number, newest: OffsetTable): boolean {
  const { topic, partition } = slots[slot]!
  const answer = newest.get(topic)?.get(partition)
  if (answer?.type !== 'found' || answer.offset < 0n) return false
  const span = end.get(slot)! - start.get(slot)!
  const following = end.get(slot)! - answer.offset
  return following > larger(UNORDERED_OFFSETS_MIN, span / UNORDERED_SHARE)
}

function problemsOnce(edges: readonly Edge[]): PartitionProblem[] {
  const known = new Map<string, PartitionProblem>()
  for (const { problems } of edges)
    for (const each of problems) known.set(`${each.topic}/${each.partition}`, each)
  return [...known.values()]
}

/** No record has a time, or there is none. */
function withoutTimes(
  { base, start, end, problems }: AskedView,
  { fromMs, toMs }: HistogramInput,
): RecordHistogram {
  const begin = fromMs ?? 0n
  return {
    fromMs: begin,
    toMs: larger(toMs ?? begin, begin),
    bucketMs: 1n,
    counts: [],
    beforeCount: 0n,
    afterCount: [...base.keys()].reduce((sum, slot) => sum + end.get(slot)! - start.get(slot)!, 0n),
    estimate: [],
    partitionCount: base.size,
    askedPartitionCount: base.size,
    problems,
  }
}
