/**
 * A producer. An idempotent one numbers its batches, keeps up to five of a partition under way, and
 * sends what was not acknowledged again in the old order; another one sends and forgets. With acks 1
 * it is promised nothing: only what readers saw is kept.
 */
import { KafkaError, errorName } from '../../engine/protocol/errors.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import type { Codec } from '../../engine/protocol/records/compression.ts'
import { apis } from './apis.ts'
import { verifyHeld } from './held-records.ts'
import type { PartitionHistory } from './partition-history.ts'
import type { SeededRandom } from './seeded-random.ts'
import { hold } from './violation.ts'
import { isExpected, type SimulatedClient, type TopicHistory, type World } from './world.ts'

const IN_FLIGHT_MAX = 5
export const ACKS_ALL = -1
const REQUEST_TIMEOUT_MS = 1_500
const NO_PRODUCER_ID = -1n

/** Answers after which the same batch is sent again. */
const retried = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
])

interface Batch {
  readonly firstNumber: number
  readonly values: readonly string[]
  readonly timestampMs: bigint
  readonly codec: Codec
  /** Makes some batches longer than any buffer on their way. */
  readonly fillerBytes: number
  /** How many upheavals there had been when it was first sent. */
  readonly upheavals: number
}

interface Session {
  readonly name: string
  readonly producerId: bigint
  readonly topic: TopicHistory
  readonly partition: PartitionHistory
  readonly losses: number
  nextNumber: number
  pending: Batch[]
  /** A batch was taken while the first of all was refused. */
  beganLate: boolean
}

export class SimulatedProducer {
  readonly #world: World
  readonly #name: string
  readonly #isIdempotent: boolean
  readonly #acks: number
  readonly #random: SeededRandom
  readonly #client: SimulatedClient
  readonly #sessions = new Map<PartitionHistory, Session>()
  #sessionCount = 0

  constructor(
    world: World,
    name: string,
    options: { readonly isIdempotent: boolean; readonly acks: number },
  ) {
    this.#world = world
    this.#name = name
    this.#isIdempotent = options.isIdempotent
    this.#acks = options.acks
    this.#random = world.random.stream(name)
    this.#client = world.newClient(name)
  }

  /** Nothing that it sent is without an answer. */
  get isDone(): boolean {
    return [...this.#sessions.values()].every(
      ({ pending, topic }) => pending.length === 0 || topic.deletionAsked,
    )
  }

  close(): void {
    this.#client.kill()
  }

