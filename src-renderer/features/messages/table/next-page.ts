/** Which page a view asks for next, given what it has and what is on screen. Pure. */
import type { Seek } from '../../../../src-main/contract/api/record.ts'
import type { PositionedCut } from '../../../../src-main/contract/model/record.ts'
import { positionsOnScreen, seesNewest, type Places, type RowsOnScreen } from './row-places.ts'

export const PAGE_ROWS = 300
/** Rows that are read ahead of the screen, on either side. */
export const MARGIN_ROWS = 120n

export interface NextPage {
  readonly from: Seek
  readonly direction: 'forward' | 'backward'
  readonly place: 'anew' | 'before' | 'after'
}

export interface Held {
  /** Where the run of pages at hand begins and ends. */
  readonly before: PositionedCut
  readonly after: PositionedCut
  readonly places: Places
  readonly onScreen: RowsOnScreen
  readonly follows: boolean
  readonly liveEnd: bigint
  /** The rows at hand were drawn for another look. */
  readonly outdated: boolean
}

/** Null when the rows on screen lack nothing. */
export function nextPage(held: Held): NextPage | null {
  const { before, after, places, onScreen, liveEnd } = held
  if (held.follows && after.position < liveEnd) {
    const seesEnd = seesNewest(places, onScreen)
    if (liveEnd - after.position > BigInt(PAGE_ROWS) && seesEnd)
      return { from: { type: 'newest' }, direction: 'backward', place: 'anew' }
    if (seesEnd || after.position >= places.end) return pageAfter(after)
  }
  const [low, high] = positionsOnScreen(places, onScreen)
  if (low >= high) return null
  const far = BigInt(PAGE_ROWS)
  if (held.outdated || high < before.position - far || low > after.position + far) {
    const from = low - MARGIN_ROWS > places.start ? low - MARGIN_ROWS : places.start
    return { from: { type: 'position', position: from }, direction: 'forward', place: 'anew' }
  }
  const needsBefore = low < before.position
  const needsAfter = high > after.position
  const wantsBefore = low - MARGIN_ROWS < before.position && before.position > places.start
  const wantsAfter = high + MARGIN_ROWS > after.position && after.position < places.end
  if (wantsAfter && (needsAfter || !needsBefore)) return pageAfter(after)
  if (!wantsBefore) return null
  return { from: { type: 'cut', cut: before.cut }, direction: 'backward', place: 'before' }
}

function pageAfter({ cut }: PositionedCut): NextPage {
  return { from: { type: 'cut', cut }, direction: 'forward', place: 'after' }
}
