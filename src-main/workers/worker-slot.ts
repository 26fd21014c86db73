/**
 * One place in the pool: a worker that is started when it is first needed, and again after it has
 * ended by a mistake. What was under way in it then fails with the reason.
 */
import { Worker } from 'node:worker_threads'
import { endable, newEndCell } from '../../engine/support/thread-end.ts'
import { YOUNG_GENERATION_MB_MAX } from '../../engine/support/young-generation.ts'
import type { ClusterConnection } from '../clusters/cluster-connection.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { InspectWorkerData } from './inspect-worker.ts'
import { threadPort } from './thread-port.ts'
import { WorkerLink } from './worker-link.ts'

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './inspect-worker.ts' : './inspect-worker.js',
  import.meta.url,
)
/** One that does not end when asked is ended. */
const STOP_TIMEOUT_MS = 2_000

export interface SlotOptions {
  readonly name: string
  /** Told when a worker has ended by itself. */
  onEnded(problem: Problem): void
}

/**
 * Of JavaScript values; batches and rows are bytes outside of it. A user's expression may build
 * what it likes: past this the thread ends, and says so, instead of the application.
 */
const HEAP_MB_MAX = 1_024

export class WorkerSlot {
  readonly #options: SlotOptions
  #worker: Worker | null = null
  /** Of that worker. */
  #endCell = newEndCell()
  #link: WorkerLink | null = null
  #exited: Promise<unknown> = Promise.resolve()
  #stopping = false
  /** Why the worker ended, once it has. */
  #reason = ''
  /** The clusters this worker knows, each with the connection it was told. */
  readonly #known = new Map<string, string>()

  constructor(options: SlotOptions) {
    this.#options = options
  }

  /** The link to a worker that knows the cluster. What is sent before it is up waits in its port. */
  linkTo(cluster: string, connection: ClusterConnection): WorkerLink {
    if (this.#stopping) throw new ContractError(stopped)
    const link = this.#link ?? this.#start()
    const told = JSON.stringify(connection)
    if (this.#known.get(cluster) === told) return link
    this.#known.set(cluster, told)
    // Messages keep their order, so nothing has to wait for the answer; a failure shows in the
    // call that follows.
    link.call('worker.know-cluster', { cluster, ...connection }).catch(() => {})
    return link
  }

  forget(cluster: string): void {
    if (this.#known.delete(cluster))
      this.#link?.call('worker.forget-cluster', { cluster }).catch(() => {})
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const worker = this.#worker
    if (worker === null) return
    this.#link?.end(stopped)
    this.#link?.call('worker.stop', {}).catch(() => {})
    const timer = setTimeout(() => void this.#end(worker), STOP_TIMEOUT_MS)
    await this.#exited
    clearTimeout(timer)
  }

  /** Ends the thread where it stands, as a crash does. */
  async kill(reason: string): Promise<void> {
    this.#reason = reason
    if (this.#worker !== null) await this.#end(this.#worker)
  }

  async #end(worker: Worker): Promise<void> {
    await endable(this.#endCell)
    await worker.terminate()
  }

  #start(): WorkerLink {
    const { name } = this.#options
    const resourceLimits = {
      maxOldGenerationSizeMb: HEAP_MB_MAX,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MB_MAX,
    }
    this.#endCell = newEndCell()
    const workerData: InspectWorkerData = { endCell: this.#endCell }
    const worker = new Worker(entry, { name, resourceLimits, workerData })
    const port = threadPort(worker, () => void this.#end(worker))
    const link = new WorkerLink(port)
    this.#reason = 'it ended by itself'
    worker.on('error', error => {
      this.#reason = error instanceof Error ? error.message : String(error)
    })
    this.#exited = new Promise(resolve => {
      worker.once('exit', () => {
        port.ended()
        this.#worker = null
        this.#link = null
        this.#known.clear()
        const problem = this.#stopping ? stopped : endedProblem(name, this.#reason)
        if (!this.#stopping) this.#options.onEnded(problem)
        link.end(problem)
        resolve(null)
      })
    })
    this.#worker = worker
    this.#link = link
    return link
  }
}

const stopped: Problem = { code: 'CANCELLED', message: 'the inspect threads are being stopped' }

function endedProblem(name: string, reason: string): Problem {
  return {
    code: 'WORKER_ENDED',
    message: `the thread "${name}" ended: ${reason}`,
    remedy: 'It is started again when it is next needed. Try again.',
  }
}
