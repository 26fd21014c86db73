/** Whether there is too little room for every column: beside a panel on a small screen. */
import { useLayoutEffect, useState, type RefObject } from 'react'

const NARROW_PX = 760

export function useNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false)
  useLayoutEffect(() => {
    const watched = element.current
    if (watched === null) return undefined
    const observer = new ResizeObserver(() => setNarrow(watched.clientWidth < NARROW_PX))
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return narrow
}
