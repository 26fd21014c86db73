/**
 * The keys with the largest amounts, in bounded memory (Space-Saving, Metwally et al., 2005): an
 * amount is never below the truth, and at most `over` above it. Every key with more than its share
 * of the whole, one part in `CAPACITY`, is among them.
 */

const CAPACITY = 1_000

export interface HeavyKey {
  readonly name: string
  readonly partition: number
  readonly amount: number
  readonly over: number
}

/** A sketch as plain data, for the way between threads. */
export interface HeavyState {
  readonly keys: readonly HeavyKey[]
  /** What a key that is not among them may have at most. */
  readonly floor: number
}

/** The largest of several sketches of different records, the largest first. */
export function largestOf(states: readonly HeavyState[], count: number): readonly HeavyKey[] {
  const merged = new Map<string, HeavyKey>()
  for (const key of states.flatMap(({ keys }) => keys)) {
    if (merged.has(key.name)) continue
    let amount = 0
    let over = 0
    for (const { keys, floor } of states) {
      const here = states.length === 1 ? key : keys.find(({ name }) => name === key.name)
      amount += here?.amount ?? floor
      over += here?.over ?? floor
    }
    merged.set(key.name, { ...key, amount, over })
  }
  return [...merged.values()].sort((a, b) => b.amount - a.amount).slice(0, count)
}

interface Counter {
  name: string
  partition: number
  amount: number
  over: number
  /** Its place in the heap. */
  place: number
}

export class HeavySketch {
  readonly #counters = new Map<string, Counter>()
  /** The smallest amount first. */
  readonly #heap: Counter[] = []

  add(name: string, partition: number, amount: number): void {
    const known = this.#counters.get(name)
    if (known !== undefined) {
      known.amount += amount
      this.#sink(known.place)
      return
    }
    if (this.#heap.length < CAPACITY) {
      const counter = { name, partition, amount, over: 0, place: this.#heap.length }
      this.#counters.set(name, counter)
      this.#heap.push(counter)
      this.#rise(counter.place)
      return
    }
    // The smallest gives its counter away, and with it what it may have counted of this key.
    const smallest = this.#heap[0]!
    this.#counters.delete(smallest.name)
    this.#counters.set(name, smallest)
    smallest.name = name
    smallest.partition = partition
    smallest.over = smallest.amount
    smallest.amount += amount
    this.#sink(0)
  }

  state(): HeavyState {
    const full = this.#heap.length === CAPACITY
    return {
      keys: this.#heap.map(({ name, partition, amount, over }) => ({
        name,
        partition,
        amount,
        over,
      })),
      floor: full ? this.#heap[0]!.amount : 0,
    }
  }

  #sink(from: number): void {
    let place = from
    for (;;) {
      const left = 2 * place + 1
      if (left >= this.#heap.length) return
      const right = left + 1
      const smaller =
        right < this.#heap.length && this.#heap[right]!.amount < this.#heap[left]!.amount
          ? right
          : left
      if (this.#heap[place]!.amount <= this.#heap[smaller]!.amount) return
      this.#swap(place, smaller)
      place = smaller
    }
  }

  #rise(from: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (this.#heap[parent]!.amount <= this.#heap[place]!.amount) return
      this.#swap(place, parent)
      place = parent
    }
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a]!, this.#heap[b]!]
    this.#heap[a] = other
    this.#heap[b] = one
    other.place = a
    one.place = b
  }
}
