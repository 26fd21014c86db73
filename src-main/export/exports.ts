/** All exports since the application started: what they write, how far they are, and their jobs. */
import type { InputOf } from '../contract/define.ts'
import type { ApplicationApi } from '../contract/api.ts'
import { ContractError, EncodedValue, type Problem } from '../contract/define.ts'
import { decodeValue } from '../contract/frame.ts'
import type { ExportSummary } from '../contract/model/export.ts'
import type { RecordFilter } from '../contract/model/search.ts'
import { problemOf } from '../contract/problem.ts'
import { checkFilter } from '../filter/compile-filter.ts'
import type { Jobs, RunningJob } from '../jobs/jobs.ts'
import { PartitionProgress } from '../scan/partition-progress.ts'
import type { Direction, ScanRange } from '../scan/partition-scan.ts'
import type { Searches } from '../scan/searches.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'
import type { ExportUpdate } from './export-work-api.ts'
import { fileNameFor } from './file-name.ts'
import { downloadsFolder, fileTarget, type ExportTarget } from './export-target.ts'
import { rangesOfPlaces, type Place } from './places.ts'

type Start = InputOf<ApplicationApi, 'export.start'>

const ENDED_MAX = 100
/** A download that nobody asks for is forgotten when so many newer ones wait. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024

export interface ExportContext {
  readonly workers: InspectWorkers
  readonly jobs: Jobs
  readonly searches: Searches
  readonly nowMs: () => number
}

interface Work {
  readonly cluster: string
  readonly topics: readonly string[]
  readonly ranges: readonly ScanRange[]
  readonly direction: Direction
  readonly isolation?: 'read_uncommitted' | 'read_committed'
  readonly filter: RecordFilter
  readonly decoders?: NonNullable<Extract<Start['what'], { type: 'query' }>['decoders']>
  readonly places?: readonly Place[]
}

interface Entry {
  summary: Omit<ExportSummary, 'progress'>
  readonly start: Start
  readonly work: Work
  readonly books: PartitionProgress
  ended: Promise<unknown>
}

/** A file that is not complete is none. */
function incomplete({ code, message }: Problem): ContractError {
  return new ContractError({
    code,
    message: `the file would not be complete: ${message}`,
    remedy: 'Choose partitions that can be read, or wait until all of them can be and begin anew.',
  })
}

export class Exports {
  readonly #context: ExportContext
  readonly #entries = new Map<string, Entry>()
  #nextId = 1
  /** Exports in turn go to one worker and the other. */
  #runs = 0

  constructor(context: ExportContext) {
    this.#context = context
  }

  /** Rejects with a `ContractError` or `OperationalError`: nothing to read, nowhere to write. */
  async start(start: Start, signal: AbortSignal): Promise<ExportSummary> {
    const work = await this.#workOf(start, signal)
    const { nowMs } = this.#context
    const startedAtMs = BigInt(nowMs())
    const { format } = start.layout
    const fileName = fileNameFor({
      given: start.fileName,
      topics: work.topics,
      format,
      startedAtMs,
    })
    const exportId = `export-${this.#nextId++}`
    const download = start.target === 'download'
    const entry: Entry = {
      start,
      work,
      books: new PartitionProgress({ ranges: work.ranges, problems: [] }, work.direction),
      ended: Promise.resolve(),
      summary: {
        exportId,
        cluster: work.cluster,
        topics: work.topics,
        format,
        state: download ? 'ready' : 'running',
        problem: null,
        file: null,
        fileName,
        downloadPath: download ? `/export/${exportId}` : null,
        jobId: null,
        writtenRecords: 0n,
        writtenBytes: 0,
        startedAtMs,
      },
    }
    if (!download) this.#run(entry, await fileTarget(start.folder ?? downloadsFolder(), fileName))
    this.#entries.set(exportId, entry)
    this.#forgetOld()
    return this.#summaryOf(entry)
  }

  /** Answers a browser; false where there is no such download, or it was fetched before. */
  download(exportId: string, open: (fileName: string) => ExportTarget): boolean {
    const entry = this.#entries.get(exportId)
    if (entry === undefined || entry.summary.state !== 'ready') return false
    this.#run(entry, open(entry.summary.fileName))
    return true
  }

  /** Throws a `ContractError` NOT_FOUND. */
  get(exportId: string): ExportSummary {
    return this.#summaryOf(this.#entry(exportId))
  }

