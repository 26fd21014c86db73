/**
 * The inspect workers: the threads in which everything is done that reads records.
 *
 * One of them reads for pages and does nothing long. Scans have others, numbered from 0: a page's
 * four round trips would each wait for a slice of the scan beside them, and a scan that listens to
 * nothing any more is ended with its thread. None is started before it is needed.
 */
import { availableParallelism } from 'node:os'
import { loadNativePackages } from '../../engine/protocol/records/native.ts'
import type { ClusterConnection } from '../clusters/cluster-connection.ts'
import type {
  CommandName,
  EncodedValue,
  InputOf,
  ItemOf,
  OutputOf,
  Problem,
  StreamInputOf,
  StreamName,
  StreamReader,
  StreamSink,
} from '../contract/define.ts'
import { ContractError } from '../contract/define.ts'
import { decodeValue } from '../contract/frame.ts'
import type { WorkerApi } from './worker-api.ts'
import { WorkerSlot } from './worker-slot.ts'

const SCANNERS_MAX = 2
/** While a page's transport is full, it is looked at this often. */
const CONGESTION_LOOK_MS = 50

export interface InspectWorkersOptions {
  /** Throws a `ContractError` NOT_FOUND. */
  connectionOf(cluster: string): ClusterConnection
  /** Told when a worker has ended by itself, for the log. */
  onEnded?(problem: Problem): void
  /** How many scan. A third one would only take from the brokers what it gains. */
  readonly size?: number
}

export interface WorkOptions {
  readonly signal?: AbortSignal
  /** Which of those that scan; not given, the one that reads for pages. */
  readonly worker?: number
}

type WorkCommand = {
  [N in CommandName<WorkerApi>]: InputOf<WorkerApi, N> extends { cluster: string } ? N : never
}[CommandName<WorkerApi>]
type WorkStream = StreamName<WorkerApi>

export class InspectWorkers {
  readonly #options: InspectWorkersOptions
  readonly #reader: WorkerSlot
  readonly #scanners: readonly WorkerSlot[]

  constructor(options: InspectWorkersOptions) {
    const { size = Math.min(SCANNERS_MAX, Math.max(1, availableParallelism() - 1)) } = options
    this.#options = options
    const slot = (name: string) =>
      new WorkerSlot({ name, onEnded: problem => options.onEnded?.(problem) })
    this.#reader = slot('inspect')
    this.#scanners = Array.from({ length: size }, (_, index) => slot(`scan ${index + 1}`))
  }

  /** How many scan. */
  get size(): number {
    return this.#scanners.length
  }

  /** Rejects with a `ContractError`: WORKER_ENDED when the worker ended first. */
  async call<N extends WorkCommand>(
    name: N,
    input: InputOf<WorkerApi, N>,
    options: WorkOptions = {},
  ): Promise<OutputOf<WorkerApi, N>> {
    const encoded = await this.#call(name, input, options)
    return encoded === undefined ? (undefined as OutputOf<WorkerApi, N>) : decodeValue(encoded)
  }

  /** The same for an answer that goes on to a page: this thread leaves it as it came. */
  async pass<N extends WorkCommand>(
    name: N,
    input: InputOf<WorkerApi, N>,
    options: WorkOptions = {},
  ): Promise<EncodedValue<OutputOf<WorkerApi, N>>> {
    const encoded = await this.#call(name, input, options)
    if (encoded !== undefined) return encoded
    throw new ContractError({ code: 'INTERNAL', message: `${name} answered nothing` })
  }

  /** Opens a stream whose items are read here; returns what closes it. */
  stream<N extends WorkStream>(
    name: N,
    input: StreamInputOf<WorkerApi, N>,
    reader: StreamReader<ItemOf<WorkerApi, N>>,
    { worker }: WorkOptions = {},
  ): () => void {
    const stream = this.#linkFor(input.cluster, worker).stream(name, input, {
      onItem: item => reader.onItem(decodeValue(item as EncodedValue<ItemOf<WorkerApi, N>>)),
      onEnd: problem => reader.onEnd?.(problem),
    })
    return () => stream.close()
  }

  /**
   * Passes a stream's items on to a page as they came, until either side is done. A page that is
   * slow makes the worker's sink congested.
   */
  relay<N extends WorkStream>(
    name: N,
    input: StreamInputOf<WorkerApi, N>,
    sink: StreamSink<ItemOf<WorkerApi, N>>,
    { worker }: WorkOptions = {},
  ): Promise<void> {
    const { signal } = sink
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let looking: NodeJS.Timeout | null = null
    const look = () => {
      if (sink.congested) return
      clearInterval(looking ?? undefined)
      looking = null
      stream.setCongested(false)
    }
    const stream = this.#linkFor(input.cluster, worker).stream(name, input, {
      onItem(item) {
        sink.emit(item as EncodedValue<ItemOf<WorkerApi, N>>)
        if (!sink.congested || looking !== null) return
        stream.setCongested(true)
        looking = setInterval(look, CONGESTION_LOOK_MS)
      },
      onEnd: problem => (problem === null ? resolve() : reject(new ContractError(problem))),
    })
    const onAbort = () => {
      stream.close()
      resolve()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    return promise.finally(() => {
      clearInterval(looking ?? undefined)
      signal.removeEventListener('abort', onAbort)
    })
  }

  /** The cluster is no longer registered, or is another one under the same id. */
  forget(cluster: string): void {
    for (const slot of [this.#reader, ...this.#scanners]) slot.forget(cluster)
  }

  /** Ends the workers; what is under way in them fails as CANCELLED. */
  async close(): Promise<void> {
    await Promise.all([this.#reader, ...this.#scanners].map(slot => slot.stop()))
  }

  /** Ends one where it stands, as a crash does: for work that listens to nothing else. */
  async kill(worker: number, reason: string): Promise<void> {
    await this.#scanners[worker]?.kill(reason)
  }

  async #call<N extends WorkCommand>(
    name: N,
    input: InputOf<WorkerApi, N>,
    { signal, worker }: WorkOptions,
  ): Promise<EncodedValue<OutputOf<WorkerApi, N>> | undefined> {
    const encoded = await this.#linkFor(input.cluster, worker).call(name, input, signal)
    return encoded as EncodedValue<OutputOf<WorkerApi, N>> | undefined
  }

  #linkFor(cluster: string, worker: number | undefined) {
    const connection = this.#options.connectionOf(cluster)
    return this.#slot(worker).linkTo(cluster, connection)
  }

  /** Opening a shared library is not safe in two threads at once, so this one does it first. */
  #slot(worker: number | undefined): WorkerSlot {
    loadNativePackages()
    return worker === undefined
      ? this.#reader
      : (this.#scanners[worker % this.#scanners.length] ?? this.#reader)
  }
}
