/**
 * Brings one batch to its leader, as often as it takes until its time is over. It knows producer
 * ids and sequences; what a batch holds, and what becomes of refused ones, is its caller's.
 *
 * The caller sends one batch of a partition at a time. So a sequence is used up only by a batch
 * that was written, and one that is sent again carries the one it had.
 */
import type { Client } from '../../engine/client/client.ts'
import { errorName, errorTable, KafkaError, type ErrorName } from '../../engine/protocol/errors.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../engine/protocol/messages/init-producer-id.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { addSequence } from '../../engine/protocol/records/record-batch.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { Delivery } from '../contract/api/produce.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import { cancelled, kafkaProblem, problemOf } from '../contract/problem.ts'
import type { Wait } from '../lookups/watch.ts'
import { stampProducer } from './batch-writer.ts'
import type { TopicLeaders } from './topic-leaders.ts'

export interface BatchSenderOptions {
  readonly client: Client
  readonly topic: string
  readonly delivery: Delivery
  readonly nowMs: () => number
  readonly wait: Wait
  readonly leaders: TopicLeaders
  /** Aborted: nothing is tried again. */
  readonly signal: AbortSignal
  /** Leaders or the number of partitions may have changed. */
  onLeaders(): void
}

interface RecordError {
  readonly batchIndex: number
  readonly batchIndexErrorMessage: string | null
}

export type SendResult =
  | {
      readonly type: 'written'
      /** Null with acks 0, and for a batch that turned out to be written already. */
      readonly baseOffset: bigint | null
      readonly logAppendTimeMs: bigint
    }
  /** By the broker, for good. */
  | {
      readonly type: 'refused'
      readonly error: ErrorName
      readonly reason: string | null
      readonly recordErrors: readonly RecordError[]
    }
  /** Time is over, or it was stopped: whether it was written may be unknown. */
  | { readonly type: 'abandoned'; readonly problem: Problem }

type Attempt =
  | Exclude<SendResult, { type: 'abandoned' }>
  | {
      readonly type: 'retry'
      readonly problem: Problem
      /** It may have been written all the same. */
      readonly uncertain: boolean
      readonly newProducer?: boolean
    }

const TIMEOUT_MS = 60_000
const REQUEST_TIMEOUT_MS = 30_000
const BACKOFF_FIRST_MS = 50
const BACKOFF_LAST_MS = 1_000
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 12
const ACKS: Readonly<Record<Delivery['acks'], number>> = { '0': 0, '1': 1, all: -1 }

const produceApi = { request: produceRequest, response: produceResponse }
const initProducerIdApi = { request: initProducerIdRequest, response: initProducerIdResponse }

/** The broker no longer knows the producer, or not as far as it has come. */
const producerLost: ReadonlySet<ErrorName> = new Set([
  'UNKNOWN_PRODUCER_ID',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
])

export class BatchSender {
  readonly #options: BatchSenderOptions
  readonly #sequences = new Map<number, number>()
  #producer: { readonly id: bigint; readonly epoch: number } | null = null
  #beginning: Promise<void> | null = null
  readonly #abandoned = Promise.withResolvers<SendResult>()
  retryCount = 0

  constructor(options: BatchSenderOptions) {
    this.#options = options
  }

  get producerId(): bigint | null {
    return this.#producer?.id ?? null
  }

