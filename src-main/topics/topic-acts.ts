/**
 * Acts on several topics, share by share, each act a job. One topic that refuses does not keep the
 * others. What is under way when a job is stopped is awaited, since only then is known what became
 * of it.
 */
import type { ClusterRegistry } from '../clusters/cluster-registry.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { TopicAct } from '../contract/api/topic-act.ts'
import { ContractError, type StreamSink } from '../contract/define.ts'
import type { EventHub } from '../contract/event-hub.ts'
import type { TopicActProgress, TopicActResult } from '../contract/model/topic-act.ts'
import { problemOf } from '../contract/problem.ts'
import type { Jobs, RunningJob } from '../jobs/jobs.ts'
import type { Wait } from '../lookups/watch.ts'
import { alterConfigurations } from './alter-configurations.ts'
import { emptyTopics } from './purge.ts'
import { deleteTopics } from './topic-changes.ts'

/** Topics of one request: a share takes some tenths of a second, and then a stop is heard. */
const SHARE: Readonly<Record<TopicAct['type'], number>> = { delete: 100, purge: 50, configure: 100 }
/** Lists read themselves anew after a change, so they are not told of every share. */
const TELL_INTERVAL_MS = 1_000
const UPDATE_INTERVAL_MS = 250
const SUBJECT_NAMES_MAX = 3
/** Acts whose results are kept; the oldest that have ended go first. */
const ACTS_MAX = 50

export interface TopicActsOptions {
  readonly clusters: ClusterRegistry
  readonly events: EventHub<ApplicationApi>
  readonly jobs: Jobs
  readonly nowMs: () => number
  readonly wait: Wait
}

interface Asked {
  readonly cluster: string
  readonly topics: readonly string[]
  readonly act: TopicAct
}

interface Entry extends Asked {
  readonly results: TopicActResult[]
  readonly listeners: Set<() => void>
}

export class TopicActs {
  readonly #options: TopicActsOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: TopicActsOptions) {
    this.#options = options
  }

  /** Throws a `ContractError` READ_ONLY or NOT_FOUND. */
  start({ cluster, topics, act }: Asked): { readonly jobId: string } {
    const { clusters, jobs } = this.#options
    clusters.getForChange(cluster)
    const names = [...new Set(topics)]
    const entry: Entry = { cluster, topics: names, act, results: [], listeners: new Set() }
    const { jobId } = jobs.start(
      {
        kind: act.type,
        cluster,
        subject: subjectOf(names),
        unit: 'topics',
        total: BigInt(names.length),
      },
      async job => {
        // The entry exists before the job's first step.
        await Promise.resolve()
        await this.#run(entry, job)
      },
    )
    this.#entries.set(jobId, entry)
    this.#forgetOldest()
    return { jobId }
  }

  /** Sends results from `from` on until the job has ended. */
  async watch(jobId: string, from: number, sink: StreamSink<TopicActProgress>): Promise<void> {
    const entry = this.#entry(jobId)
    const { jobs, wait } = this.#options
    let [sent, shown] = [from, '']
    let wake = () => {}
    const stops = [jobs.onChange(() => wake()), listen(entry, () => wake())]
    sink.signal.addEventListener('abort', () => wake())
    try {
      while (!sink.signal.aborted) {
        const { state, problem } = jobs.get(jobId)
        const digest = `${state} ${entry.results.length}`
        const isOver = state !== 'running' && state !== 'stopping'
        if (digest !== shown && !sink.congested) {
          shown = digest
          const results = entry.results.slice(sent)
          const { act, topics } = entry
          sink.emit({
            act: act.type,
            state,
            problem,
            askedCount: topics.length,
            from: sent,
            results,
          })
          sent += results.length
          if (isOver) return
        }
        await wait(UPDATE_INTERVAL_MS, sink.signal)
        const same = `${jobs.get(jobId).state} ${entry.results.length}` === shown
        if (same && !sink.signal.aborted) await new Promise<void>(resolve => (wake = resolve))
      }
    } finally {
      for (const stop of stops) stop()
    }
  }

  async #run(entry: Entry, job: RunningJob): Promise<void> {
    const { nowMs } = this.#options
    const { topics, act, results } = entry
    let [errorCount, toldAtMs] = [0n, nowMs()]
    try {
      for (let at = 0; at < topics.length && !job.signal.aborted; at += SHARE[act.type]) {
        const share = await this.#do(entry, topics.slice(at, at + SHARE[act.type]), job.signal)
        results.push(...share)
        errorCount += BigInt(share.filter(({ problem }) => problem !== null).length)
        job.report({ done: BigInt(results.length), errorCount })
        for (const listener of entry.listeners) listener()
        if (nowMs() - toldAtMs < TELL_INTERVAL_MS) continue
        toldAtMs = nowMs()
        this.#tell(entry)
      }
    } finally {
      this.#tell(entry)
    }
  }

  async #do(
    { cluster, act }: Entry,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly TopicActResult[]> {
    try {
      // Asked for anew with each share: the cluster may have become read-only, or be gone.
      const { client, kind } = this.#options.clusters.getForChange(cluster)
      switch (act.type) {
        case 'delete':
          return (await deleteTopics(client, names)).map(each => ({ ...nothing, ...each }))
        case 'purge':
          return (await emptyTopics(client, names)).map(each => ({ ...nothing, ...each }))
        case 'configure': {
          const resources = names.map(name => ({ type: 'topic' as const, name }))
          const altered = await alterConfigurations(
            client,
            { resources, changes: [act.change], validateOnly: false },
            { ownEngine: kind === 'local', wait: this.#options.wait, signal },
          )
          return altered.map(({ problem, readBack }, index) => {
            const { value, unit, type } = readBack?.[0] ?? {}
            const told = value === undefined || unit === undefined || type === undefined
            return {
              ...nothing,
              name: names[index]!,
              problem,
              readBack: told ? null : { value, unit, type },
            }
          })
        }
      }
    } catch (error) {
      // Waiting for all shares: one that could not be asked for does not keep the next from being
      // tried, and says why.
      const problem = problemOf(error)
      return names.map(name => ({ ...nothing, name, problem }))
    }
  }

  #tell({ cluster, act }: Entry): void {
    const { events } = this.#options
    events.emit(act.type === 'configure' ? 'configurations.changed' : 'topics.changed', { cluster })
  }

  #entry(jobId: string): Entry {
    const entry = this.#entries.get(jobId)
    if (entry !== undefined) return entry
    throw new ContractError({ code: 'NOT_FOUND', message: `no act on topics is ${jobId}` })
  }

  #forgetOldest(): void {
    const { jobs } = this.#options
    const running = new Set(
      jobs.list().flatMap(({ jobId, endedAtMs }) => (endedAtMs === null ? [jobId] : [])),
    )
    const ended = [...this.#entries.keys()].filter(jobId => !running.has(jobId))
    for (const jobId of ended.slice(0, Math.max(0, this.#entries.size - ACTS_MAX)))
      this.#entries.delete(jobId)
  }
}

const nothing = { recordCount: null, readBack: null }

function listen({ listeners }: Entry, listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function subjectOf(names: readonly string[]): string {
  const shown = names.slice(0, SUBJECT_NAMES_MAX).join(', ')
  return names.length > SUBJECT_NAMES_MAX ? `${shown}, …` : shown
}
