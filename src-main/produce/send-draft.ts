/** `produce.send`: some records of one draft, each with what came of it. */
import type { Client } from '../../engine/client/client.ts'
import type { Delivery, RecordDraft } from '../contract/api/produce.ts'
import type { ProduceAnswer, ProduceLimits, SentRecord } from '../contract/model/produce.ts'
import { cancelled } from '../contract/problem.ts'
import type { Wait } from '../lookups/watch.ts'
import { noPartition } from './no-partition.ts'
import { Producer } from './producer.ts'
import { recordMaker } from './record-maker.ts'
import { checked } from './run/template-source.ts'
import type { Spread } from './spread.ts'

export interface SendDraftOptions {
  readonly client: Client
  readonly topic: string
  readonly draft: RecordDraft
  readonly count: number
  readonly delivery: Delivery
  readonly limits: ProduceLimits | null
  readonly spread: Spread
  readonly nowMs: () => number
  readonly wait: Wait
  readonly random: () => number
  readonly signal: AbortSignal
}

/** Without a time-out of the caller's own, a person waits no longer for a record. */
const TIMEOUT_MS = 15_000

/** Throws a `ContractError` for what keeps all of them from being sent. */
export async function sendDraft(options: SendDraftOptions): Promise<ProduceAnswer> {
  const { topic, draft, count, delivery, nowMs, signal } = options
  const maker = checked(() => recordMaker(draft, topic))
  const results: (SentRecord | undefined)[] = []
  const timestamps: number[] = []
  const settle = (index: number, result: Omit<SentRecord, 'index' | 'timestampMs'>, ms?: bigint) =>
    (results[index] = { index, timestampMs: ms ?? BigInt(timestamps[index]!), ...result })
  const producer = await Producer.open({
    ...options,
    delivery: { timeoutMs: TIMEOUT_MS, ...delivery },
    onWritten: ({ partition, numbers, baseOffset, logAppendTimeMs }) => {
      const stamped = logAppendTimeMs < 0n ? undefined : logAppendTimeMs
      for (const [at, index] of numbers.entries()) {
        const offset = baseOffset === null ? null : baseOffset + BigInt(at)
        settle(index, { partition, offset, problem: null }, stamped)
      }
    },
    onRefused: ({ partition, numbers, problem }) => {
      for (const index of numbers) settle(index, { partition, offset: null, problem })
    },
  })
  const beganMs = nowMs()
  for (let index = 0; index < count; index++) {
    const record = checked(() => maker.make(index, nowMs()))
    timestamps[index] = record.timestampMs
    const { partition } = record
    if (partition !== null && partition >= producer.partitionCount) {
      const problem = noPartition(topic, partition, producer.partitionCount)
      settle(index, { partition, offset: null, problem })
    } else producer.add(record, index)
  }
  const stop = () => producer.abort(0)
  signal.addEventListener('abort', stop, { once: true })
  await producer.finished()
  signal.removeEventListener('abort', stop)
  return {
    records: Array.from({ length: count }, (_, index) => {
      const unsent = { index, partition: -1, offset: null, timestampMs: 0n, problem: cancelled }
      return results[index] ?? unsent
    }),
    elapsedMs: nowMs() - beganMs,
    producerId: producer.producerId,
    retryCount: producer.retryCount,
  }
}
