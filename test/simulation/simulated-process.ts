/**
 * What the operating system gives one process: a clock, a network, a disk. Killing it stops all of
 * them in the middle: no timer rings, no byte arrives, nothing is written any more. Pausing it, as
 * SIGSTOP does, only puts off what it would do; the system goes on taking bytes and connections.
 */
import type { Clock } from '../../engine/ports/clock.ts'
import type { Logger } from '../../engine/ports/logger.ts'
import type { MemoryDisk } from './memory-disk.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/** As node:timers: longer delays do not fit. */
const DELAY_MAX_MS = 2_147_483_647

/** Between two looks at the clock, where the process is slow: mostly less than a slice of work. */
const WORK_MS_MAX = 8

/** Now and then, one flush holds up what many others would fit into. */
const DEVICE_MS_MAX = 40

export class SimulatedProcess {
  /** Of the role: a restarted broker has the name of the one before it. */
  readonly name: string
  readonly disk: MemoryDisk
  readonly random: SeededRandom
  readonly clock: Clock
  readonly logger: Logger
  readonly #time: SimulatedClock
  readonly #driftMs: number
  readonly #wallMs: () => number
  readonly #lateMs: number
  readonly #timers = new Set<() => void>()
  #killed = false
  /** What it has to do when it goes on; null while it is not paused. */
  #putOff: (() => void)[] | null = null

  constructor(options: {
    readonly name: string
    readonly time: SimulatedClock
    readonly disk: MemoryDisk
    readonly random: SeededRandom
    /** How far its clock is off. */
    readonly driftMs?: number
    /** By how much the wall clock has been set wrong since it was right. */
    readonly wallMs?: () => number
    /** How late timers ring at most. */
    readonly lateMs?: number
    /** Its work takes time, as far as it looks: none passes for anybody else. */
    readonly isSlow?: boolean
    readonly log: (line: string) => void
  }) {
    this.name = options.name
    this.disk = options.disk
    this.random = options.random
    this.#time = options.time
    // A process takes the wall clock as it is when it begins; what is set later is a jump to it.
    const beganMs = options.wallMs?.() ?? 0
    this.#driftMs = (options.driftMs ?? 0) + beganMs
    this.#wallMs = () => (options.wallMs?.() ?? 0) - beganMs
    this.#lateMs = options.lateMs ?? 0
    const pace = options.isSlow === true ? options.random.stream('pace') : null
    let workedMs = 0
    this.clock = {
      nowMs: () => this.#nowMs(),
      timestampOf: nowMs => nowMs + this.#wallMs(),
      monotonicMs: () => this.#nowMs() + (workedMs += pace?.integer(WORK_MS_MAX) ?? 0),
      at: (atMs, run) => this.#at(atMs, run),
      soon: run => this.#at(this.#nowMs(), run),
    }
    options.disk.deviceWork = () => {
      const workMs = this.#lateMs === 0 ? 0 : this.random.integer(DEVICE_MS_MAX)
      return new Promise(resolve => this.#at(this.#nowMs() + workMs, resolve))
    }
    const say = (message: string) => {
      if (this.alive) options.log(`${this.name}: ${message}`)
    }
    this.logger = { info: say, warn: say, error: message => say(`ERROR ${message}`) }
  }

  /** False from the very byte on at which a write was torn. */
  get alive(): boolean {
    return !this.#killed && this.disk.bytesUntilCut >= 0
  }

  get timerCount(): number {
    return this.#timers.size
  }

  get isPaused(): boolean {
    return this.#putOff !== null
  }

  pause(): void {
    this.#putOff ??= []
  }

  /** Everything that came in the meantime is found at once, in its order. */
  resume(): void {
    const waiting = this.#putOff ?? []
    this.#putOff = null
    for (const run of waiting) this.schedule(this.#time.nowMs, 'goes on with', run)
  }

  /** Runs now, or when the process goes on. */
  whenAwake(run: () => void): void {
    if (!this.alive) return
    if (this.#putOff !== null) this.#putOff.push(run)
    else run()
  }

  kill(): void {
    this.#killed = true
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    this.#putOff = null
  }

  /** Runs in this process, or not at all when it is gone by then. */
  schedule(atMs: number, label: string, run: () => void): () => void {
    let isCancelled = false
    const goOn = () => {
      if (!this.alive || isCancelled) return
      this.disk.nowMs = this.#nowMs() + this.#wallMs()
      run()
    }
    const cancelEvent = this.#time.schedule(atMs, `${this.name} ${label}`, () =>
      this.whenAwake(goOn),
    )
    return () => {
      isCancelled = true
      cancelEvent()
    }
  }

  #nowMs(): number {
    return Math.floor(this.#time.nowMs + this.#driftMs)
  }

  #at(atMs: number, run: () => void): () => void {
    if (!this.alive) return () => {}
    const delayMs = Math.min(Math.max(atMs - this.#nowMs(), 0), DELAY_MAX_MS)
    const lateMs = this.#lateMs === 0 ? 0 : this.random.fraction() * this.#lateMs
    const cancelEvent = this.schedule(this.#time.nowMs + delayMs + lateMs, 'timer', () => {
      this.#timers.delete(cancel)
      run()
    })
    const cancel = () => {
      this.#timers.delete(cancel)
      cancelEvent()
    }
    this.#timers.add(cancel)
    return cancel
  }
}
