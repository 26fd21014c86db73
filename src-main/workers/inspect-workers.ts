/**
 * The inspect workers: a few threads in which everything is done that reads records. Calls go to
 * the one with the least under way; whoever needs a certain one names it.
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

const WORKERS_MAX = 2
/** While a page's transport is full, it is looked at this often. */
const CONGESTION_LOOK_MS = 50

export interface InspectWorkersOptions {
  /** Throws a `ContractError` NOT_FOUND. */
  connectionOf(cluster: string): ClusterConnection
  /** Told when a worker has ended by itself, for the log. */
  onEnded?(problem: Problem): void
  /** One core is left to the main thread; a third worker would only take from the brokers. */
  readonly size?: number
}

export interface WorkOptions {
  readonly signal?: AbortSignal
  /** Which worker; not given, the one with the least to do. */
  readonly worker?: number
}

type WorkCommand = {
  [N in CommandName<WorkerApi>]: InputOf<WorkerApi, N> extends { cluster: string } ? N : never
}[CommandName<WorkerApi>]
type WorkStream = StreamName<WorkerApi>

export class InspectWorkers {
  readonly #options: InspectWorkersOptions
  readonly #slots: readonly WorkerSlot[]

  constructor(options: InspectWorkersOptions) {
    const { size = Math.min(WORKERS_MAX, Math.max(1, availableParallelism() - 1)) } = options
    this.#options = options
    const onEnded = (problem: Problem) => options.onEnded?.(problem)
    this.#slots = Array.from({ length: size }, (_, index) => new WorkerSlot({ index, onEnded }))
  }

  get size(): number {
    return this.#slots.length
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
    for (const slot of this.#slots) slot.forget(cluster)
  }

  /** Ends the workers; what is under way in them fails as CANCELLED. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map(slot => slot.stop()))
  }

  /** Ends one where it stands, as a crash does: for work that listens to nothing else. */
  async kill(worker: number, reason: string): Promise<void> {
    await this.#slots[worker]?.kill(reason)
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
    const named = worker === undefined ? undefined : this.#slots[worker % this.#slots.length]
    return (
      named ??
      this.#slots.reduce((least, slot) => (slot.openCount < least.openCount ? slot : least))
    )
  }
}
