/** Statistics of topics: one job for each topic at most, and its last result until the next. */
import type { Jobs, RunningJob } from '../jobs/jobs.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  LargeKey,
  PartitionStatistics,
  Skew,
  StatisticsState,
  TopicStatistics,
} from '../contract/model/statistics.ts'
import { problemOf } from '../contract/problem.ts'
import { decodeLine } from '../decode/line.ts'
import { PartitionProgress } from '../scan/partition-progress.ts'
import { runShares } from '../scan/scan-runner.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'
import { largestOf, type HeavyKey, type HeavyState } from './heavy-sketch.ts'
import { HourTally } from './hour-tally.ts'
import { RecordTally } from './record-tally.ts'
import type { Figures, StatisticsUpdate } from './statistics-update.ts'
import { PARTITION_DISTINCT_BITS, TOTAL_DISTINCT_BITS, keyOfName } from './statistics-visitor.ts'

const LARGEST_KEYS = 100
/** Results that are kept; the oldest goes. */
const RESULTS_MAX = 50

export interface StatisticsContext {
  readonly workers: InspectWorkers
  readonly jobs: Jobs
  readonly nowMs: () => number
}

const NOTHING = new RecordTally(PARTITION_DISTINCT_BITS).statistics()

interface Subject {
  readonly cluster: string
  readonly topic: string
}

interface Entry extends Subject {
  state: StatisticsState
  problem: Problem | null
  jobId: string
  readonly startedAtMs: bigint
  endedAtMs: bigint | null
  readonly books: PartitionProgress
  /** Those without an offset to read have theirs from the beginning. */
  readonly partitions: Map<number, PartitionStatistics>
  readonly figures: Map<number, Figures>
  ended: Promise<unknown>
}

export class TopicStatisticsJobs {
  readonly #context: StatisticsContext
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<(subject: Subject) => void>()
  #nextId = 1

  constructor(context: StatisticsContext) {
    this.#context = context
  }

