/**
 * Where a table stands when it has more rows than a browser's element can be high.
 *
 * Chrome clamps an element at about 33.5 million pixels, Firefox at 17.8. Up to
 * `PHYSICAL_HEIGHT_MAX_PX` the scroll bar and the table agree to the pixel. Beyond it the scroll bar is a scale
 * model: dragging it moves proportionally, while wheel, keys and "show this row" move the true
 * position by true pixels and only put the bar where it belongs. Pure arithmetic, no elements.
 */

export const PHYSICAL_HEIGHT_MAX_PX = 15_000_000

export interface Extent {
  readonly rowCount: number
  readonly rowHeight: number
  readonly viewportHeight: number
}

/** `virtualTop` is the truth, in pixels of the whole table; `physicalTop` is the scroll bar's. */
export interface ScrollPosition {
  readonly virtualTop: number
  readonly physicalTop: number
}

export interface RowWindow {
  /** First and one past last row to draw. */
  readonly first: number
  readonly end: number
  /** Where the first row's top is, relative to the top of the visible part. */
  readonly firstTop: number
}

export const AT_START: ScrollPosition = { virtualTop: 0, physicalTop: 0 }

export function physicalHeight(extent: Extent): number {
  return Math.min(virtualHeight(extent), PHYSICAL_HEIGHT_MAX_PX)
}

export function isScaled(extent: Extent): boolean {
  return virtualHeight(extent) > PHYSICAL_HEIGHT_MAX_PX
}

/** The scroll bar was moved to `physicalTop`, by hand or by the browser. */
export function scrollToPhysical(
  before: ScrollPosition,
  physicalTop: number,
  extent: Extent,
): ScrollPosition {
  // Our own placing of the bar comes back as an event, rounded to the screen's pixels.
  if (isScaled(extent) && Math.abs(physicalTop - before.physicalTop) < 1) return before
  const range = physicalRange(extent)
  if (range === 0) return AT_START
  const share = clamp(physicalTop / range, 0, 1)
  return { virtualTop: share * virtualRange(extent), physicalTop }
}

/** Moves the table by true pixels, whatever the scale of the bar. */
export function scrollBy(before: ScrollPosition, deltaPx: number, extent: Extent): ScrollPosition {
  return placed(before.virtualTop + deltaPx, extent)
}

/** Moves as little as needed for a row to be wholly visible. */
export function scrollToRow(before: ScrollPosition, row: number, extent: Extent): ScrollPosition {
  const top = row * extent.rowHeight
  const bottom = top + extent.rowHeight
  if (top < before.virtualTop) return placed(top, extent)
  if (bottom > before.virtualTop + extent.viewportHeight)
    return placed(bottom - extent.viewportHeight, extent)
  return placed(before.virtualTop, extent)
}

/** Puts a row at the top, or as near to it as the end of the table allows. */
export function scrollRowToTop(row: number, extent: Extent): ScrollPosition {
  return placed(row * extent.rowHeight, extent)
}

/** Keeps the position legal after rows came, went, or the window changed its size. */
export function settle(before: ScrollPosition, extent: Extent): ScrollPosition {
  return placed(before.virtualTop, extent)
}

/** The rows to draw, with `overscan` more on either side. */
export function windowAt(position: ScrollPosition, extent: Extent, overscan: number): RowWindow {
  const visibleFirst = Math.floor(position.virtualTop / extent.rowHeight)
  const visibleEnd = Math.ceil((position.virtualTop + extent.viewportHeight) / extent.rowHeight)
  const first = clamp(visibleFirst - overscan, 0, extent.rowCount)
  const end = clamp(visibleEnd + overscan, first, extent.rowCount)
  return { first, end, firstTop: first * extent.rowHeight - position.virtualTop }
}

function placed(wantedTop: number, extent: Extent): ScrollPosition {
  const range = virtualRange(extent)
  const virtualTop = clamp(wantedTop, 0, range)
  if (!isScaled(extent)) return { virtualTop, physicalTop: virtualTop }
  return { virtualTop, physicalTop: (virtualTop / range) * physicalRange(extent) }
}

function virtualHeight(extent: Extent): number {
  return extent.rowCount * extent.rowHeight
}

function virtualRange(extent: Extent): number {
  return Math.max(0, virtualHeight(extent) - extent.viewportHeight)
}

function physicalRange(extent: Extent): number {
  return Math.max(0, physicalHeight(extent) - extent.viewportHeight)
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
