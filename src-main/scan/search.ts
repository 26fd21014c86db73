/**
 * One search: an object of the application that goes on without the page that began it, is stopped
 * and continued, and keeps what it found up to a bound.
 */
import type { SearchQuery } from '../contract/api/search.ts'
import { KEPT_BYTES_MAX, KEPT_ROWS_MAX } from '../contract/api/search.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  FilterError,
  KeyPartitions,
  SearchProgress,
  SearchRows,
  SearchState,
  SearchSummary,
} from '../contract/model/search.ts'
import type { RecordRow } from '../contract/model/record.ts'
import { problemOf } from '../contract/problem.ts'
import type { Jobs, RunningJob } from '../jobs/jobs.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'
import { keyPartitions } from './key-partitions.ts'
import { mergeErrors } from './merge-errors.ts'
import { PartitionProgress } from './partition-progress.ts'
import type { ScanPlan } from './plan-scan.ts'
import { RowStore, type RowOrder } from './row-store.ts'
import type { SearchUpdate } from './scan-api.ts'
import { runShares } from './scan-runner.ts'

export interface SearchContext {
  readonly workers: InspectWorkers
  readonly jobs: Jobs
  readonly nowMs: () => number
}

const AUTO_DECODERS = { key: 'auto', value: 'auto' } as const

/**
 * A worker that ended for another's sake: the search goes on by itself, but not for ever where it
 * gets no further.
 */
const RESUMES_MAX = 3

export class Search {
  readonly searchId: string
  readonly query: SearchQuery
  readonly startedAtMs: bigint
  /** What it reads, from where to where. */
  readonly plan: ScanPlan
  pinned = false
  readonly #context: SearchContext
  readonly #books: PartitionProgress
  readonly #rows = new RowStore()
  readonly #listeners = new Set<() => void>()
  readonly #live: boolean
  #state: SearchState = 'running'
  #problem: Problem | null = null
  #resumedCount = 0
  #keyPartitions: KeyPartitions | null
  #jobId: string | null = null
  #run: Promise<void> | null = null
  #runs = 0
  /** Found when the last run began: `stopAfter` counts from here. */
  #foundBefore = 0
  /** The bound was reached and told, and someone chose to go on counting. */
  #countsOnly = false
  /** By worker, of this run; and of those before. */
  #errors: readonly FilterError[] = []
  #errorsBefore: readonly FilterError[] = []
  readonly #errorsOf = new Map<number, readonly FilterError[]>()
  #version = 0

