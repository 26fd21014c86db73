/** `record.page` and `record.seek`: a window of a view, and a place in it. */
import type { Client } from '../../engine/client/client.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { InputOf } from '../contract/define.ts'
import type { PositionedCut, RecordPage, RecordRow } from '../contract/model/record.ts'
import { clusterSource } from './cluster-source.ts'
import { clamp, type Offsets } from './cut.ts'
import { holdAbsent } from './hold-absent.ts'
import { placePage, upTo } from './place-page.ts'
import { readBackward } from './read-backward.ts'
import { ReadBudget } from './read-budget.ts'
import { readForward, type ReadRows } from './read-forward.ts'
import type { PlacedRow, RecordSource } from './record-source.ts'
import { openView, type RecordView } from './record-view.ts'
import { showOptions } from './show-options.ts'
import { cutOf, positioned, problemOfSlot, type Slot } from './slot.ts'
import { endInView, seekInView } from './view-places.ts'

type PageInput = InputOf<ApplicationApi, 'record.page'>

export async function readRecordPage(
  client: Client,
  input: PageInput,
  { nowMs, signal }: { readonly nowMs: () => number; readonly signal: AbortSignal },
): Promise<RecordPage> {
  const startedMs = nowMs()
  const show = showOptions(input)
  const opened = await openView(client, input, signal)
  const { slots, isolation } = opened
  const source = clusterSource({ client, slots, isolation, signal }, show)
  const wanted = { ...input, bounded: input.bounded === true && input.base === null }
  const there = holdAbsent(opened, input)
  const { view, cut, until } = await placePage(source, there, wanted, { client, signal })
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

async function readRows(
  source: RecordSource,
  { direction, limit }: PageInput,
  { base, start, end, absent }: RecordView,
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
      const atStart = offset <= start.get(slot)! && !absent.has(slot)
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
