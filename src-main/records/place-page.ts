/** Where a page begins, and where the view that it is of begins and ends. */
import type { Client } from '../../engine/client/client.ts'
import { PAGE_ROWS_MAX, type Seek, type ViewEnd } from '../contract/api/record.ts'
import { clamp, larger, positionOf, smaller, type Offsets } from './cut.ts'
import { readBackward } from './read-backward.ts'
import { ReadBudget } from './read-budget.ts'
import { readForward } from './read-forward.ts'
import type { RecordSource } from './record-source.ts'
import type { RecordView } from './record-view.ts'
import { seekPosition } from './seek-position.ts'
import { endInView, offsetsAtTime, seekInView, timeRange } from './view-places.ts'

export interface WantedPlace {
  readonly from: Seek
  readonly until?: ViewEnd | undefined
  readonly direction: 'forward' | 'backward'
  /** Whether a view begins where its first page does, if read forward. */
  readonly bounded: boolean
}

export interface PlacedPage {
  /** Up to its end, and from its base on where that was moved. */
  readonly view: RecordView
  readonly cut: Offsets
  readonly until: Offsets | null
}

export interface Reading {
  readonly client: Client
  readonly signal: AbortSignal
}

export async function placePage(
  source: RecordSource,
  opened: RecordView,
  { from, until = { type: 'none' }, direction, bounded }: WantedPlace,
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
  const begins = bounded && direction === 'forward'
  return { view: begins ? within(view, cut, view.end) : view, cut, until: end }
}

/** The view that ends there. */
export function upTo(view: RecordView, until: Offsets): RecordView {
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
  {
    direction,
    count,
  }: Pick<WantedPlace, 'direction'> & Extract<ViewEnd, { readonly type: 'count' }>,
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
