/**
 * What a Produce request waits for before its answer: with flush.messages the device, with acks -1
 * the whole ISR. Nearly always there is nothing, and then nothing is added to the answer's cost.
 */
import type { ProduceWait } from '../../replica/produce-purgatory.ts'
import { KafkaError, type ErrorName } from '../../protocol/errors.ts'
import { expected } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { Partition } from '../partition.ts'

export interface Outcome {
  readonly index: number
  error: KafkaError | null
  readonly baseOffset: bigint
  readonly logAppendTimeMs: bigint
  readonly logStartOffset: bigint
  /** Where the records went; null where they went nowhere. */
  readonly partition: Partition | null
  /** The high watermark that commits them. */
  readonly requiredOffset: bigint
}

export interface TopicOutcome {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly Outcome[]
}

export interface Produced {
  readonly topics: readonly TopicOutcome[]
  /** acks is -1. */
  readonly allReplicas: boolean
  readonly deadlineMs: number
  readonly reply: () => void
}

type Wait = ProduceWait<Partition>
const NO_WAITS: readonly Wait[] = []

/** Replies now or later; true for later, with the outcomes as they are then. */
export function answerWhenSafe(broker: BrokerServices, produced: Produced): boolean {
  const flushes = flushesOf(broker, produced.topics)
  if (flushes === null) return answerWhenCommitted(broker, produced)
  // With Apache Kafka the append itself waits for the device; here the wait is shared.
  void Promise.all(flushes).then(() => answerWhenCommitted(broker, produced))
  return true
}

/** Null where no log is to be flushed first. */
function flushesOf(
  { replication: { flushes } }: BrokerServices,
  topics: readonly TopicOutcome[],
): readonly Promise<void>[] | null {
  let waits: Promise<void>[] | null = null
  for (const { partitions } of topics)
    for (const outcome of partitions) {
      const { partition } = outcome
      if (partition?.log.flushIsDue !== true) continue
      const { log, leading } = partition
      // A duplicate has begun none, and the one of the first attempt may have failed.
      const flush = flushes.pending(log) ?? flushes.flush(log)
      const flushed = () => {
        // Its records may be cut off by now, and other ones committed where they were.
        if (partition.leading !== leading) settleOutcome(outcome, 'NOT_LEADER_OR_FOLLOWER')
      }
      const failed = (error: unknown) => {
        outcome.error = expected(error)
      }
      ;(waits ??= []).push(flush.then(flushed, failed))
    }
  return waits
}

function answerWhenCommitted(broker: BrokerServices, produced: Produced): boolean {
  const { topics, allReplicas, deadlineMs, reply: complete } = produced
  const waits = allReplicas ? waitsOf(topics) : NO_WAITS
  if (waits.length === 0) {
    complete()
    return false
  }
  broker.replication.awaitCommit({ waits, deadlineMs, complete })
  return true
}

/** What of the request is not committed yet: with one replica, nothing. */
function waitsOf(topics: readonly TopicOutcome[]): readonly Wait[] {
  let waits: Wait[] | null = null
  for (const { partitions } of topics)
    for (const outcome of partitions) {
      const { partition, requiredOffset, error } = outcome
      if (partition === null || error !== null) continue
      if (partition.highWatermark >= requiredOffset) continue
      const settle = (verdict: ErrorName) => settleOutcome(outcome, verdict)
      ;(waits ??= []).push({ partition, requiredOffset, settle })
    }
  return waits ?? NO_WAITS
}

/** The records stay in the log where they are, whatever the verdict, as in Apache Kafka. */
function settleOutcome(outcome: Outcome, verdict: ErrorName): void {
  if (verdict === 'NONE') return
  const name = outcome.partition?.name ?? ''
  outcome.error = new KafkaError(verdict, `${name}: ${commitFailures[verdict] ?? 'not committed'}`)
}

const commitFailures: { readonly [error in ErrorName]?: string } = {
  REQUEST_TIMED_OUT: 'the replicas did not get the records in time',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'appended to fewer replicas than min.insync.replicas asks for',
  UNKNOWN_TOPIC_OR_PARTITION: 'deleted before the records were committed',
  NOT_LEADER_OR_FOLLOWER: 'led by another broker before the records were committed',
}
