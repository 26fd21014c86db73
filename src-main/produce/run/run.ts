/**
 * One run of many records, from its source to the brokers: at a rate or as fast as they are taken,
 * counted, its errors kept, stopped within a moment.
 */
import { setImmediate } from 'node:timers/promises'
import type { Client } from '../../../engine/client/client.ts'
import { RUN_ERRORS_MAX, type Delivery } from '../../contract/api/produce.ts'
import type { Problem } from '../../contract/define.ts'
import type { ProduceLimits, ProduceRun, RunError } from '../../contract/model/produce.ts'
import { problemOf } from '../../contract/problem.ts'
import type { Wait } from '../../lookups/watch.ts'
import type { MadeRecord } from '../made-record.ts'
import { noPartition } from '../no-partition.ts'
import { Producer } from '../producer.ts'
import { Pacer } from './pacer.ts'
import type { RecordSink, RecordSource } from './record-source.ts'

export interface RunOptions {
  readonly client: Client
  readonly topic: string
  readonly delivery: Delivery
  readonly limits: ProduceLimits | null
  readonly source: RecordSource
  /** Records a second; null for no limit. */
  readonly rate: number | null
  readonly durationMs: number | null
  readonly continueAfterErrors: boolean
  readonly nowMs: () => number
  readonly wait: Wait
  readonly random: () => number
}

/** What a run has come to; the rest of a `ProduceRun` its owner knows. */
export type RunProgress = Pick<
  ProduceRun,
  'sentCount' | 'sentBytes' | 'failedCount' | 'retryCount' | 'last' | 'errors' | 'problem' | 'state'
>

/** Records made before the loop looks up: about a millisecond's worth. */
const SLICE_RECORDS = 500
const SLICE_MS = 8
/** A stop is done with after 100 ms, so answers on their way get a little less. */
const STOP_GRACE_MS = 70
/** At a rate, what is gathered leaves at least this often. */
const LINGER_MS = 5
const ERRORS_SHOWN = 20

export class Run {
  readonly #options: RunOptions
  readonly #abort = new AbortController()
  readonly #errors: RunError[] = []
  #sentCount = 0
  #sentBytes = 0
  #failedCount = 0
  #producer: Producer | null = null
  #last: ProduceRun['last'] = null
  #problem: Problem | null = null
  #state: ProduceRun['state'] = 'running'

  constructor(options: RunOptions) {
    this.#options = options
  }

  progress(): RunProgress {
    return {
      state: this.#state,
      sentCount: BigInt(this.#sentCount),
      sentBytes: BigInt(this.#sentBytes),
      failedCount: BigInt(this.#failedCount),
      retryCount: this.#producer?.retryCount ?? 0,
      last: this.#last,
      errors: this.#errors.slice(0, ERRORS_SHOWN),
      problem: this.#problem,
    }
  }

  errors(from: number, limit: number): readonly RunError[] {
    return this.#errors.slice(from, from + limit)
  }

  /** Sends nothing more; `finished` comes within 100 ms. */
  stop(): void {
    if (this.#state !== 'running') return
    this.#state = 'stopping'
    this.#pullNoMore()
    this.#producer?.abort(STOP_GRACE_MS)
  }

  /** Runs to the end, whatever that is: the progress says how it went. */
  async run(): Promise<void> {
    const { source } = this.#options
    try {
      this.#producer = await this.#open()
      await this.#pump(this.#producer)
      await this.#producer.finished()
      if (this.#state === 'stopping') this.#state = 'stopped'
      else if (this.#problem !== null) this.#state = 'failed'
      else this.#state = 'done'
    } catch (error) {
      // Whatever ended it is shown with the run.
      this.#problem ??= problemOf(error)
      this.#state = 'failed'
      this.#producer?.abort(STOP_GRACE_MS)
    } finally {
      source.close()
    }
  }

  #open(): Promise<Producer> {
    const { client, topic, delivery, limits, nowMs, wait, random } = this.#options
    return Producer.open({
      client,
      topic,
      delivery,
      limits,
      nowMs,
      wait,
      random,
      onWritten: ({ partition, numbers, baseOffset, sizeBytes }) => {
        this.#sentCount += numbers.length
        this.#sentBytes += sizeBytes
        if (baseOffset !== null)
          this.#last = { partition, offset: baseOffset + BigInt(numbers.length - 1) }
      },
      onRefused: ({ numbers, problem }) => {
        for (const number of numbers) this.#fail(number, problem)
      },
    })
  }

  async #pump(producer: Producer): Promise<void> {
    const { source, rate, durationMs, nowMs, wait } = this.#options
    const { signal } = this.#abort
    const beginMs = nowMs()
    const endMs = durationMs === null ? Infinity : beginMs + durationMs
    const pacer = rate === null ? null : new Pacer(rate, beginMs)
    const sink: RecordSink = {
      add: (record, number) => this.#add(producer, record, number),
      fail: (number, problem) => {
        if (!signal.aborted) this.#fail(number, problem)
      },
    }
    let lookedUpMs = beginMs
    while (!signal.aborted && nowMs() < endMs) {
      const allowed = Math.min(pacer?.allowed(nowMs()) ?? Infinity, SLICE_RECORDS)
      if (allowed === 0) {
        producer.flush()
        const untilMs = Math.min(pacer!.waitMs(nowMs()), endMs - nowMs())
        await wait(Math.max(untilMs, LINGER_MS), signal)
        continue
      }
      const pulling = source.pull(allowed, sink)
      // Before it waits for a file, what is gathered leaves.
      if (pulling instanceof Promise) producer.flush()
      const pulled = pulling instanceof Promise ? await pulling : pulling
      if (pulled === null) return
      pacer?.gave(pulled)
      if (producer.full) await producer.drained()
      if (nowMs() - lookedUpMs < SLICE_MS) continue
      await setImmediate()
      lookedUpMs = nowMs()
    }
  }

  #add(producer: Producer, record: MadeRecord, number: number): void {
    // The source may still be giving what came with the record that ended the run.
    if (this.#abort.signal.aborted) return
    const partitionCount = producer.partitionCount
    if (record.partition !== null && record.partition >= partitionCount) {
      const { topic } = this.#options
      this.#fail(number, noPartition(topic, record.partition, partitionCount))
    } else producer.add(record, number)
  }

  #fail(number: number, problem: Problem): void {
    this.#failedCount += 1
    if (this.#errors.length < RUN_ERRORS_MAX) this.#errors.push({ record: BigInt(number), problem })
    if (this.#options.continueAfterErrors || this.#problem !== null) return
    // A stop is no error: what it left unsent is counted, and the run is still only stopped.
    if (this.#state !== 'running') return
    this.#problem = problem
    // What was made before it is sent all the same.
    this.#pullNoMore()
  }

  #pullNoMore(): void {
    this.#abort.abort()
    this.#options.source.close()
  }
}