  async run(): Promise<void> {
    while (!(this.#world.isEnding && this.isDone)) {
      await this.#world.time.sleep(this.#random.between(1, 300))
      try {
        const session = await this.#chooseSession()
        if (session !== null) await this.#send(session)
      } catch (error) {
        // Brokers are away, and connections break: tried again.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
      }
    }
  }

  async #chooseSession(): Promise<Session | null> {
    const unfinished = [...this.#sessions.values()].filter(
      ({ pending, topic }) => pending.length > 0 && !topic.deletionAsked,
    )
    if (unfinished.length > 0 && (this.#world.isEnding || this.#random.chance(0.6)))
      return this.#random.pick(unfinished)
    if (this.#world.isEnding) return null
    const topics = this.#world.liveTopics()
    if (topics.length === 0) return null
    const topic = this.#random.pick(topics)
    const partition = this.#random.pick(topic.partitions)
    return this.#sessions.get(partition) ?? (await this.#begin(topic, partition))
  }

  async #begin(topic: TopicHistory, partition: PartitionHistory): Promise<Session> {
    const { losses } = partition
    const producerId = this.#isIdempotent ? await this.#newProducerId() : NO_PRODUCER_ID
    const letter = this.#isIdempotent ? 'p' : 'x'
    const name = `${letter}${this.#name}.${this.#sessionCount++}`
    const session = {
      name,
      producerId,
      topic,
      partition,
      losses,
      nextNumber: 0,
      pending: [],
      beganLate: false,
    }
    this.#sessions.set(partition, session)
    return session
  }

  async #newProducerId(): Promise<bigint> {
    const answer = await this.#client.client.request(
      { type: 'any' },
      apis.initProducerId,
      { transactionalId: null, transactionTimeoutMs: 60_000 },
      { timeoutMs: REQUEST_TIMEOUT_MS },
    )
    if (answer.errorCode !== 0)
      throw new KafkaError(errorName(answer.errorCode), 'no producer id is given')
    const { producerId } = answer
    hold(!this.#world.producerIds.has(producerId), `producer id ${producerId} is given twice`)
    this.#world.producerIds.add(producerId)
    return producerId
  }

  async #send(session: Session): Promise<void> {
    const { topic, partition, pending } = session
    if (!this.#world.isEnding)
      for (let more = this.#random.between(1, 3); more > 0; more--)
        if (pending.length < IN_FLIGHT_MAX) pending.push(this.#newBatch(session))
    const target = { type: 'leader', topic: topic.name, partition: partition.index } as const
    const connection = await this.#client.client.connection(target)
    const { host } = connection.address
    const leads = this.#world.watchLeader(topic.name, partition.index, host)
    const { losses } = partition
    const sent = [...pending]
    const answers = await Promise.allSettled(
      sent.map(batch =>
        connection.request(apis.produce, this.#request(session, batch), {
          timeoutMs: REQUEST_TIMEOUT_MS,
        }),
      ),
    )
    let failedBefore = false
    for (const [index, answer] of answers.entries()) {
      if (answer.status === 'rejected') {
        if (!isExpected(answer.reason)) throw answer.reason
        failedBefore = true
        continue
      }
      const result = answer.value.responses[0]!.partitionResponses[0]!
      const error = errorName(result.errorCode)
      const batch = sent[index]!
      if (error === 'NONE') {
        if (failedBefore && sent[0]!.firstNumber === 0) session.beganLate = true
        session.pending = session.pending.filter(each => each !== batch)
        if (this.#acks === ACKS_ALL) this.#acknowledged(session, batch, result.baseOffset, losses)
      } else if (leads() && this.#isRefusal(session, result, failedBefore)) return
      else failedBefore = true
    }
    if (!failedBefore) return
    if (!this.#isIdempotent) session.pending = []
    this.#client.client.forget()
  }

  #acknowledged({ partition }: Session, batch: Batch, baseOffset: bigint, losses: number): void {
    partition.acknowledged(baseOffset, batch.values, losses)
    const endOffset = baseOffset + BigInt(batch.values.length)
    verifyHeld(this.#world, partition, { endOffset, how: 'acknowledged', losses })
  }

  /** True where the session is at its end; false where the batch is sent again. */
  #isRefusal(
    session: Session,
    refusal: { readonly errorCode: number; readonly errorMessage: string | null },
    failedBefore: boolean,
  ): boolean {
    const { partition, topic } = session
    const error = errorName(refusal.errorCode)
    if (retried.has(error)) return false
    const lostSome = session.losses !== partition.losses
    // A snapshot keeps one batch of each producer, as Kafka's does: of several that were appended
    // before a restart or a truncation, the earlier ones are no longer known for repetitions; also
    // where a later one was acknowledged.
    const { firstNumber, values, upheavals } = session.pending[0]!
    const wentOn = session.nextNumber > firstNumber + values.length
    const forgotSome = wentOn && upheavals < this.#world.upheavals
    // Where a producer's first batch was refused, and nothing of it is known, Kafka takes the next
    // one whatever its number is: the first then comes too late.
    const { beganLate } = session
    const isSequence = error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || error === 'UNKNOWN_PRODUCER_ID'
    hold(
      isSequence && (failedBefore || lostSome || forgotSome || beganLate || topic.deletionAsked),
      `${partition.name}: ${session.name} is refused for no reason: ${error}: ${refusal.errorMessage}`,
    )
    if (failedBefore && !lostSome && !forgotSome && !beganLate) return false
    this.#sessions.delete(partition)
    return true
  }

  #newBatch(session: Session): Batch {
    const firstNumber = session.nextNumber
    const count = this.#random.chance(0.1)
      ? this.#random.between(10, 60)
      : this.#random.between(1, 5)
    const values = Array.from({ length: count }, (_, i) => `${session.name}:${firstNumber + i}`)
    for (const value of values) session.partition.tried(value)
    session.nextNumber += count
    const timestampMs = BigInt(this.#client.process.clock.nowMs())
    const codec = this.#random.pick<Codec>(['none', 'none', 'lz4', 'gzip', 'snappy'])
    const fillerBytes = this.#random.chance(0.06) ? this.#random.pick([3_000, 20_000, 90_000]) : 0
    const { upheavals } = this.#world
    return { firstNumber, values, timestampMs, codec, fillerBytes, upheavals }
  }

  #request(session: Session, batch: Batch) {
    const { producerId, topic, partition } = session
    const isIdempotent = producerId !== NO_PRODUCER_ID
    const filler = batch.fillerBytes > 0 ? Buffer.alloc(batch.fillerBytes, batch.firstNumber) : null
    const records = buildBatch({
      records: batch.values.map((value, index) => ({
        key: index === 0 ? filler : null,
        value: Buffer.from(value),
        timestampMs: batch.timestampMs,
      })),
      compression: batch.codec,
      ...(isIdempotent ? { producerId, producerEpoch: 0, baseSequence: batch.firstNumber } : {}),
    })
    return {
      transactionalId: null,
      acks: this.#acks,
      timeoutMs: REQUEST_TIMEOUT_MS,
      topicData: [
        {
          topicId: topic.topicId,
          name: topic.name,
          partitionData: [{ index: partition.index, records }],
        },
      ],
    }
  }
}
