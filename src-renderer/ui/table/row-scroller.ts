/**
 * Joins the arithmetic of `scaled-scroll.ts` to an element: its scroll bar, its wheel, its height.
 * The position is told to whoever draws the rows, before the browser paints.
 */
import { useLayoutEffect, useState, type RefObject } from 'react'
import { Store, useStore } from '../store.ts'
import {
  AT_START,
  isScaled,
  scrollBy,
  scrollRowToTop,
  scrollToPhysical,
  scrollToRow,
  settle,
  type Extent,
  type ScrollPosition,
} from './scaled-scroll.ts'

const WHEEL_LINE_PX = 28

interface ScrollState {
  readonly position: ScrollPosition
  readonly extent: Extent
}

export class RowScroller extends Store<ScrollState> {
  readonly #headerHeight: number
  #element: HTMLElement | null = null
  /** Where we last saw or put the bar; anything else is the reader's doing. */
  #barTop = 0

  constructor(rowHeight: number, headerHeight: number) {
    super({ position: AT_START, extent: { rowCount: 0, rowHeight, viewportHeight: 0 } })
    this.#headerHeight = headerHeight
  }

  /** Returns what lets go of the element. */
  attach(element: HTMLElement): () => void {
    this.#element = element
    const measure = () =>
      this.#reach({ viewportHeight: Math.max(0, element.clientHeight - this.#headerHeight) })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    element.addEventListener('scroll', this.#onScroll, { passive: true })
    element.addEventListener('wheel', this.#onWheel, { passive: false })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', this.#onScroll)
      element.removeEventListener('wheel', this.#onWheel)
      this.#element = null
    }
  }

  setRowCount(rowCount: number): void {
    this.#reach({ rowCount })
  }

  readonly showRow = (row: number, align?: 'start'): void => {
    const { position, extent } = this.snapshot()
    this.#place(
      align === 'start' ? scrollRowToTop(row, extent) : scrollToRow(position, row, extent),
    )
  }

  /** With another height or count the bar's scale is another, and the same rows belong elsewhere. */
  #reach(change: Partial<Extent>): void {
    const { position, extent } = this.snapshot()
    const next = { ...extent, ...change }
    if (next.rowCount === extent.rowCount && next.viewportHeight === extent.viewportHeight) return
    const settled = settle(position, next)
    this.replace({ position: settled, extent: next })
    const movedByHand = Math.abs((this.#element?.scrollTop ?? 0) - this.#barTop) >= 1
    if (isScaled(next) && !movedByHand) this.#place(settled)
  }

  #place(position: ScrollPosition): void {
    this.replace({ ...this.snapshot(), position })
    const element = this.#element
    if (element === null) return
    if (Math.abs(element.scrollTop - position.physicalTop) >= 1)
      element.scrollTop = position.physicalTop
    this.#barTop = element.scrollTop
  }

  readonly #onScroll = (): void => {
    const { position, extent } = this.snapshot()
    this.#barTop = this.#element?.scrollTop ?? 0
    const next = scrollToPhysical(position, this.#barTop, extent)
    if (next !== position) this.replace({ position: next, extent })
  }

  readonly #onWheel = (event: WheelEvent): void => {
    const { position, extent } = this.snapshot()
    if (!isScaled(extent) || event.ctrlKey || event.shiftKey || event.deltaY === 0) return
    event.preventDefault()
    const unit =
      event.deltaMode === 1 ? WHEEL_LINE_PX : event.deltaMode === 2 ? extent.viewportHeight : 1
    this.#place(scrollBy(position, event.deltaY * unit, extent))
  }
}

interface Scrolling extends ScrollState {
  readonly showRow: RowScroller['showRow']
}

export function useRowScroller(
  scroller: RefObject<HTMLElement | null>,
  rowCount: number,
  rowHeight: number,
  headerHeight: number,
): Scrolling {
  const [rows] = useState(() => new RowScroller(rowHeight, headerHeight))
  const { position, extent } = useStore(rows)
  useLayoutEffect(
    () => (scroller.current === null ? undefined : rows.attach(scroller.current)),
    [scroller, rows],
  )
  useLayoutEffect(() => rows.setRowCount(rowCount), [rows, rowCount])
  // What is drawn now already has the new count, though the store hears of it a moment later.
  const drawn = extent.rowCount === rowCount ? extent : { ...extent, rowCount }
  return { position: settle(position, drawn), extent: drawn, showRow: rows.showRow }
}
