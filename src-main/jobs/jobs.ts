/**
 * Long work that outlives the page that began it. Whoever starts a job runs it; here is only what
 * all of them share: how far it is, how fast, that it can be stopped, and that it is listed.
 */
import { ContractError } from '../contract/define.ts'
import type { JobKind, JobProgress, JobSummary } from '../contract/model/job.ts'
import { problemOf } from '../contract/problem.ts'
import { RateWindow, rateBetween, timeLeftMs } from './rate-window.ts'

/** Jobs that have ended and are still listed; the oldest go first. */
const ENDED_MAX = 50

export interface JobOptions {
  readonly kind: JobKind
  readonly cluster: string
  /** What it is about, as a person reads it: a topic. */
  readonly subject: string
  /** The id of what it works for, as a search's. */
  readonly target?: string
  readonly unit: JobProgress['unit']
  readonly total?: bigint | null
}

/** What the work itself holds. */
export interface RunningJob {
  readonly jobId: string
  /** Aborted by a stop. The work ends within 100 ms of it, by returning or by throwing. */
  readonly signal: AbortSignal
  /** Cheap, and may be called as often as one likes. */
  report(progress: Partial<Omit<JobProgress, 'unit'>>): void
}

export interface StartedJob<T> {
  readonly jobId: string
  /** What the work returned. It rejects with what the work threw, and may be left unheard. */
  readonly ended: Promise<T>
}

interface Entry {
  summary: Omit<JobSummary, 'ratePerSecond' | 'timeLeftMs'>
  readonly rate: RateWindow
  readonly abort: AbortController
}

export class Jobs {
  readonly #nowMs: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<() => void>()
  #nextId = 1

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  start<T>(options: JobOptions, work: (job: RunningJob) => Promise<T>): StartedJob<T> {
    const jobId = `job-${this.#nextId++}`
    const { kind, cluster, subject, target = null, unit, total = null } = options
    const entry: Entry = {
      summary: {
        jobId,
        kind,
        cluster,
        subject,
        target,
        state: 'running',
        progress: { unit, done: 0n, total, found: null, errorCount: 0n },
        startedAtMs: BigInt(this.#nowMs()),
        endedAtMs: null,
        problem: null,
      },
      rate: new RateWindow(),
      abort: new AbortController(),
    }
    entry.rate.add({ atMs: this.#nowMs(), done: 0n })
    this.#entries.set(jobId, entry)
    this.#changed()
    const ended = this.#run(entry, work)
    // Its problem is in its summary; whoever awaits `ended` hears of it once more.
    ended.catch(() => {})
    return { jobId, ended }
  }

  /** The newest first. */
  list(): readonly JobSummary[] {
    return [...this.#entries.values()].map(entry => this.#summaryOf(entry)).reverse()
  }

  /** Throws a `ContractError` NOT_FOUND. */
  get(jobId: string): JobSummary {
    return this.#summaryOf(this.#entry(jobId))
  }

  stop(jobId: string): JobSummary {
    const entry = this.#entry(jobId)
    if (entry.summary.state === 'running') {
      entry.summary = { ...entry.summary, state: 'stopping' }
      this.#changed()
      entry.abort.abort()
    }
    return this.#summaryOf(entry)
  }

  /** Null takes all that have ended off the list. */
  dismiss(jobId: string | null): void {
    const ended = this.#ended().filter(entry => jobId === null || entry.summary.jobId === jobId)
    for (const { summary } of ended) this.#entries.delete(summary.jobId)
    if (ended.length > 0) this.#changed()
  }

  /** Hears that something changed, as often as it does. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells all of them to stop. */
  close(): void {
    for (const { summary } of this.#entries.values()) this.stop(summary.jobId)
  }

  async #run<T>(entry: Entry, work: (job: RunningJob) => Promise<T>): Promise<T> {
    const { jobId } = entry.summary
    const { signal } = entry.abort
    try {
      const result = await work({
        jobId,
        signal,
        report: progress => this.#report(entry, progress),
      })
      this.#end(entry, signal.aborted ? 'stopped' : 'done')
      return result
    } catch (error) {
      if (signal.aborted) this.#end(entry, 'stopped')
      else {
        entry.summary = { ...entry.summary, problem: problemOf(error) }
        this.#end(entry, 'failed')
      }
      throw error
    }
  }

  #report(entry: Entry, progress: Partial<JobProgress>): void {
    entry.summary = {
      ...entry.summary,
      progress: { ...entry.summary.progress, ...progress },
    }
    entry.rate.add({ atMs: this.#nowMs(), done: entry.summary.progress.done })
    this.#changed()
  }

  #end(entry: Entry, state: 'done' | 'stopped' | 'failed'): void {
    entry.summary = { ...entry.summary, state, endedAtMs: BigInt(this.#nowMs()) }
    const tooMany = this.#ended().slice(0, -ENDED_MAX)
    for (const { summary } of tooMany) this.#entries.delete(summary.jobId)
    this.#changed()
  }

  #summaryOf({ summary, rate }: Entry): JobSummary {
    const { startedAtMs, endedAtMs, progress } = summary
    const begin = { atMs: Number(startedAtMs), done: 0n }
    const ratePerSecond =
      endedAtMs === null
        ? rate.ratePerSecond()
        : rateBetween(begin, { atMs: Number(endedAtMs), done: progress.done })
    const left =
      endedAtMs === null ? timeLeftMs(progress.done, progress.total, ratePerSecond) : null
    return { ...summary, ratePerSecond, timeLeftMs: left }
  }

  #ended(): readonly Entry[] {
    return [...this.#entries.values()].filter(({ summary }) => summary.endedAtMs !== null)
  }

  #entry(jobId: string): Entry {
    const entry = this.#entries.get(jobId)
    if (entry !== undefined) return entry
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no job is ${jobId}`,
      remedy: 'It has ended and was taken off the list.',
    })
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