  /** Takes a producer id, and with it new sequences. Throws where it cannot be had. */
  begin(): Promise<void> {
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = null))
    return this.#beginning
  }

  /** After a stop: whoever still waits for an answer then gets none. */
  abandonAfter(graceMs: number): void {
    void this.#options.wait(graceMs, new AbortController().signal).then(() =>
      this.#abandoned.resolve({
        type: 'abandoned',
        problem: {
          ...cancelled,
          message: 'it was stopped before the broker answered: it may have been written',
        },
      }),
    )
  }

  async send(partition: number, batch: Uint8Array, recordCount: number): Promise<SendResult> {
    const { delivery, nowMs, wait, signal } = this.#options
    const deadlineMs = nowMs() + (delivery.timeoutMs ?? TIMEOUT_MS)
    let uncertain = false
    let last: Problem | null = null
    const producer = this.#producer
    for (let attempt = 0; ; attempt++) {
      if (signal.aborted && attempt === 0) return { type: 'abandoned', problem: cancelled }
      if (attempt > 0) {
        if (signal.aborted || nowMs() >= deadlineMs) return this.#gaveUp(last!, uncertain)
        this.retryCount += 1
        const backoffMs = backoffAfter(attempt - 1)
        await wait(Math.min(backoffMs, Math.max(deadlineMs - nowMs(), 0)), signal)
        await this.#refresh()
        // Another partition's trouble brought a new producer id, which would not know a duplicate.
        if (uncertain && this.#producer !== producer) return this.#gaveUp(last!, uncertain)
      }
      const attempted = this.#attempt(partition, batch, recordCount, deadlineMs)
      const result = await Promise.race([attempted, this.#abandoned.promise])
      if (result.type !== 'retry') return result
      uncertain ||= result.uncertain
      last = result.problem
      if (result.newProducer === true) {
        // With an earlier attempt in doubt, a new producer id would write it a second time.
        if (uncertain || attempt > 0) return this.#gaveUp(last, uncertain)
        await this.begin().catch(() => {})
      }
    }
  }

  async #begin(): Promise<void> {
    const { delivery, nowMs, wait, signal } = this.#options
    const deadlineMs = nowMs() + (delivery.timeoutMs ?? TIMEOUT_MS)
    for (let attempt = 0; ; attempt++) {
      const problem = await this.#askProducerId()
      if (problem === null) return
      const { code } = problem
      const retriable = code in errorTable && errorTable[code as ErrorName].retriable
      const backoffMs = backoffAfter(attempt)
      if (!retriable || signal.aborted || nowMs() + backoffMs >= deadlineMs)
        throw new ContractError(problem)
      // A broker that has just started has its ids in a moment.
      await wait(backoffMs, signal)
    }
  }

  /** Null when there is one. */
  async #askProducerId(): Promise<Problem | null> {
    const answer = await this.#options.client
      .request({ type: 'any' }, initProducerIdApi, {
        transactionalId: null,
        transactionTimeoutMs: 60_000,
      })
      .catch((error: unknown) => problemOf(error))
    if ('code' in answer) return answer
    if (answer.errorCode !== 0)
      return kafkaProblem(errorName(answer.errorCode), 'no producer id can be had')
    this.#producer = { id: answer.producerId, epoch: answer.producerEpoch }
    this.#sequences.clear()
    return null
  }

  #gaveUp(problem: Problem, uncertain: boolean): SendResult {
    // Its sequence may be used up, which the next batch must not find out.
    if (uncertain && this.#producer !== null) void this.begin().catch(() => {})
    const doubt = uncertain ? '; it may have been written all the same' : ''
    return { type: 'abandoned', problem: { ...problem, message: `${problem.message}${doubt}` } }
  }

  async #attempt(
    partition: number,
    batch: Uint8Array,
    recordCount: number,
    deadlineMs: number,
  ): Promise<Attempt> {
    try {
      if (this.#beginning !== null) await this.#beginning
      const producer = this.#producer
      const sequence = this.#stamp(partition, batch)
      const { client, leaders, delivery } = this.#options
      const target = { type: 'broker', brokerId: leaders.leaderOf(partition) } as const
      const connection = await client.connection(target)
      const value = this.#request(partition, batch, deadlineMs)
      const options = { versionMax: NAMED_VERSION_MAX, timeoutMs: value.timeoutMs + 1_000 }
      if (delivery.acks === '0') {
        await connection.post(produceRequest, value, options)
        return { type: 'written', baseOffset: null, logAppendTimeMs: -1n }
      }
      const { responses } = await connection.request(produceApi, value, options)
      const answer = responses[0]?.partitionResponses[0]
      if (answer === undefined)
        throw new KafkaError('UNKNOWN_SERVER_ERROR', 'the answer lacks the partition')
      if (answer.errorCode === 0 || errorName(answer.errorCode) === 'DUPLICATE_SEQUENCE_NUMBER') {
        if (this.#producer === producer)
          this.#sequences.set(partition, addSequence(sequence, recordCount))
        const { baseOffset, logAppendTimeMs } = answer
        return { type: 'written', baseOffset: baseOffset < 0n ? null : baseOffset, logAppendTimeMs }
      }
      return this.#failed(partition, errorName(answer.errorCode), answer)
    } catch (error) {
      return thrown(error)
    }
  }

  #stamp(partition: number, batch: Uint8Array): number {
    const sequence = this.#sequences.get(partition) ?? 0
    const stamp =
      this.#producer === null
        ? { producerId: -1n, producerEpoch: -1, baseSequence: -1 }
        : {
            producerId: this.#producer.id,
            producerEpoch: this.#producer.epoch,
            baseSequence: sequence,
          }
    stampProducer(batch, stamp)
    return sequence
  }

  #request(partition: number, batch: Uint8Array, deadlineMs: number) {
    const { delivery, topic, nowMs } = this.#options
    const timeoutMs = Math.max(Math.min(REQUEST_TIMEOUT_MS, deadlineMs - nowMs()), 100)
    return {
      transactionalId: null,
      acks: ACKS[delivery.acks],
      timeoutMs,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: batch }] }],
    }
  }

  #failed(
    partition: number,
    error: ErrorName,
    answer: {
      readonly errorMessage: string | null
      readonly recordErrors: readonly RecordError[]
    },
  ): Attempt {
    const reason = answer.errorMessage
    const place = `${this.#options.topic}-${partition}`
    const words = reason ?? error.toLowerCase().replaceAll('_', ' ')
    const problem = kafkaProblem(error, words.includes(place) ? words : `${place}: ${words}`)
    if (this.#producer !== null && producerLost.has(error))
      return { type: 'retry', problem, uncertain: false, newProducer: true }
    if (errorTable[error].retriable)
      // The leader wrote it in these two cases, and only did not hear of the others in time.
      return { type: 'retry', problem, uncertain: mayBeWritten.has(error) }
    return { type: 'refused', error, reason, recordErrors: answer.recordErrors }
  }

  async #refresh(): Promise<void> {
    try {
      await this.#options.leaders.refresh()
      this.#options.onLeaders()
    } catch {
      // Waiting for a broker that tells: the attempt that follows says what is wrong.
    }
  }
}

/** Attempts count from zero. */
function backoffAfter(attempt: number): number {
  return Math.min(BACKOFF_FIRST_MS * 2 ** attempt, BACKOFF_LAST_MS)
}

const mayBeWritten: ReadonlySet<ErrorName> = new Set([
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
])

/** What kept the request from an answer; a mistake of ours goes on upwards. */
function thrown(error: unknown): Attempt {
  if (error instanceof OperationalError)
    return { type: 'retry', problem: problemOf(error), uncertain: false }
  if (!(error instanceof KafkaError)) throw error
  if (!error.retriable && error.error !== 'BROKER_NOT_AVAILABLE')
    return { type: 'refused', error: error.error, reason: error.reason, recordErrors: [] }
  const lost = error.error === 'NETWORK_EXCEPTION' || error.error === 'REQUEST_TIMED_OUT'
  return { type: 'retry', problem: problemOf(error), uncertain: lost }
}
