import { useInsertionEffect, useRef, type RefObject } from 'react'

/** The value of the latest drawing, for callbacks that are set up once and run later. */
export function useLatest<T>(value: T): Readonly<RefObject<T>> {
  const latest = useRef(value)
  useInsertionEffect(() => {
    latest.current = value
  })
  return latest
}