  list(): readonly ExportSummary[] {
    return [...this.#entries.values()].map(entry => this.#summaryOf(entry)).reverse()
  }

  async stop(exportId: string): Promise<ExportSummary> {
    const entry = this.#entry(exportId)
    const { state, jobId } = entry.summary
    if (state === 'ready') entry.summary = { ...entry.summary, state: 'stopped' }
    if (jobId !== null && state === 'running') this.#context.jobs.stop(jobId)
    await entry.ended
    return this.#summaryOf(entry)
  }

  async #workOf({ what }: Start, signal: AbortSignal): Promise<Work> {
    const { workers, searches } = this.#context
    if (what.type === 'records') {
      const { cluster, places, decoders } = what
      if (places.length === 0)
        throw new ContractError({ code: 'INVALID_INPUT', message: 'no records are chosen' })
      const topics = [...new Set(places.map(({ topic }) => topic))]
      const ranges = rangesOfPlaces(places)
      const chosen = decoders === undefined ? {} : { decoders }
      return { cluster, topics, ranges, direction: 'forward', filter: {}, places, ...chosen }
    }
    const given = what.type === 'search' ? searches.get(what.searchId).query : what
    const { cluster, filter, sources, from, direction, isolation, decoders } = given
    checkFilter(filter)
    const isolated = isolation === undefined ? {} : { isolation }
    // A file has an end, whatever a search has.
    const until = given.until.type === 'none' ? ({ type: 'now' } as const) : given.until
    // What a search found is found again in what it reads; without an end, up to the end as it is.
    const planned =
      what.type === 'search' && given.until.type !== 'none'
        ? searches.get(what.searchId).plan
        : await workers.call(
            'scan.plan',
            { cluster, sources, from, until, direction, ...isolated },
            { signal },
          )
    const [unread] = planned.problems
    if (unread !== undefined) throw incomplete(unread.problem)
    const ranges = planned.ranges.filter(({ start, end }) => end !== start)
    const topics = sources.map(({ topic }) => topic)
    const chosen = decoders === undefined ? {} : { decoders }
    return { cluster, topics, ranges, direction, filter, ...isolated, ...chosen }
  }

  #run(entry: Entry, target: ExportTarget): void {
    const { jobs } = this.#context
    const { cluster, topics, exportId } = entry.summary
    const total = entry.books.progress(0).totalOffsets
    const { jobId, ended } = jobs.start(
      {
        kind: 'export',
        cluster,
        subject: topics.join(', '),
        target: exportId,
        unit: 'offsets',
        total,
      },
      job => this.#write(entry, target, job),
    )
    entry.summary = { ...entry.summary, state: 'running', jobId }
    entry.ended = ended.catch(() => {})
  }

  async #write(entry: Entry, target: ExportTarget, job: RunningJob): Promise<void> {
    const { nowMs } = this.#context
    const broken = new AbortController()
    target.onBroken(error => broken.abort(error))
    try {
      await this.#pass(entry, target, AbortSignal.any([job.signal, broken.signal]), job)
      broken.signal.throwIfAborted()
      job.signal.throwIfAborted()
      const [failure] = entry.books.failures
      if (failure !== undefined) throw new ContractError(failure)
      const file = await target.complete()
      entry.summary = { ...entry.summary, state: 'done', file }
    } catch (error) {
      // Waiting for a stop or a failure: a file that is not complete is none.
      await target.discard()
      const problem = job.signal.aborted ? null : problemOf(error)
      const state = job.signal.aborted ? 'stopped' : 'failed'
      entry.summary = { ...entry.summary, state, problem }
      throw error
    } finally {
      entry.books.end(nowMs())
    }
  }

  async #pass(
    entry: Entry,
    target: ExportTarget,
    signal: AbortSignal,
    job: RunningJob,
  ): Promise<void> {
    const { workers, nowMs } = this.#context
    const { topics: _topics, places, ...work } = entry.work
    const left = entry.books.begin(nowMs())
    const books = left.map(({ book }) => book)
    const scanId = entry.summary.exportId
    const input = {
      ...work,
      scanId,
      ranges: left.map(({ range }) => range),
      layout: entry.start.layout,
      ...(places === undefined ? {} : { places }),
    }
    const take = (update: ExportUpdate) => {
      entry.books.take(books, update)
      entry.books.mark(nowMs())
      target.write(update.bytes)
      const { summary } = entry
      entry.summary = {
        ...summary,
        writtenRecords: BigInt(update.records),
        writtenBytes: summary.writtenBytes + update.bytes.length,
      }
      const { doneOffsets: done } = entry.books.progress(nowMs())
      job.report({ done, found: BigInt(update.records), errorCount: BigInt(update.errorCount) })
    }
    const sink = {
      signal,
      emit: (item: ExportUpdate | EncodedValue<ExportUpdate>) =>
        take(item instanceof EncodedValue ? decodeValue(item) : item),
      get congested() {
        return target.waitingBytes > WAITING_BYTES_MAX
      },
    }
    await workers.relay('scan.export', input, sink, { worker: this.#runs++ % workers.size })
  }

  #summaryOf({ summary, books }: Entry): ExportSummary {
    return { ...summary, progress: books.progress(this.#context.nowMs()) }
  }

  #entry(exportId: string): Entry {
    const entry = this.#entries.get(exportId)
    if (entry !== undefined) return entry
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no export is ${exportId}`,
      remedy: 'The application was started anew since then. Export again.',
    })
  }

  #forgetOld(): void {
    const over = [...this.#entries].filter(([, { summary }]) => summary.state !== 'running')
    for (const [exportId] of over.slice(0, -ENDED_MAX)) this.#entries.delete(exportId)
  }
}