  /** Rejects with a `ContractError` where the topic cannot be read. */
  async start(
    subject: Subject,
    partitions: readonly number[] | null,
    signal: AbortSignal,
  ): Promise<TopicStatistics> {
    const running = this.#entries.get(nameOf(subject))
    if (running?.state === 'running') return this.#resultOf(running)
    const { cluster, topic } = subject
    const plan = await this.#context.workers.call(
      'scan.plan',
      {
        cluster,
        sources: [{ topic, partitions }],
        from: { type: 'oldest' },
        until: { type: 'now' },
        direction: 'forward',
      },
      { signal },
    )
    const entry: Entry = {
      cluster,
      topic,
      state: 'running',
      problem: null,
      jobId: '',
      startedAtMs: BigInt(this.#context.nowMs()),
      endedAtMs: null,
      books: new PartitionProgress(plan, 'forward'),
      partitions: new Map(
        plan.ranges
          .filter(({ start, end }) => start === end)
          .map(({ partition }) => [partition, { partition, ...NOTHING }]),
      ),
      figures: new Map(),
      ended: Promise.resolve(),
    }
    const { jobId, ended } = this.#context.jobs.start(
      {
        kind: 'statistics',
        cluster,
        subject: topic,
        unit: 'offsets',
        total: entry.books.progress(0).totalOffsets,
      },
      job => this.#work(entry, job),
    )
    entry.jobId = jobId
    entry.ended = ended.catch(() => {})
    this.#entries.delete(nameOf(subject))
    this.#entries.set(nameOf(subject), entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > RESULTS_MAX && oldest !== undefined) this.#entries.delete(oldest)
    this.#changed(entry)
    return this.#resultOf(entry)
  }

  /** Throws a `ContractError` NOT_FOUND. */
  async stop(subject: Subject): Promise<TopicStatistics> {
    const entry = this.#entries.get(nameOf(subject))
    if (entry === undefined)
      throw new ContractError({
        code: 'NOT_FOUND',
        message: `no statistics of ${subject.topic} were asked for`,
      })
    if (entry.state === 'running') this.#context.jobs.stop(entry.jobId)
    await entry.ended
    return this.#resultOf(entry)
  }

  get(subject: Subject): TopicStatistics | null {
    const entry = this.#entries.get(nameOf(subject))
    return entry === undefined ? null : this.#resultOf(entry)
  }

  onChange(listener: (subject: Subject) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #work(entry: Entry, job: RunningJob): Promise<void> {
    const { workers, nowMs } = this.#context
    const { cluster, books } = entry
    try {
      await runShares<StatisticsUpdate>({
        workers,
        cluster,
        scanId: `statistics-${this.#nextId++}`,
        left: books.begin(nowMs()),
        signal: job.signal,
        mayHang: false,
        open: (share, reader) =>
          workers.stream(
            'scan.statistics',
            { cluster, scanId: share.scanId, ranges: share.ranges, direction: 'forward' },
            reader,
            { worker: share.worker },
          ),
        take: (share, update) => {
          books.take(share.books, update)
          books.mark(nowMs())
          if (update.figures !== null) {
            entry.figures.set(share.worker, update.figures)
            for (const { statistics } of update.figures.partitions)
              entry.partitions.set(statistics.partition, statistics)
          }
          job.report({ done: books.progress(nowMs()).doneOffsets })
          this.#changed(entry)
        },
      })
      if (books.allFailed) throw new ContractError(books.failures[0]!)
      entry.state = job.signal.aborted ? 'stopped' : 'done'
    } catch (error) {
      entry.state = 'failed'
      entry.problem = problemOf(error)
      throw error
    } finally {
      entry.endedAtMs = BigInt(nowMs())
      books.end(nowMs())
      this.#changed(entry)
    }
  }

  #resultOf(entry: Entry): TopicStatistics {
    const total = new RecordTally(TOTAL_DISTINCT_BITS)
    const hours = new HourTally()
    const all = [...entry.figures.values()]
    let otherHours = 0
    for (const figures of all) {
      total.merge(figures.total)
      hours.merge(figures.hours)
      otherHours += figures.otherHours
    }
    const { cluster, topic, state, problem, jobId, startedAtMs, endedAtMs } = entry
    const partitions = [...entry.partitions.values()].sort((a, b) => a.partition - b.partition)
    const largest = (states: readonly HeavyState[]) =>
      largestOf(states, LARGEST_KEYS).map(key => largeKey(topic, key))
    return {
      cluster,
      topic,
      state,
      problem,
      jobId,
      startedAtMs,
      endedAtMs,
      progress: entry.books.progress(this.#context.nowMs()),
      total: total.statistics(),
      partitions,
      hours: hours.counts(),
      otherHoursCount: BigInt(otherHours + hours.others),
      largestKeys: {
        byCount: largest(all.map(({ byCount }) => byCount)),
        byBytes: largest(all.map(({ byBytes }) => byBytes)),
      },
      skew: skewOf(partitions),
    }
  }

  #changed(subject: Subject): void {
    for (const listener of this.#listeners) listener(subject)
  }
}

function nameOf({ cluster, topic }: Subject): string {
  return `${cluster}/${topic}`
}

function largeKey(topic: string, { name, partition, amount, over }: HeavyKey): LargeKey {
  const { bytes, truncated } = keyOfName(name)
  const line = decodeLine(bytes, 'auto', { topic, part: 'key' }, { complete: !truncated })
  return {
    key: line.text,
    keyBytes: bytes,
    truncated: truncated || line.truncated,
    partition,
    amount: BigInt(amount),
    overcount: BigInt(over),
  }
}

export function skewOf(partitions: readonly PartitionStatistics[]): Skew {
  const records = partitions.map(each => Number(each.records))
  const bytes = partitions.map(each => Number(each.storedBytes))
  const mean = meanOf(records)
  const variance = meanOf(records.map(each => (each - mean) ** 2))
  const fullest = partitions.reduce<PartitionStatistics | null>(
    (best, each) => (best === null || each.records > best.records ? each : best),
    null,
  )
  return {
    recordsRatio: mean === 0 ? 1 : Math.max(...records) / mean,
    bytesRatio: meanOf(bytes) === 0 ? 1 : Math.max(...bytes) / meanOf(bytes),
    recordsVariation: mean === 0 ? 0 : Math.sqrt(variance) / mean,
    fullestPartition: fullest === null || fullest.records === 0n ? null : fullest.partition,
    emptyPartitions: records.filter(each => each === 0).length,
  }
}

function meanOf(figures: readonly number[]): number {
  if (figures.length === 0) return 0
  return figures.reduce((sum, each) => sum + each, 0) / figures.length
}
