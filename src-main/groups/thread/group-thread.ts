/**
 * The main thread's end of the groups' thread: keeps it running, tells it of clusters, and passes
 * on what pages ask. Answers travel through as they came.
 */
import { Worker } from 'node:worker_threads'
import type { GroupJournalEvent } from '../../../engine/group/group-events.ts'
import { YOUNG_GENERATION_MB_MAX } from '../../../engine/support/young-generation.ts'
import type { ClusterConnection } from '../../clusters/cluster-connection.ts'
import {
  ContractError,
  type CommandName,
  type EncodedValue,
  type InputOf,
  type ItemOf,
  type OutputOf,
  type Problem,
  type StreamInputOf,
  type StreamName,
  type StreamSink,
} from '../../contract/define.ts'
import type { groupApi } from '../../contract/api/group.ts'
import { decodeValue } from '../../contract/frame.ts'
import { threadPort } from '../../workers/thread-port.ts'
import { WorkerLink } from '../../workers/worker-link.ts'
import type { Consumed, JournalMessage } from './group-thread-api.ts'
import type { GroupWorkerData } from './group-worker.ts'

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './group-worker.ts' : './group-worker.js',
  import.meta.url,
)
/** One that does not end when asked is ended. */
const STOP_TIMEOUT_MS = 3_000
/** One that keeps ending by itself is started again so often within a minute, and then left. */
const STARTS_MAX = 5
const STARTS_WINDOW_MS = 60_000
const CONGESTION_LOOK_MS = 50

type GroupApi = typeof groupApi

export interface GroupThreadOptions {
  /** Where the past is kept; null keeps it in memory. */
  readonly historyPath: string | null
  readonly nowMs: () => number
  /** Told when the thread has ended by itself, for the log. */
  readonly onEnded?: (problem: Problem) => void
}

export interface WatchedCluster extends ClusterConnection {
  readonly cluster: string
  readonly hasJournal: boolean
}

export class GroupThread {
  readonly #options: GroupThreadOptions
  readonly #clusters = new Map<string, WatchedCluster>()
  readonly #consumedListeners = new Set<(consumed: Consumed) => void>()
  #worker: Worker | null = null
  #link: WorkerLink | null = null
  #exited: Promise<unknown> = Promise.resolve()
  #startsMs: number[] = []
  #stopping = false

  constructor(options: GroupThreadOptions) {
    this.#options = options
  }

  /** Begins to look at a cluster's groups, or goes on with another way to reach it. */
  know(cluster: WatchedCluster): void {
    const known = this.#clusters.get(cluster.cluster)
    if (JSON.stringify(known) === JSON.stringify(cluster)) return
    this.#clusters.set(cluster.cluster, cluster)
    // A start tells the thread of all clusters.
    if (this.#link === null) this.#start()
    else this.#tell(this.#link, cluster)
  }

  forget(cluster: string): void {
    if (this.#clusters.delete(cluster))
      this.#link?.call('groups.forget-cluster', { cluster }).catch(() => {})
  }

  journal(cluster: string, event: GroupJournalEvent): void {
    this.#worker?.postMessage({ type: 'journal', cluster, event } satisfies JournalMessage)
  }

  /** Told after each look at a cluster's groups; returns what ends that. */
  onConsumed(listener: (consumed: Consumed) => void): () => void {
    this.#consumedListeners.add(listener)
    return () => this.#consumedListeners.delete(listener)
  }

  /** An answer for a page, which this thread leaves as it came. */
  async pass<N extends CommandName<GroupApi>>(
    name: N,
    input: InputOf<GroupApi, N>,
    signal?: AbortSignal,
  ): Promise<EncodedValue<OutputOf<GroupApi, N>>> {
    const encoded = await this.#linked().call(name, input, signal)
    if (encoded !== undefined) return encoded as EncodedValue<OutputOf<GroupApi, N>>
    throw new ContractError({ code: 'INTERNAL', message: `${name} answered nothing` })
  }

  /** Passes a stream's items on to a page as they came, until either side is done. */
  relay<N extends StreamName<GroupApi>>(
    name: N,
    input: StreamInputOf<GroupApi, N>,
    sink: StreamSink<ItemOf<GroupApi, N>>,
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let looking: NodeJS.Timeout | undefined
    const stream = this.#linked().stream(name, input, {
      onItem(item) {
        sink.emit(item as EncodedValue<ItemOf<GroupApi, N>>)
        if (!sink.congested || looking !== undefined) return
        stream.setCongested(true)
        looking = setInterval(() => {
          if (sink.congested) return
          clearInterval(looking)
          looking = undefined
          stream.setCongested(false)
        }, CONGESTION_LOOK_MS)
      },
      onEnd: problem => (problem === null ? resolve() : reject(new ContractError(problem))),
    })
    const onAbort = () => {
      stream.close()
      resolve()
    }
    sink.signal.addEventListener('abort', onAbort, { once: true })
    if (sink.signal.aborted) onAbort()
    return promise.finally(() => {
      clearInterval(looking)
      sink.signal.removeEventListener('abort', onAbort)
    })
  }

  /** Lets the thread close its database and ends it. */
  async close(): Promise<void> {
    this.#stopping = true
    const worker = this.#worker
    if (worker === null) return
    this.#link?.call('groups.stop', {}).catch(() => {})
    const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS)
    await this.#exited
    clearTimeout(timer)
  }

  /** Ends the thread where it stands, as a crash does. */
  async kill(): Promise<void> {
    await this.#worker?.terminate()
  }

  #linked(): WorkerLink {
    if (this.#stopping) throw new ContractError(stopped)
    return this.#link ?? this.#start()
  }

  #start(): WorkerLink {
    const nowMs = this.#options.nowMs()
    this.#startsMs = [...this.#startsMs.filter(each => each > nowMs - STARTS_WINDOW_MS), nowMs]
    const { historyPath } = this.#options
    const data: GroupWorkerData = { historyPath }
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB_MAX }
    const worker = new Worker(entry, { name: 'groups', workerData: data, resourceLimits })
    const port = threadPort(worker, () => void worker.terminate())
    const link = new WorkerLink(port)
    let reason = 'it ended by itself'
    worker.on('error', error => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    })
    this.#exited = new Promise(resolve => {
      worker.once('exit', () => {
        port.ended()
        this.#worker = null
        this.#link = null
        const problem = this.#stopping ? stopped : endedProblem(reason)
        link.end(problem)
        resolve(null)
        if (this.#stopping) return
        this.#options.onEnded?.(problem)
        // Nobody may ask for a while, and the background goes on all the same.
        if (this.#startsMs.length < STARTS_MAX) this.#start()
      })
    })
    this.#worker = worker
    this.#link = link
    for (const cluster of this.#clusters.values()) this.#tell(link, cluster)
    link.stream(
      'groups.consumed',
      {},
      {
        onItem: item => {
          const consumed = decodeValue(item as EncodedValue<Consumed>)
          for (const listener of this.#consumedListeners) listener(consumed)
        },
        onEnd: () => {},
      },
    )
    return link
  }

  #tell(link: WorkerLink, cluster: WatchedCluster): void {
    // Messages keep their order; a failure shows in the call that follows.
    link.call('groups.know-cluster', cluster).catch(() => {})
  }
}

const stopped: Problem = { code: 'CANCELLED', message: "the groups' thread is being stopped" }

function endedProblem(reason: string): Problem {
  return {
    code: 'WORKER_ENDED',
    message: `the groups' thread ended: ${reason.split('\n')[0]}`,
    details: reason,
    remedy: 'It is started again by itself. Try again.',
  }
}
