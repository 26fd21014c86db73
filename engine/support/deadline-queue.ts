/**
 * Deadlines by key, soonest first: what a machine with thousands of timers asks the one timer for.
 *
 * An indexed binary heap: setting, moving and cancelling cost O(log n), the next deadline O(1). It
 * knows no clock; its owner passes the time in. Equal deadlines come out in the order they were set.
 */
import { assert } from './assert.ts'

interface Entry<V> {
  readonly key: string
  deadlineMs: number
  /** Order of setting: breaks ties, and tells what was set after a mark. */
  sequence: number
  value: V
  index: number
}

export class DeadlineQueue<V> {
  readonly #entries = new Map<string, Entry<V>>()
  readonly #heap: Entry<V>[] = []
  #sequence = 0

  get size(): number {
    return this.#heap.length
  }

  /** Sets the key's deadline, in place of the one it had. */
  set(key: string, deadlineMs: number, value: V): void {
    assert(Number.isFinite(deadlineMs), `the deadline of ${key} is a number`)
    const known = this.#entries.get(key)
    const sequence = ++this.#sequence
    if (known !== undefined) {
      known.deadlineMs = deadlineMs
      known.sequence = sequence
      known.value = value
      this.#settle(known)
      return
    }
    const entry = { key, deadlineMs, sequence, value, index: this.#heap.length }
    this.#entries.set(key, entry)
    this.#heap.push(entry)
    this.#rise(entry)
  }

  /** Forgets the key's deadline; absence is no error. */
  cancel(key: string): boolean {
    const entry = this.#entries.get(key)
    if (entry === undefined) return false
    this.#remove(entry)
    return true
  }

  deadlineMs(key: string): number | null {
    return this.#entries.get(key)?.deadlineMs ?? null
  }

  nextDeadlineMs(): number | null {
    return this.#heap[0]?.deadlineMs ?? null
  }

  /** What `take` may be bounded by, so that deadlines set while taking wait for the next round. */
  mark(): number {
    return this.#sequence
  }

  /** Removes and returns the soonest value that is due and was set up to the mark, or null. */
  take(nowMs: number, mark: number = Infinity): V | null {
    const first = this.#heap[0]
    if (first === undefined || first.deadlineMs > nowMs || first.sequence > mark) return null
    this.#remove(first)
    return first.value
  }

  #remove(entry: Entry<V>): void {
    this.#entries.delete(entry.key)
    const last = this.#heap.pop()!
    if (last === entry) return
    this.#heap[entry.index] = last
    last.index = entry.index
    this.#settle(last)
  }

  #settle(entry: Entry<V>): void {
    this.#rise(entry)
    this.#sink(entry)
  }

  #rise(entry: Entry<V>): void {
    while (entry.index > 0) {
      const parent = this.#heap[(entry.index - 1) >> 1]!
      if (!before(entry, parent)) return
      this.#swap(entry, parent)
    }
  }

  #sink(entry: Entry<V>): void {
    for (;;) {
      const left = this.#heap[entry.index * 2 + 1]
      if (left === undefined) return
      const right = this.#heap[entry.index * 2 + 2]
      const soonest = right !== undefined && before(right, left) ? right : left
      if (!before(soonest, entry)) return
      this.#swap(soonest, entry)
    }
  }

  #swap(a: Entry<V>, b: Entry<V>): void {
    const { index } = a
    this.#heap[b.index] = a
    this.#heap[index] = b
    a.index = b.index
    b.index = index
  }
}

function before(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.deadlineMs < b.deadlineMs || (a.deadlineMs === b.deadlineMs && a.sequence < b.sequence)
}
