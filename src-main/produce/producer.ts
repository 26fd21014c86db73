/**
 * Sends records of one topic: gathers them into batches, sends each to its partition's leader, and
 * tries again what may be tried again. One batch of a partition is under way at a time, so that
 * order holds and sequences have no gaps, with and without idempotence.
 *
 * What came of each record is told by `Outcome`, with the number it was added under.
 */
import { assert } from '../../engine/support/assert.ts'
import type { Client } from '../../engine/client/client.ts'
import { codecById } from '../../engine/protocol/records/compression.ts'
import { compressionIdOf } from '../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../engine/protocol/records/record-reader.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import type { Delivery } from '../contract/api/produce.ts'
import type { Problem } from '../contract/define.ts'
import type { ProduceLimits } from '../contract/model/produce.ts'
import type { Wait } from '../lookups/watch.ts'
import { BatchWriter } from './batch-writer.ts'
import { BatchSender, type SendResult } from './batch-sender.ts'
import type { MadeRecord } from './made-record.ts'
import { produceProblem } from './produce-problem.ts'
import { Spread } from './spread.ts'
import { TopicLeaders } from './topic-leaders.ts'

export interface ProducerOptions {
  readonly client: Client
  readonly topic: string
  readonly delivery: Delivery
  readonly limits: ProduceLimits | null
  readonly nowMs: () => number
  readonly wait: Wait
  readonly random: () => number
  /** Kept by whoever makes several producers, so that turns go on. */
  readonly spread?: Spread
  readonly onWritten: (written: Written) => void
  readonly onRefused: (refused: Refused) => void
}

export interface Written {
  readonly partition: number
  /** Numbers of the records, in the order of their offsets. */
  readonly numbers: readonly number[]
  /** Null with acks 0. */
  readonly baseOffset: bigint | null
  /** -1 where records keep their own. */
  readonly logAppendTimeMs: bigint
  /** Of the batch as sent. */
  readonly sizeBytes: number
}

export interface Refused {
  readonly partition: number
  readonly numbers: readonly number[]
  readonly problem: Problem
}

interface Batch {
  readonly partition: number
  readonly bytes: Uint8Array
  readonly numbers: readonly number[]
}

interface Lane {
  writer: BatchWriter | null
  numbers: number[]
  /** Of its last batch: how much room the next one will want. */
  capacity: number
  readonly queue: Batch[]
  sending: boolean
}

/** Half of what brokers take by default (message.max.bytes), before compression. */
const BATCH_BYTES = 512 * 1024
const BATCH_RECORDS_MAX = 100_000
/** Batches that wait or are under way; over this whoever adds has to wait. */
const PENDING_BYTES_MAX = 32 * 1024 * 1024
/** Timestamps of one batch lie no further apart, which the batch's writer counts on. */
const TIMESTAMP_SPAN_MAX = 2 ** 50

export class Producer {
  readonly #options: ProducerOptions
  readonly #leaders: TopicLeaders
  readonly #spread: Spread
  readonly #sender: BatchSender
  readonly #lanes = new Map<number, Lane>()
  readonly #abort = new AbortController()
  #pendingBytes = 0
  #pendingCount = 0
  #waiting: (() => void)[] = []
  #firstTimestampMs = 0

  /** Throws a `ContractError` or `KafkaError` where the topic or a producer id cannot be had. */
  static async open(options: ProducerOptions): Promise<Producer> {
    const producer = new Producer(options)
    await producer.#leaders.refresh()
    producer.#setPartitions()
    if (options.delivery.idempotent) await producer.#sender.begin()
    return producer
  }

