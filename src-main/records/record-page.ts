/** `record.page` and `record.seek`: a window of a view, and a place in it. */
import type { Client } from '../../engine/client/client.ts'
import { PAGE_ROWS_MAX, type ViewEnd } from '../contract/api/record.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { InputOf } from '../contract/define.ts'
import type { PositionedCut, RecordPage, RecordRow } from '../contract/model/record.ts'
import { clusterSource } from './cluster-source.ts'
import { clamp, larger, positionOf, smaller, type Offsets } from './cut.ts'
import { readBackward } from './read-backward.ts'
import { ReadBudget } from './read-budget.ts'
import { readForward, type ReadRows } from './read-forward.ts'
import type { PlacedRow, RecordSource } from './record-source.ts'
import { openView, type RecordView } from './record-view.ts'
import { seekPosition } from './seek-position.ts'
import { showOptions } from './show-options.ts'
import { cutOf, positioned, problemOfSlot, type Slot } from './slot.ts'
import { endInView, offsetsAtTime, seekInView, timeRange } from './view-places.ts'

type PageInput = InputOf<ApplicationApi, 'record.page'>

interface Reading {
  readonly client: Client
  readonly signal: AbortSignal
}

export async function readRecordPage(
  client: Client,
  input: PageInput,
  { nowMs, signal }: { readonly nowMs: () => number; readonly signal: AbortSignal },
): Promise<RecordPage> {
  const startedMs = nowMs()
  const reading = { client, signal }
  const show = showOptions(input)
  const opened = await openView(client, input, signal)
  const { slots, isolation } = opened
  const source = clusterSource({ client, slots, isolation, signal }, show)
  const { view, cut, until } = await placePage(source, opened, input, reading)
  const budget = new ReadBudget()
  const page = await readRows(source, input, view, cut, budget)
  const { base } = view
  return {
    base: cutOf(base, slots),
    before: positioned(page.before, base, slots),
    after: positioned(page.after, base, slots),
    until: until === null ? null : positioned(until, base, slots),
    end: positioned(opened.end, base, slots),
    logStart: positioned(opened.start, base, slots),
    rows: shownRows(page.rows, slots),
    problems: [
      ...opened.problems,
      ...page.problems.map(({ slot, problem }) => problemOfSlot(slots[slot]!, problem)),
    ],
    elapsedMs: nowMs() - startedMs,
    bytesRead: budget.readBytes,
  }
}

export function shownRows(rows: readonly PlacedRow[], slots: readonly Slot[]): RecordRow[] {
  return rows.map(({ slot, offset, position, timestampMs, show }) => {
    const { topic, partition } = slots[slot]!
    return { topic, partition, offset, position, timestampMs, ...show() }
  })
}

interface PlacedPage {
  /** Up to its end, and from its base on where that was moved. */
  readonly view: RecordView
  readonly cut: Offsets
  readonly until: Offsets | null
}

/** Where the page begins, and the view ends. */
async function placePage(
  source: RecordSource,
  opened: RecordView,
  { from, until = { type: 'none' }, direction, base, bounded = false }: PageInput,
  reading: Reading,
): Promise<PlacedPage> {
  const { client, signal } = reading
  if (until.type === 'count') {
    const cut = await seekInView(client, opened, from, signal)
    const far = await countedFrom(source, opened, cut, { direction, ...until }, reading)
    if (direction === 'backward') return { view: within(opened, far, cut), cut, until: cut }
    const view = bounded ? within(opened, cut, far) : { ...opened, end: far }
    return { view, cut, until: far }
  }
  const end = await endInView(client, opened, until, signal)
  const view = end === null ? opened : upTo(opened, end)
  const cut = await seekInView(client, view, from, signal)
  const begins = bounded && base === null && direction === 'forward'
  return { view: begins ? within(view, cut, view.end) : view, cut, until: end }
}

function upTo(view: RecordView, until: Offsets): RecordView {
  const end = new Map(
    [...view.end].map(([slot, offset]) => [
      slot,
      larger(smaller(until.get(slot) ?? offset, offset), view.start.get(slot) ?? 0n),
    ]),
  )
  return { ...view, end }
}

/** The view that begins and ends there. */
function within(view: RecordView, base: Offsets, end: Offsets): RecordView {
  return { ...view, base, start: base, end }
}

/** The cut that is so many offsets away. */
async function countedFrom(
  source: RecordSource,
  view: RecordView,
  cut: Offsets,
  { direction, count }: Pick<PageInput, 'direction'> & Extract<ViewEnd, { type: 'count' }>,
  { client, signal }: Reading,
): Promise<Offsets> {
  const { base, start, end } = view
  // A short way is walked; nothing of it is decoded.
  if (count <= PAGE_ROWS_MAX) {
    const window = { base, cut: clamp(cut, start, end), limit: count }
    return direction === 'forward'
      ? (await readForward(source, { ...window, bound: end }, new ReadBudget())).after
      : (await readBackward(source, { ...window, bound: start }, new ReadBudget())).before
  }
  const at = positionOf(cut, base)
  const target = direction === 'forward' ? at + BigInt(count) : at - BigInt(count)
  const [low, high] = direction === 'forward' ? [cut, end] : [start, cut]
  const bounds = { base, start: low, end: high }
  return seekPosition(target, bounds, {
    range: () => timeRange(client, view, signal),
    offsetsAt: async timestampMs =>
      clamp(await offsetsAtTime(client, view, timestampMs, signal), low, high),
  })
}

async function readRows(
  source: RecordSource,
  { direction, limit }: PageInput,
  { base, start, end }: RecordView,
  cut: Offsets,
  budget: ReadBudget,
): Promise<ReadRows> {
  // What retention took since the view was opened cannot be read, and still has its positions.
  const readable = clamp(cut, start, end)
  if (direction === 'forward') {
    const page = await readForward(source, { base, cut: readable, bound: end, limit }, budget)
    return { ...page, before: cut }
  }
  const page = await readBackward(source, { base, cut: readable, bound: start, limit }, budget)
  const before = new Map(
    [...page.before].map(([slot, offset]) => {
      const atStart = offset <= start.get(slot)!
      return [slot, atStart ? base.get(slot)! : offset]
    }),
  )
  return { ...page, before, after: cut }
}

export async function seekRecord(
  client: Client,
  input: InputOf<ApplicationApi, 'record.seek'>,
  signal: AbortSignal,
): Promise<PositionedCut> {
  const opened = await openView(client, input, signal)
  const { until = { type: 'none' } } = input
  const end = until.type === 'count' ? null : await endInView(client, opened, until, signal)
  const view = end === null ? opened : upTo(opened, end)
  return positioned(await seekInView(client, view, input.to, signal), view.base, view.slots)
}
