/**
 * The place of a node in its cluster, over all its lives: what a person may do to it, and that it is
 * started again when a bug of ours has ended it. What a person has stopped stays stopped.
 */
import { OperationalError } from '../support/operational-error.ts'
import type { NodeControl, NodePowerCut, PowerCutOptions } from './cluster.ts'
import type { NodeRole } from './node-messages.ts'
import type { NodeState, WorkerNode } from './worker-node.ts'

const RESTART_AFTER_MS = 1_000
/** Within this time, a node that failed so often stays down. */
const RESTARTS_WINDOW_MS = 5 * 60_000
const RESTARTS_MAX = 3

export interface NodeSeatOptions {
  /** As `broker 2`. */
  readonly name: string
  readonly roles: readonly NodeRole[]
  /** Starts a thread on the node's folder and ports, and tells it what the cluster knows. */
  readonly launch: (onStateChanged: (state: NodeState) => void) => WorkerNode
  readonly onStateChanged: (state: NodeState) => void
  /** Takes from the folder what was not flushed; no life of the node runs. */
  readonly dropUnflushed: (options: PowerCutOptions) => Promise<NodePowerCut>
}

export class NodeSeat implements NodeControl {
  readonly name: string
  readonly roles: readonly NodeRole[]
  readonly #options: NodeSeatOptions
  /** When it was started again after a failure, the latest last. */
  readonly #restartsMs: number[] = []
  #life: WorkerNode
  #ending = false
  /** Its files are being cut. */
  #cut: Promise<unknown> | null = null

  constructor(options: NodeSeatOptions) {
    this.name = options.name
    this.roles = options.roles
    this.#options = options
    this.#life = options.launch(options.onStateChanged)
  }

  /** The present life, or the last one. */
  get life(): WorkerNode {
    return this.#life
  }

  get state(): NodeState {
    return this.#life.state
  }

  get failure(): string | null {
    return this.#life.failure
  }

  /** Settles when it listens in all its roles; from then on it is started again if it fails. */
  async listening(): Promise<void> {
    const life = this.#life
    await Promise.all(this.roles.map(role => life.listening(role)))
    this.#keepRunning(life)
  }

  async kill(): Promise<void> {
    if (this.#life.ended) throw this.#refusal('is already')
    await this.#life.kill()
  }

  async powerCut(options: PowerCutOptions = {}): Promise<NodePowerCut> {
    if (this.#cut !== null) throw new OperationalError(`${this.name} is losing its power already`)
    const life = this.#life
    // Of one that is down, the system still holds what it did not flush.
    const ending = life.ended ? life.exited() : life.kill()
    const cut = ending.then(() => this.#options.dropUnflushed(options))
    this.#cut = cut.catch(() => {})
    try {
      return await cut
    } finally {
      this.#cut = null
    }
  }

  async stop(): Promise<void> {
    if (this.#life.ended) throw this.#refusal('is already')
    if (this.state === 'paused')
      throw new OperationalError(`${this.name} is paused and hears nothing: resume or kill it`)
    await this.#life.stop()
  }

  async pause(): Promise<void> {
    if (this.state !== 'running')
      throw this.#refusal(this.state === 'paused' ? 'is already' : 'does not run, it is')
    await this.#life.pause()
  }

  async resume(): Promise<void> {
    if (this.state !== 'paused') throw this.#refusal('is not paused, it is')
    await this.#life.resume()
  }

  async start(): Promise<void> {
    if (this.state === 'paused')
      throw new OperationalError(`${this.name} is paused: resume it instead`)
    if (!this.#life.ended) throw this.#refusal('is already')
    if (this.#ending) throw new OperationalError(`${this.name}: the cluster is stopping`)
    // A life that was told to end holds folder and ports until its thread is gone.
    const last = this.#life
    await last.exited()
    await this.#cut
    if (this.#life !== last || this.#ending) throw this.#refusal('is already')
    this.#begin()
    await this.listening()
  }

  /** For the end of the cluster: from now on it is not started again, and does not stand still. */
  async wakeForEnd(): Promise<void> {
    this.#ending = true
    // One that does not wake is killed by its stop's time limit.
    if (this.state === 'paused') await this.#life.resume().catch(() => {})
  }

  /** For the end of the cluster: the broker of a combined node leaves before the controllers stop. */
  async leave(): Promise<void> {
    await this.wakeForEnd()
    await this.#life.leave()
  }

  /** For the end of the cluster: a clean stop, or a kill where that takes too long. */
  async end(): Promise<void> {
    await this.wakeForEnd()
    if (this.#life.ended) return this.#life.exited()
    // Waiting for a thread that hangs, which must not keep the whole process.
    await this.#life.stop().catch(() => this.#life.kill())
  }

  /** For the end of the cluster. */
  async cutOff(): Promise<void> {
    this.#ending = true
    if (this.#life.ended) await this.#life.exited()
    else await this.#life.kill()
  }

  #begin(): void {
    const { launch, onStateChanged } = this.#options
    this.#life = launch(onStateChanged)
    onStateChanged(this.#life.state)
  }

  #refusal(is: string): OperationalError {
    const why = this.failure === null ? '' : `: ${this.failure.split('\n', 1)[0]}`
    return new OperationalError(`${this.name} ${is} ${standing(this.state)}${why}`)
  }

  /** Starts it again after its thread has ended by itself. */
  #keepRunning(life: WorkerNode): void {
    void life.exited().then(async () => {
      if (this.#ending || life.state !== 'failed') return
      const nowMs = Date.now()
      const recent = this.#restartsMs.filter(atMs => nowMs - atMs < RESTARTS_WINDOW_MS)
      if (recent.length >= RESTARTS_MAX) return
      this.#restartsMs.push(nowMs)
      await new Promise(resolve => setTimeout(resolve, RESTART_AFTER_MS).unref())
      // A person may have been faster.
      if (this.#ending || this.#life !== life) return
      this.#begin()
      this.#keepRunning(this.#life)
    })
  }
}

function standing(state: NodeState): string {
  if (state === 'starting') return 'starting: wait until it runs'
  if (state === 'stopping') return 'stopping: wait until it has stopped, or kill it'
  return state
}