  private constructor(options: ProducerOptions) {
    const { client, topic, delivery, random } = options
    this.#options = options
    this.#leaders = new TopicLeaders(client, topic)
    this.#spread = options.spread ?? new Spread(delivery.partitioner, random)
    this.#sender = new BatchSender({
      ...options,
      leaders: this.#leaders,
      signal: this.#abort.signal,
      onLeaders: () => this.#setPartitions(),
    })
  }

  get partitionCount(): number {
    return this.#leaders.partitionCount
  }

  /** Null without idempotence. */
  get producerId(): bigint | null {
    return this.#sender.producerId
  }

  get retryCount(): number {
    return this.#sender.retryCount
  }

  /** More waits than should: `await drained()` before adding. */
  get full(): boolean {
    return this.#pendingBytes > PENDING_BYTES_MAX
  }

  /** Cheap. The record's bytes are taken at once. */
  add(record: MadeRecord, number: number): void {
    const partition = record.partition ?? this.#spread.partitionFor(record.key)
    const lane = this.#lane(partition)
    if (lane.writer !== null && !this.#fits(record)) this.#close(partition, lane)
    if (lane.writer === null) {
      lane.writer = new BatchWriter(lane.capacity)
      this.#firstTimestampMs = record.timestampMs
    }
    lane.writer.add(record)
    lane.numbers.push(number)
    const { sizeBytes, count } = lane.writer
    if (sizeBytes >= BATCH_BYTES || count >= BATCH_RECORDS_MAX) this.#close(partition, lane)
  }

  /** Closes what is gathered, and sends it. */
  flush(): void {
    for (const [partition, lane] of this.#lanes)
      if (lane.writer !== null) this.#close(partition, lane)
  }

  /** Resolves when there is room, or at once when it was aborted. */
  async drained(): Promise<void> {
    while (this.full && !this.#abort.signal.aborted) await this.#change()
  }

  /** Resolves when everything added is acknowledged, refused or given up. */
  async finished(): Promise<void> {
    this.flush()
    while (this.#pendingCount > 0) await this.#change()
  }

  /**
   * Sends nothing more. What is under way is waited for by `finished` as long as `graceMs`; what
   * waits is dropped, and told to nobody.
   */
  abort(graceMs: number): void {
    for (const lane of this.#lanes.values()) {
      lane.writer = null
      lane.numbers = []
      for (const { bytes } of lane.queue) this.#pendingBytes -= bytes.length
      this.#pendingCount -= lane.queue.length
      lane.queue.length = 0
    }
    this.#sender.abandonAfter(graceMs)
    this.#abort.abort()
    this.#changed()
  }

  #fits({ timestampMs }: MadeRecord): boolean {
    return Math.abs(timestampMs - this.#firstTimestampMs) < TIMESTAMP_SPAN_MAX
  }

  #setPartitions(): void {
    this.#spread.setPartitions(this.#leaders.partitionCount, this.#leaders.available)
  }

  #lane(partition: number): Lane {
    let lane = this.#lanes.get(partition)
    if (lane === undefined) {
      lane = { writer: null, numbers: [], capacity: 0, queue: [], sending: false }
      this.#lanes.set(partition, lane)
    }
    return lane
  }

  #close(partition: number, lane: Lane): void {
    const writer = lane.writer!
    const numbers = lane.numbers
    lane.capacity = writer.sizeBytes + writer.sizeBytes / 16
    lane.writer = null
    lane.numbers = []
    const bytes = writer.finish(this.#options.delivery.codec)
    this.#spread.batchClosed(partition)
    this.#enqueue(lane, [{ partition, bytes, numbers }])
  }

  #enqueue(lane: Lane, batches: readonly Batch[]): void {
    lane.queue.push(...batches)
    this.#count(batches, 1)
    if (!lane.sending) void this.#send(lane)
  }

  async #send(lane: Lane): Promise<void> {
    lane.sending = true
    for (;;) {
      const batch = lane.queue.shift()
      if (batch === undefined) break
      const result = await this.#sender.send(batch.partition, batch.bytes, batch.numbers.length)
      // What a broker refuses for one record's sake is sent again without that record.
      const rest = this.#settle(batch, result)
      lane.queue.unshift(...rest)
      this.#count(rest, 1)
      this.#count([batch], -1)
    }
    lane.sending = false
  }

  /** Tells what came of a batch; gives the batches that are to be sent instead of it. */
  #settle({ partition, bytes, numbers }: Batch, result: SendResult): readonly Batch[] {
    const { onWritten, onRefused, topic, limits } = this.#options
    if (result.type === 'written') {
      const { baseOffset, logAppendTimeMs } = result
      onWritten({ partition, numbers, baseOffset, logAppendTimeMs, sizeBytes: bytes.length })
      return []
    }
    if (result.type === 'abandoned') {
      onRefused({ partition, numbers, problem: result.problem })
      return []
    }
    const { error, reason, recordErrors } = result
    const refusal = { error, reason, topic, partition, limits, batchBytes: bytes.length }
    if (numbers.length === 1 || !concernsRecords.has(error)) {
      onRefused({ partition, numbers, problem: produceProblem(refusal) })
      return []
    }
    if (recordErrors.length === 0) return halves({ partition, bytes, numbers })
    const bad = new Map(recordErrors.map(each => [each.batchIndex, each.batchIndexErrorMessage]))
    const isBad = (index: number) => bad.has(index)
    for (const [index, said] of bad) {
      const problem = produceProblem({ ...refusal, reason: said ?? reason })
      onRefused({ partition, numbers: numbers.slice(index, index + 1), problem })
    }
    return bad.size >= numbers.length
      ? []
      : [part({ partition, bytes, numbers }, index => !isBad(index))]
  }

  #count(batches: readonly Batch[], sign: 1 | -1): void {
    for (const { bytes } of batches) this.#pendingBytes += sign * bytes.length
    this.#pendingCount += sign * batches.length
    assert(this.#pendingCount >= 0, 'a batch is counted off once')
    if (sign < 0) this.#changed()
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** Errors for which one record of a batch can be the reason. */
const concernsRecords: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
])

function halves(batch: Batch): readonly Batch[] {
  const middle = Math.ceil(batch.numbers.length / 2)
  return [part(batch, index => index < middle), part(batch, index => index >= middle)]
}

/** The batch made anew with some of its records, and its codec. */
function part({ partition, bytes, numbers }: Batch, keeps: (index: number) => boolean): Batch {
  const records = readRecords(bytes, 0).filter((_, index) => keeps(index))
  return {
    partition,
    numbers: numbers.filter((_, index) => keeps(index)),
    bytes: buildBatch({
      records: records.map(({ timestampMs, key, value, headers }) => ({
        timestampMs,
        key,
        value,
        headers,
      })),
      compression: codecById(compressionIdOf(bytes, 0)),
    }),
  }
}
