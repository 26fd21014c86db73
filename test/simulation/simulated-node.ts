/**
 * A broker or a controller with its disk, over all its lives: started, paused, stopped, killed, and
 * without power. Each life is a process of its own on the disk that the one before it left.
 */
import type { Network } from '../../engine/ports/network.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { MemoryDisk } from './memory-disk.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { hold } from './violation.ts'

/** What a node needs to end by itself, timers that ring without effect included. */
const GRACE_MS = 500

export interface RunningNode {
  stop(): Promise<void>
}

export interface Crash {
  readonly how: 'kill' | 'power cut'
  readonly diskBefore: MemoryDisk
  /** What is left. */
  readonly disk: MemoryDisk
}

export type NodeState = 'down' | 'starting' | 'running' | 'stopping'

export interface NodeOptions<N extends RunningNode> {
  readonly name: string
  readonly time: SimulatedClock
  readonly network: SimulatedNetwork
  readonly random: SeededRandom
  readonly driftMs: number
  readonly isSlow?: boolean
  readonly log: (line: string) => void
  readonly fail: (error: unknown) => void
  readonly launch: (process: SimulatedProcess, network: Network) => Promise<N>
  /** The node's life ended in the middle. */
  readonly onCrash: (crash: Crash) => void
  readonly onWrite?: (path: string) => void
}

export class SimulatedNode<N extends RunningNode> {
  readonly name: string
  disk = new MemoryDisk()
  running: N | null = null
  state: NodeState = 'down'
  process: SimulatedProcess | null = null
  lives = 0
  /** By how much its machine's wall clock is wrong, over all lives. */
  wallMs = 0
  readonly #options: NodeOptions<N>
  /** How the next torn write ends this life. */
  #tornBy: 'kill' | 'power cut' = 'kill'

  constructor(options: NodeOptions<N>) {
    this.name = options.name
    this.#options = options
  }

  start(): void {
    if (this.state !== 'down') return
    const { name, time, network, random, driftMs, isSlow, log, fail, launch } = this.#options
    log(`${name}: starts`)
    this.state = 'starting'
    this.lives++
    this.disk.onWrite = this.#options.onWrite ?? null
    const process = new SimulatedProcess({
      name,
      time,
      disk: this.disk,
      random: random.stream(`${name}@${time.eventCount}`),
      driftMs,
      isSlow: isSlow === true,
      wallMs: () => this.wallMs,
      lateMs: 2,
      log,
    })
    this.process = process
    launch(process, network.portOf(process)).then(
      node => {
        if (this.process !== process) return
        this.running = node
        this.state = 'running'
        log(`${name}: runs`)
      },
      error => {
        if (this.process !== process || !process.alive) return
        // A broker gives up when the controller stays away; an assertion is never in order.
        if (!(error instanceof OperationalError)) fail(error)
        log(`${name}: did not start: ${String(error)}`)
        this.#checkLeftovers(process)
        this.state = 'down'
      },
    )
  }

  get isPaused(): boolean {
    return this.process?.isPaused === true
  }

  /** Frozen: nothing closes, nothing answers, and no timer rings until `resume`. */
  pause(): void {
    if (this.state === 'down' || this.process === null || this.isPaused) return
    this.#options.log(`${this.name}: is paused`)
    this.process.pause()
  }

  resume(): void {
    if (!this.isPaused) return
    this.#options.log(`${this.name}: goes on`)
    this.process?.resume()
  }

  setWallClock(wallMs: number): void {
    this.#options.log(`${this.name}: its clock is set ${Math.round(wallMs / 60_000)} minutes off`)
    this.wallMs = wallMs
  }

  kill(): void {
    this.#crash('kill')
  }

  powerCut(): void {
    this.#crash('power cut')
  }

  /** Dies in the middle of a write, when that many more bytes were written. */
  tearWriteAfter(bytes: number, how: 'kill' | 'power cut'): void {
    if (this.state === 'down') return
    this.#tornBy = how
    this.disk.bytesUntilCut = bytes
  }

  /** To be called after every event: a torn write ended the process from within. */
  notice(): void {
    if (this.state !== 'down' && this.process?.alive === false) this.#crash(this.#tornBy)
  }

  async stop(): Promise<void> {
    const { running, process } = this
    if (this.state !== 'running' || running === null || process === null) return
    this.resume()
    this.#options.log(`${this.name}: stops`)
    this.state = 'stopping'
    this.disk.bytesUntilCut = Infinity
    await running.stop()
    if (this.process !== process) return
    this.running = null
    await this.#options.time.sleep(GRACE_MS)
    if (this.process !== process) return
    this.#checkLeftovers(process)
    process.kill()
    this.state = 'down'
    this.#options.log(`${this.name}: has stopped`)
  }

  #crash(how: 'kill' | 'power cut'): void {
    const { process } = this
    if (this.state === 'down' || process === null) return
    const { log, network, random, onCrash, name } = this.#options
    log(`${name}: ${how}`)
    process.kill()
    network.closeAllOf(process)
    this.process = null
    this.running = null
    this.state = 'down'
    const diskBefore = this.disk
    this.disk = how === 'kill' ? diskBefore.afterKill() : diskBefore.afterPowerCut(keepSome(random))
    onCrash({ how, diskBefore, disk: this.disk })
  }

  #isGone(process: SimulatedProcess): boolean {
    const { timers, sockets, files } = this.#leftovers(process)
    return timers + sockets + files === 0
  }

  #leftovers(process: SimulatedProcess) {
    return {
      timers: process.timerCount,
      sockets: this.#options.network.openOf(process),
      files: this.disk.openFiles,
    }
  }

  #checkLeftovers(process: SimulatedProcess): void {
    const { fail } = this.#options
    const left = this.#leftovers(process)
    try {
      hold(
        this.#isGone(process),
        `${this.name}: left behind after its end: ${JSON.stringify(left)}`,
      )
    } catch (error) {
      // The caller is a promise that nobody waits for.
      fail(error)
    }
  }
}

/** Of what was not flushed, nothing, all, or any part may have reached the disk. */
function keepSome(random: SeededRandom): (unflushedBytes: number) => number {
  return unflushedBytes => {
    if (random.chance(0.4)) return 0
    return random.chance(0.4) ? unflushedBytes : random.integer(unflushedBytes + 1)
  }
}
