/** The cursor: at once on the screen, a moment later in the address, and back again from there. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { readPlace, type MessagesSearch } from '../query/address.ts'

/** The address follows the cursor, but not every step of a held arrow key. */
const ADDRESS_DELAY_MS = 120

export interface Cursor {
  /** The key of a row; `#7` while that row is not loaded. */
  readonly active: string | null
  readonly select: (key: string | null) => void
}

export function useCursor(
  at: string | undefined,
  change: (next: Partial<MessagesSearch>, replace: boolean) => void,
): Cursor {
  const [active, setActive] = useState<string | null>(at ?? null)
  const written = useRef(at)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  // Back, forward, or a link put another record into the address.
  useEffect(() => {
    if (at === written.current) return
    written.current = at
    setActive(at ?? null)
  }, [at])

  const select = useCallback(
    (key: string | null) => {
      setActive(key)
      clearTimeout(timer.current)
      // A row that is not loaded has no name yet; it is written once it has.
      if (key !== null && readPlace(key) === null) return
      timer.current = setTimeout(() => {
        const next = key ?? undefined
        written.current = next
        change({ at: next }, true)
      }, ADDRESS_DELAY_MS)
    },
    [change],
  )
  useEffect(() => () => clearTimeout(timer.current), [])
  return { active, select }
}