  constructor(searchId: string, query: SearchQuery, plan: ScanPlan, context: SearchContext) {
    this.searchId = searchId
    this.query = query
    this.#context = context
    this.plan = plan
    this.startedAtMs = BigInt(context.nowMs())
    this.#books = new PartitionProgress(plan, query.direction)
    this.#live = plan.ranges.some(({ end }) => end === null)
    const { key } = query.filter
    this.#keyPartitions = key === undefined || this.#live ? null : keyPartitions(key, plan)
    if (this.#keyPartitions !== null) this.#narrow(this.#keyPartitions)
  }

  get state(): SearchState {
    return this.#state
  }

  get running(): boolean {
    return this.#run !== null
  }

  summary(): SearchSummary {
    const { searchId, query, pinned, startedAtMs } = this
    return {
      searchId,
      cluster: query.cluster,
      topics: query.sources.map(({ topic }) => topic),
      query,
      live: this.#live,
      pinned,
      startedAtMs,
      progress: this.progress(),
    }
  }

  progress(): SearchProgress {
    const errors = this.#errors
    return {
      ...this.#books.progress(this.#context.nowMs()),
      state:
        this.#state === 'running' && this.#live && this.#books.caughtUp ? 'waiting' : this.#state,
      problem: this.#problem,
      resumedCount: this.#resumedCount,
      found: BigInt(this.#books.found),
      kept: this.#rows.count,
      keptBytes: this.#rows.bytes,
      filterErrors: errors,
      filterErrorCount: errors.reduce((total, { count }) => total + count, 0n),
      keyPartitions: this.#keyPartitions,
    }
  }

  rows(order: RowOrder, from: number, limit: number): SearchRows {
    // What stands here encoded is read by whoever receives the frame.
    const rows = this.#rows.rows(order, from, limit) as unknown as readonly RecordRow[]
    const { fields = [], decoders = AUTO_DECODERS } = this.query
    const look = { fields, decoders }
    return { rows, from, kept: this.#rows.count, version: this.#version, look }
  }

  /** Heard as often as something changes; returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * From where it stands; what failed is tried again. Does nothing while it runs, or when nothing is
   * left.
   */
  go(): void {
    const { failures } = this.#books
    if (this.running || (this.#state === 'finished' && failures.length === 0)) return
    if (this.#state === 'full') this.#countsOnly = true
    this.#state = 'running'
    this.#problem = null
    this.#foundBefore = this.#books.found
    const { jobs } = this.#context
    const { cluster, sources } = this.query
    const { totalOffsets } = this.progress()
    const { jobId, ended } = jobs.start(
      {
        kind: 'search',
        cluster,
        subject: sources.map(({ topic }) => topic).join(', '),
        target: this.searchId,
        unit: 'offsets',
        total: totalOffsets,
      },
      job => this.#work(job),
    )
    this.#jobId = jobId
    this.#run = ended
      .catch(() => {})
      .finally(() => {
        this.#run = null
        this.#changed()
      })
    this.#changed()
  }

  /** Resolves when it has stopped. */
  async stop(): Promise<void> {
    if (this.#jobId !== null && this.running) this.#context.jobs.stop(this.#jobId)
    await this.#run
  }

  async #work(job: RunningJob): Promise<void> {
    try {
      for (let ended = 0; ;) {
        const { recordsRead } = this.progress()
        const problem = await this.#pass(job)
        if (job.signal.aborted) {
          this.#state = 'stopped'
          return
        }
        if (problem !== null) {
          // It was another's thread too, and ended for its sake.
          ended = this.progress().recordsRead > recordsRead ? 1 : ended + 1
          if (problem.code !== 'WORKER_ENDED' || ended > RESUMES_MAX)
            throw new ContractError(problem)
          this.#resumedCount++
          continue
        }
        if (this.#state !== 'running') return
        if (!this.#widen()) break
      }
      if (this.#books.allFailed) throw new ContractError(this.#books.failures[0]!)
      this.#state = 'finished'
    } catch (error) {
      this.#state = 'failed'
      this.#problem = problemOf(error)
      throw error
    }
  }

  /** Reads what is left. Null when that is over, in order or because enough was found. */
  async #pass(job: RunningJob): Promise<Problem | null> {
    const { workers, nowMs } = this.#context
    const { cluster, stopAfter, filter } = this.query
    const left = this.#books.begin(nowMs())
    if (left.length === 0) return null
    const stop = new AbortController()
    const onAbort = () => stop.abort()
    job.signal.addEventListener('abort', onAbort, { once: true })
    const room = this.#countsOnly ? 0 : KEPT_ROWS_MAX - this.#rows.count
    const wanted =
      stopAfter === undefined ? Infinity : this.#foundBefore + stopAfter - this.#books.found
    const foundMax = Math.min(wanted, this.#countsOnly ? Infinity : room)
    this.#errorsBefore = this.#errors
    this.#errorsOf.clear()
    try {
      await runShares<SearchUpdate>({
        workers,
        cluster,
        scanId: `${this.searchId}-${++this.#runs}`,
        left,
        signal: stop.signal,
        mayHang: filter.expression !== undefined || filter.text?.mode === 'regex',
        open: (share, reader) =>
          workers.stream(
            'scan.search',
            {
              ...this.#input(),
              scanId: share.scanId,
              ranges: share.ranges,
              rowsMax: room,
              foundMax: foundMax === Infinity ? null : foundMax,
            },
            reader,
            { worker: share.worker },
          ),
        take: (share, update) => {
          this.#take(share.books, share.worker, update)
          this.#report(job)
          if (this.#endsHere(stopAfter)) stop.abort()
        },
      })
      return null
    } catch (error) {
      // Waiting for a worker that ended: what was found until then is kept.
      return problemOf(error)
    } finally {
      job.signal.removeEventListener('abort', onAbort)
      this.#books.end(nowMs())
    }
  }

  #input() {
    const { cluster, direction, isolation, filter, decoders, fields, previewBytes } = this.query
    return {
      cluster,
      direction,
      filter,
      ...(isolation === undefined ? {} : { isolation }),
      ...(decoders === undefined ? {} : { decoders }),
      ...(fields === undefined ? {} : { fields }),
      ...(previewBytes === undefined ? {} : { previewBytes }),
    }
  }

  #take(books: readonly number[], worker: number, update: SearchUpdate): void {
    this.#books.take(books, update)
    this.#books.mark(this.#context.nowMs())
    if (update.rowBytes.length > 0) {
      this.#rows.add(update, books)
      this.#version++
    }
    if (update.errors !== null) {
      this.#errorsOf.set(worker, update.errors)
      this.#errors = mergeErrors([this.#errorsBefore, ...this.#errorsOf.values()])
    }
    this.#changed()
  }

  /** Sets the state to what ends it, if something does. */
  #endsHere(stopAfter: number | undefined): boolean {
    if (stopAfter !== undefined && this.#books.found - this.#foundBefore >= stopAfter)
      this.#state = 'enough'
    else if (this.#isFull && !this.#countsOnly) this.#state = 'full'
    return this.#state !== 'running'
  }

  get #isFull(): boolean {
    return this.#rows.count >= KEPT_ROWS_MAX || this.#rows.bytes >= KEPT_BYTES_MAX
  }

  #report(job: RunningJob): void {
    const { doneOffsets, totalOffsets, found, filterErrorCount } = this.progress()
    job.report({ done: doneOffsets, total: totalOffsets, found, errorCount: filterErrorCount })
  }

  #narrow({ partitions }: KeyPartitions): void {
    const chosen = new Set(partitions.map(({ topic, partition }) => `${topic}/${partition}`))
    this.#books.choose((topic, partition) => chosen.has(`${topic}/${partition}`))
  }

  /** Whether there is more to read: a key that was not found where it belongs may be elsewhere. */
  #widen(): boolean {
    if (this.#keyPartitions === null || this.#keyPartitions.widened) return false
    if (this.#books.found > 0) return false
    this.#keyPartitions = { ...this.#keyPartitions, widened: true }
    this.#books.choose(() => true)
    return true
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
