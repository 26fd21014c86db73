/**
 * Virtual time: a queue of events in the order of their times, and for equal times in the order in
 * which they were asked for. After each event all promises that it settled are followed to their
 * end, before the next one runs.
 */
import { hash } from './seeded-random.ts'

/** So that the process is not deaf for long. */
const EVENTS_PER_TURN = 1_000

/**
 * Follows all promises to their end, from outside of a promise. The documented way is a turn of the
 * event loop, which took a tenth of each world's time.
 */
const { _tickCallback: settle } = process as unknown as {
  readonly _tickCallback: (this: void) => void
}

interface Event {
  readonly atMs: number
  readonly order: number
  readonly label: string
  run: (() => void) | null
}

export class SimulatedClock {
  #nowMs: number
  #order = 0
  #trace = 0x811c_9dc5
  eventCount = 0
  readonly #heap: Event[] = []
  /** Called with what an event threw. */
  onError: (error: unknown) => void = error => {
    throw error
  }
  /** Called after each event, when the engine has come to rest. */
  onRest: () => void = () => {}

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  /** With fractions: the network is faster than a millisecond. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** A number over everything that happened so far, in its order. */
  get traceHash(): string {
    return this.#trace.toString(16).padStart(8, '0')
  }

  note(what: string): void {
    this.#trace = hash(what, this.#trace)
  }

  /** Runs once at or after `atMs`, never within this call. */
  schedule(atMs: number, label: string, run: () => void): () => void {
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, label, run }
    this.#push(event)
    return () => {
      event.run = null
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise(resolve => this.schedule(this.#nowMs + ms, 'sleep', resolve))
  }

  /** Runs events until `condition` holds or the time is up; says whether it holds. */
  runUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const goOn = () => {
        try {
          const holds = this.#runSome(condition, limitMs)
          if (holds === null) setImmediate(goOn)
          else resolve(holds)
        } catch (error) {
          // Of a condition, or of who looks at rest: the caller's matter.
          reject(error)
        }
      }
      setImmediate(goOn)
    })
  }

  /** Null where there is more to run, after a turn of the event loop. */
  #runSome(condition: () => boolean, limitMs: number): boolean | null {
    for (let left = EVENTS_PER_TURN; left > 0; left--) {
      if (condition()) return true
      if (!this.#runNext(limitMs)) {
        this.#nowMs = Math.max(this.#nowMs, limitMs)
        return condition()
      }
    }
    return null
  }

  /** False where nothing is to be run by then. */
  #runNext(limitMs: number): boolean {
    let next = this.#heap[0]
    while (next !== undefined && next.run === null) {
      this.#pop()
      next = this.#heap[0]
    }
    if (next === undefined || next.atMs > limitMs) return false
    this.#pop()
    this.#nowMs = next.atMs
    this.eventCount++
    this.note(`${next.atMs.toFixed(3)} ${next.label}`)
    try {
      next.run!()
    } catch (error) {
      // Whatever the engine throws out of a callback would have ended its process.
      this.onError(error)
    }
    settle()
    this.onRest()
    return true
  }

  async runFor(ms: number): Promise<void> {
    await this.runUntil(() => false, this.#nowMs + ms)
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(event, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = event
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
