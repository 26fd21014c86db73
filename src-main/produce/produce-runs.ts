/** The runs of many records: each a job, watched by pages, and remembered for a while. */
import type { produceApi } from '../contract/api/produce.ts'
import { ContractError, type InputOf, type StreamSink } from '../contract/define.ts'
import type { ProduceRun, RunError } from '../contract/model/produce.ts'
import type { Jobs, RunningJob } from '../jobs/jobs.ts'
import { RateWindow } from '../jobs/rate-window.ts'
import type { Wait } from '../lookups/watch.ts'
import type { ProduceThread } from './thread/produce-thread.ts'
import type { RunReport } from './thread/produce-worker-api.ts'

const ENDED_MAX = 30
const UPDATE_INTERVAL_MS = 250

interface Entry {
  run: ProduceRun
  readonly records: RateWindow
  readonly bytes: RateWindow
  readonly listeners: Set<() => void>
}

export interface ProduceRunsOptions {
  readonly thread: ProduceThread
  readonly jobs: Jobs
  readonly nowMs: () => number
  readonly wait: Wait
}

type StartInput = InputOf<typeof produceApi, 'produce.start'>

export class ProduceRuns {
  readonly #options: ProduceRunsOptions
  readonly #entries = new Map<string, Entry>()
  #nextId = 1

  constructor(options: ProduceRunsOptions) {
    this.#options = options
  }

  /** Throws a `ContractError` where it cannot even begin. */
  async start(input: StartInput): Promise<ProduceRun> {
    const { thread, jobs, nowMs } = this.#options
    const { cluster, topic, run } = input
    const runId = `run-${this.#nextId++}`
    const clusters = run.type === 'replay' ? [cluster, run.from.cluster] : [cluster]
    await thread.call('run.start', { runId, start: input }, clusters)
    const total = run.type === 'template' && run.count !== null ? BigInt(run.count) : null
    const { jobId } = jobs.start(
      {
        kind: run.type === 'replay' ? 'replay' : 'produce',
        cluster,
        subject: topic,
        target: runId,
        unit: run.type === 'file' ? 'bytes' : 'records',
        total: run.type === 'file' && run.sizeBytes !== null ? BigInt(run.sizeBytes) : total,
      },
      // The entry exists before the job's first step.
      async job => {
        await Promise.resolve()
        return this.#follow(this.#entry(runId), job)
      },
    )
    const entry: Entry = {
      run: {
        runId,
        jobId,
        kind: run.type,
        cluster,
        topic,
        state: 'running',
        startedAtMs: BigInt(nowMs()),
        endedAtMs: null,
        total,
        sentCount: 0n,
        sentBytes: 0n,
        failedCount: 0n,
        recordsPerSecond: 0,
        bytesPerSecond: 0,
        retryCount: 0,
        readBytes: run.type === 'file' ? 0n : null,
        last: null,
        errors: [],
        problem: null,
      },
      records: new RateWindow(),
      bytes: new RateWindow(),
      listeners: new Set(),
    }
    this.#entries.set(runId, entry)
    this.#forgetOldest()
    return entry.run
  }

  get(runId: string): ProduceRun {
    return this.#entry(runId).run
  }

  /** Of one topic, the newest first. */
  list(cluster: string, topic: string): readonly ProduceRun[] {
    return [...this.#entries.values()]
      .map(({ run }) => run)
      .filter(run => run.cluster === cluster && run.topic === topic)
      .reverse()
  }

  stop(runId: string): ProduceRun {
    const { run } = this.#entry(runId)
    this.#options.jobs.stop(run.jobId)
    return this.get(runId)
  }

  async feed(runId: string, bytes: Uint8Array, last: boolean): Promise<null> {
    this.#entry(runId)
    return this.#options.thread.call('run.feed', { runId, bytes, last }, [])
  }

  async errors(runId: string, from: number, limit: number): Promise<readonly RunError[]> {
    this.#entry(runId)
    return this.#options.thread.call('run.errors', { runId, from, limit }, [])
  }

  async watch(runId: string, sink: StreamSink<ProduceRun>): Promise<void> {
    const { wait } = this.#options
    const entry = this.#entry(runId)
    let wake = () => {}
    const listener = () => wake()
    entry.listeners.add(listener)
    sink.signal.addEventListener('abort', listener)
    let sent: ProduceRun | null = null
    while (!sink.signal.aborted) {
      const { run } = entry
      if (run !== sent && !sink.congested) sink.emit((sent = run))
      if (sent === run && run.endedAtMs !== null) break
      await wait(UPDATE_INTERVAL_MS, sink.signal)
      if (entry.run === sent && !sink.signal.aborted)
        await new Promise<void>(resolve => (wake = resolve))
    }
    entry.listeners.delete(listener)
  }

  async #follow(entry: Entry, job: RunningJob): Promise<void> {
    const { thread } = this.#options
    const { runId } = entry.run
    const onStop = () => {
      this.#change(entry, { state: 'stopping' })
      thread.call('run.stop', { runId }, []).catch(() => {})
    }
    job.signal.addEventListener('abort', onStop, { once: true })
    if (job.signal.aborted) onStop()
    try {
      await thread.watch(runId, report => this.#report(entry, report, job))
    } catch (error) {
      // The thread is gone, and the run with it: what was sent is as it was last reported.
      const problem = error instanceof ContractError ? error.problem : null
      if (problem === null) throw error
      this.#report(entry, { ...entry.run, state: 'failed', problem }, job)
    }
    if (entry.run.problem !== null) throw new ContractError(entry.run.problem)
  }

  #report(entry: Entry, report: RunReport, job: RunningJob): void {
    const nowMs = this.#options.nowMs()
    const { sentCount, sentBytes, failedCount, readBytes } = report
    const ended = report.state !== 'running' && report.state !== 'stopping'
    entry.records.add({ atMs: nowMs, done: sentCount })
    entry.bytes.add({ atMs: nowMs, done: sentBytes })
    const elapsedMs = Math.max(nowMs - Number(entry.run.startedAtMs), 1)
    const rateOf = (window: RateWindow, done: bigint) =>
      ended ? (Number(done) * 1_000) / elapsedMs : (window.ratePerSecond() ?? 0)
    this.#change(entry, {
      ...report,
      endedAtMs: ended ? BigInt(nowMs) : null,
      recordsPerSecond: rateOf(entry.records, sentCount),
      bytesPerSecond: rateOf(entry.bytes, sentBytes),
    })
    // A file's job counts bytes: nobody knows beforehand how many records there are.
    const inBytes = readBytes !== null
    job.report({
      done: inBytes ? readBytes : sentCount + failedCount,
      ...(inBytes || report.total === null ? {} : { total: report.total }),
      found: inBytes ? sentCount : null,
      errorCount: failedCount,
    })
  }

  #change(entry: Entry, change: Partial<ProduceRun>): void {
    entry.run = { ...entry.run, ...change }
    for (const listener of entry.listeners) listener()
  }

  #forgetOldest(): void {
    const ended = [...this.#entries.values()].filter(({ run }) => run.endedAtMs !== null)
    for (const { run } of ended.slice(0, Math.max(ended.length - ENDED_MAX, 0))) {
      this.#entries.delete(run.runId)
      this.#options.thread.call('run.forget', { runId: run.runId }, []).catch(() => {})
    }
  }

  #entry(runId: string): Entry {
    const entry = this.#entries.get(runId)
    if (entry !== undefined) return entry
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no run is ${runId}`,
      remedy: 'It has ended, and is no longer remembered.',
    })
  }
}
