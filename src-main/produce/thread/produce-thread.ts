/** The owner of the producing thread: starts it when it is first needed, and again after it ended. */
import { Worker } from 'node:worker_threads'
import { loadNativePackages } from '../../../engine/protocol/records/native.ts'
import { YOUNG_GENERATION_MB_MAX } from '../../../engine/support/young-generation.ts'
import type { ClusterConnection } from '../../clusters/cluster-connection.ts'
import {
  ContractError,
  type CommandName,
  type EncodedValue,
  type InputOf,
  type OutputOf,
  type Problem,
} from '../../contract/define.ts'
import { decodeValue } from '../../contract/frame.ts'
import { threadPort } from '../../workers/thread-port.ts'
import { WorkerLink } from '../../workers/worker-link.ts'
import type { ProduceWorkerApi, RunReport } from './produce-worker-api.ts'

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './produce-worker.ts' : './produce-worker.js',
  import.meta.url,
)
const STOP_TIMEOUT_MS = 2_000

export interface ProduceThreadOptions {
  /** Throws a `ContractError` NOT_FOUND. */
  connectionOf(cluster: string): ClusterConnection
  /** Told when the thread has ended by itself, for the log. */
  onEnded?(problem: Problem): void
}

export class ProduceThread {
  readonly #options: ProduceThreadOptions
  #worker: Worker | null = null
  #link: WorkerLink | null = null
  #exited: Promise<unknown> = Promise.resolve()
  #stopping = false
  /** The clusters that the thread knows, each with the connection it was told. */
  readonly #known = new Map<string, string>()

  constructor(options: ProduceThreadOptions) {
    this.#options = options
  }

  /** `clusters` are those that the command works with. */
  async call<N extends CommandName<ProduceWorkerApi>>(
    name: N,
    input: InputOf<ProduceWorkerApi, N>,
    clusters: readonly string[],
    signal?: AbortSignal,
  ): Promise<OutputOf<ProduceWorkerApi, N>> {
    return decodeValue(await this.pass(name, input, clusters, signal))
  }

  /** The same for an answer that goes on to a page: this thread leaves it as it came. */
  async pass<N extends CommandName<ProduceWorkerApi>>(
    name: N,
    input: InputOf<ProduceWorkerApi, N>,
    clusters: readonly string[],
    signal?: AbortSignal,
  ): Promise<EncodedValue<OutputOf<ProduceWorkerApi, N>>> {
    const encoded = await this.#linkTo(clusters).call(name, input, signal)
    if (encoded !== undefined) return encoded as EncodedValue<OutputOf<ProduceWorkerApi, N>>
    throw new ContractError({ code: 'INTERNAL', message: `${name} answered nothing` })
  }

  /** Reports of a run until it ends; rejects when the thread ended first. */
  watch(runId: string, onReport: (report: RunReport) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#linkTo([]).stream(
      'run.watch',
      { runId },
      {
        onItem: item => onReport(decodeValue(item as EncodedValue<RunReport>)),
        onEnd: problem => (problem === null ? resolve() : reject(new ContractError(problem))),
      },
    )
    return promise
  }

  async close(): Promise<void> {
    this.#stopping = true
    const worker = this.#worker
    if (worker === null) return
    this.#link?.call('worker.stop', {}).catch(() => {})
    const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS)
    await this.#exited
    clearTimeout(timer)
  }

  #linkTo(clusters: readonly string[]): WorkerLink {
    if (this.#stopping) throw new ContractError(stopped)
    const connections = clusters.map(id => [id, this.#options.connectionOf(id)] as const)
    const link = this.#link ?? this.#start()
    for (const [cluster, connection] of connections) {
      const told = JSON.stringify(connection)
      if (this.#known.get(cluster) === told) continue
      this.#known.set(cluster, told)
      // Messages keep their order; a failure shows in the command that follows.
      link.call('worker.know-cluster', { cluster, ...connection }).catch(() => {})
    }
    return link
  }

  #start(): WorkerLink {
    // Opening a shared library is not safe in two threads at once, so this one does it first.
    loadNativePackages()
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB_MAX }
    const worker = new Worker(entry, { name: 'produce', resourceLimits })
    const port = threadPort(worker, () => void worker.terminate())
    const link = new WorkerLink(port)
    let reason = 'it ended by itself'
    worker.on('error', error => (reason = error instanceof Error ? error.message : String(error)))
    this.#exited = new Promise(resolve => {
      worker.once('exit', () => {
        port.ended()
        this.#worker = null
        this.#link = null
        this.#known.clear()
        const problem = this.#stopping ? stopped : ended(reason)
        if (!this.#stopping) this.#options.onEnded?.(problem)
        link.end(problem)
        resolve(null)
      })
    })
    this.#worker = worker
    this.#link = link
    return link
  }
}

const stopped: Problem = { code: 'CANCELLED', message: 'the producing thread is being stopped' }

function ended(reason: string): Problem {
  return {
    code: 'WORKER_ENDED',
    message: `the producing thread ended: ${reason}`,
    remedy: 'It is started again when it is next needed. Look at what was written before.',
  }
}
