/** Joins the arithmetic of `scaled-scroll.ts` to an element, its scroll bar and its wheel. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
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

export interface ScaledScroll {
  readonly position: ScrollPosition
  readonly extent: Extent
  showRow(row: number, align?: 'start'): void
  moveBy(deltaPx: number): void
}

export function useScaledScroll(
  scroller: RefObject<HTMLDivElement | null>,
  rowCount: number,
  rowHeight: number,
  headerHeight: number,
): ScaledScroll {
  const [viewportHeight, setViewportHeight] = useState(0)
  const [position, setPosition] = useState(AT_START)
  const extent: Extent = { rowCount, rowHeight, viewportHeight }
  const latest = useRef({ position, extent })
  latest.current = { position: settle(position, extent), extent }
  /** Where the bar stood when this was last drawn. */
  const drawnTop = useRef(0)

  const place = useCallback(
    (next: ScrollPosition) => {
      latest.current = { ...latest.current, position: next }
      setPosition(next)
      const element = scroller.current
      if (element === null) return
      if (Math.abs(element.scrollTop - next.physicalTop) >= 1) element.scrollTop = next.physicalTop
      drawnTop.current = element.scrollTop
    },
    [scroller],
  )

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = () => setViewportHeight(Math.max(0, element.clientHeight - headerHeight))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, headerHeight])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const onScroll = () => {
      const { position, extent } = latest.current
      const next = scrollToPhysical(position, element.scrollTop, extent)
      if (next === position) return
      latest.current = { ...latest.current, position: next }
      setPosition(next)
    }
    const onWheel = (event: WheelEvent) => {
      const { position, extent } = latest.current
      if (!isScaled(extent) || event.ctrlKey || event.deltaY === 0 || event.shiftKey) return
      event.preventDefault()
      const unit =
        event.deltaMode === 1 ? WHEEL_LINE_PX : event.deltaMode === 2 ? extent.viewportHeight : 1
      place(scrollBy(position, event.deltaY * unit, extent))
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      element.removeEventListener('scroll', onScroll)
      element.removeEventListener('wheel', onWheel)
    }
  }, [scroller, place])

  // With another height or count the bar's scale is another, and the same rows belong elsewhere on it.
  useLayoutEffect(() => {
    const element = scroller.current
    const { position, extent } = latest.current
    if (element === null || !isScaled(extent)) return
    const movedByHand = Math.abs(element.scrollTop - drawnTop.current) >= 1
    if (!movedByHand) place(position)
  }, [scroller, place, rowCount, viewportHeight])
  useLayoutEffect(() => {
    drawnTop.current = scroller.current?.scrollTop ?? 0
  })

  const showRow = useCallback(
    (row: number, align?: 'start') => {
      const { position, extent } = latest.current
      place(align === 'start' ? scrollRowToTop(row, extent) : scrollToRow(position, row, extent))
    },
    [place],
  )
  const moveBy = useCallback(
    (deltaPx: number) => place(scrollBy(latest.current.position, deltaPx, latest.current.extent)),
    [place],
  )
  return { position: latest.current.position, extent, showRow, moveBy }
}
