/**
 * The base of every store: a value that changes as a whole, and those who want to know. No React
 * in here; views join through `useStore`.
 */
import { useSyncExternalStore } from 'react'

export interface Readable<T> {
  readonly snapshot: () => T
  readonly subscribe: (listener: () => void) => () => void
}

export class Store<T> implements Readable<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(initial: T) {
    this.#value = initial
  }

  readonly snapshot = (): T => this.#value

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  protected replace(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of this.#listeners) listener()
  }
}

export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.snapshot)
}
