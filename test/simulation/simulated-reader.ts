/** Reads partitions from their log start on, and holds everything it gets against the history. */
import type { Client } from '../../engine/client/client.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { apis } from './apis.ts'
import { verifyHeld } from './held-records.ts'
import { asksInEpoch, refusesOffset } from './leader-epochs.ts'
import { ANY_EPOCH, type PartitionHistory } from './partition-history.ts'
import type { SeededRandom } from './seeded-random.ts'
import { brokerHost, FIRST_BROKER_ID } from './node-places.ts'
import { hold } from './violation.ts'
import { isExpected, type SimulatedClient, type World } from './world.ts'

const REQUEST_TIMEOUT_MS = 2_500
const EARLIEST = -2n
export const LATEST = -1n

export interface ReadRecord {
  readonly offset: bigint
  readonly value: string
}

export class SimulatedReader {
  readonly #world: World
  readonly #random: SeededRandom
  readonly #client: SimulatedClient
  readonly #positions = new Map<PartitionHistory, { offset: bigint; losses: number }>()
  /** Where it is; null where it does not say. */
  readonly #rack: string | null
  /** Brokers that it was told to read from, and until when it does so. */
  readonly #nearest = new Map<PartitionHistory, { brokerId: number; untilMs: number }>()

  constructor(world: World, name: string) {
    this.#world = world
    this.#random = world.random.stream(name)
    this.#client = world.newClient(name)
    this.#rack = world.random.stream(`${name}/rack`).pick([null, ...world.shape.racks])
  }

  close(): void {
    this.#client.kill()
  }

  async run(): Promise<void> {
    while (!this.#world.isEnding) {
      await this.#world.time.sleep(this.#random.between(1, 200))
      const topics = this.#world.liveTopics()
      if (topics.length === 0) continue
      const topic = this.#random.pick(topics)
      try {
        await this.#read(this.#random.pick(topic.partitions))
      } catch (error) {
        // Brokers are away, and connections break: tried again, at the leader.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
        this.#nearest.clear()
      }
    }
  }

  /** The broker to read from, where it is not the leader. */
  #nearestOf(partition: PartitionHistory): number | null {
    const nearest = this.#nearest.get(partition)
    if (nearest === undefined) return null
    if (nearest.untilMs > this.#world.time.nowMs) return nearest.brokerId
    this.#nearest.delete(partition)
    return null
  }

  async #read(partition: PartitionHistory): Promise<void> {
    const { client } = this.#client
    const { losses } = partition
    let position = this.#positions.get(partition)
    if (position === undefined || position.losses !== losses || this.#random.chance(0.03)) {
      const offset = await offsetAt(client, partition, EARLIEST)
      position = { offset, losses }
      this.#positions.set(partition, position)
    }
    // Now and then somewhere else, where no reader was before it.
    if (this.#random.chance(0.1) && partition.highWatermark > position.offset) {
      const span = Number(partition.highWatermark - position.offset)
      position.offset += BigInt(this.#random.integer(span))
    }
    // Some know who leads by what is committed; some ask whoever they heard of, who may be a zombie.
    const fetched = await fetchFrom(this.#world, client, partition, position.offset, {
      knowsEpoch: this.#random.chance(0.5),
      maxWaitMs: this.#random.integer(600),
      minBytes: this.#random.pick([1, 1, 300]),
      maxBytes: this.#random.pick([100, 5_000, 1_000_000]),
      rack: this.#rack,
      replica: this.#nearestOf(partition),
    })
    if (fetched === 'astray') {
      this.#nearest.delete(partition)
      return
    }
    if (fetched === 'out of range') {
      hold(
        partition.deletionAsked || partition.losses !== losses,
        `${partition.name}: offset ${position.offset} is out of range for no reason`,
      )
      this.#positions.delete(partition)
      return
    }
    if (fetched.preferred !== null) {
      const untilMs = this.#world.time.nowMs + this.#random.between(200, 4_000)
      this.#nearest.set(partition, { brokerId: fetched.preferred, untilMs })
    }
    for (const { offset, value } of fetched.records) partition.saw(offset, value, losses)
    const last = fetched.records.at(-1)
    if (last !== undefined) position.offset = last.offset + 1n
  }
}

/** ListOffsets for one partition. Throws the `KafkaError` it is answered with. */
export async function offsetAt(
  client: Client,
  partition: PartitionHistory,
  timestamp: bigint,
): Promise<bigint> {
  const answer = await client.request(
    leaderOf(partition),
    apis.listOffsets,
    {
      replicaId: -1,
      isolationLevel: 0,
      topics: [
        { name: partition.topic, partitions: [{ partitionIndex: partition.index, timestamp }] },
      ],
    },
    { timeoutMs: REQUEST_TIMEOUT_MS },
  )
  const found = answer.topics[0]!.partitions[0]!
  if (found.errorCode !== 0) throw new KafkaError(errorName(found.errorCode), partition.name)
  return found.offset
}

/**
 * Fetch for one partition, with what every answer must keep to. Astray is who was told that his
 * offset is out of range by a broker that does not lead: by a follower that is behind, by one that
 * was replaced and has not heard of it.
 */
export async function fetchFrom(
  world: World,
  client: Client,
  partition: PartitionHistory,
  fetchOffset: bigint,
  limits: {
    /** Asks for the leader epoch that is committed: brokers of another one answer an error. */
    readonly knowsEpoch: boolean
    readonly maxWaitMs: number
    readonly minBytes: number
    readonly maxBytes: number
    /** Says so, to be told of a replica that is near. */
    readonly rack?: string | null
    /** Reads from there, and not from the leader (KIP-392). */
    readonly replica?: number | null
  },
): Promise<
  | 'out of range'
  | 'astray'
  | {
      /** Where it had better read from. */
      readonly preferred: number | null
      readonly records: readonly ReadRecord[]
      readonly highWatermark: bigint
      readonly logStartOffset: bigint
    }
> {
  const { losses } = partition
  const { rack = null, replica = null } = limits
  const connection = await client.connection(
    replica === null ? leaderOf(partition) : { type: 'broker', brokerId: replica },
  )
  const leader = world.leaderOf(partition.topic, partition.index)
  const leads =
    limits.knowsEpoch && leader !== null && brokerHost(leader.brokerId) === connection.address.host
  const learn = partition.asks(leads ? leader.leaderEpoch : ANY_EPOCH)
  const asked = limits.knowsEpoch ? (leader?.leaderEpoch ?? ANY_EPOCH) : ANY_EPOCH
  const answered = asksInEpoch(world, partition, {
    host: connection.address.host,
    leaderEpoch: asked,
  })
  const mayRefuse = refusesOffset(world, partition, connection.address.host, fetchOffset)
  const answer = await connection.request(
    apis.fetch,
    {
      rackId: rack ?? '',
      maxWaitMs: limits.maxWaitMs,
      minBytes: limits.minBytes,
      isolationLevel: 0,
      topics: [
        {
          topicId: partition.topicId,
          topic: partition.topic,
          partitions: [
            {
              partition: partition.index,
              currentLeaderEpoch: asked,
              fetchOffset,
              partitionMaxBytes: limits.maxBytes,
            },
          ],
        },
      ],
    },
    { timeoutMs: REQUEST_TIMEOUT_MS },
  )
  const found = answer.responses[0]?.partitions[0]
  if (found === undefined) throw new KafkaError(errorName(answer.errorCode), partition.name)
  const error = errorName(found.errorCode)
  if (error === 'OFFSET_OUT_OF_RANGE') {
    mayRefuse()
    return leads ? 'out of range' : 'astray'
  }
  if (error !== 'NONE') throw new KafkaError(error, partition.name)
  answered()
  const { highWatermark, logStartOffset, preferredReadReplica } = found
  const preferred = preferredReadReplica < 0 ? null : preferredReadReplica
  learn(highWatermark, logStartOffset)
  const records = [...readAllRecords(found.records ?? new Uint8Array(0))]
    .filter(({ offset }) => offset >= fetchOffset)
    .map(({ offset, value }) => ({ offset, value: Buffer.from(value!).toString() }))
  for (const { offset } of records)
    hold(
      offset < highWatermark,
      `${partition.name}: record ${offset} at or above high watermark ${highWatermark}`,
    )
  if (preferred !== null) {
    const there = world.shape.racks[preferred - FIRST_BROKER_ID] ?? null
    const isNear = rack !== null && there === rack && replica === null
    hold(
      isNear && records.length === 0,
      `${partition.name}: a reader in ${rack} is sent to broker ${preferred} in ${there}`,
    )
  }
  const endOffset = (records.at(-1)?.offset ?? -1n) + 1n
  verifyHeld(world, partition, { endOffset, how: 'read', losses })
  const first = records[0]
  if (first !== undefined && losses === 0)
    hold(
      first.offset === fetchOffset,
      `${partition.name}: asked for ${fetchOffset}, got ${first.offset} first`,
    )
  return { preferred, records, highWatermark, logStartOffset }
}

/** The whole partition, from its log start to its end. */
export async function readWhole(world: World, client: Client, partition: PartitionHistory) {
  const logStartOffset = await offsetAt(client, partition, EARLIEST)
  const endOffset = await offsetAt(client, partition, LATEST)
  const records: ReadRecord[] = []
  let position = logStartOffset
  while (position < endOffset) {
    const fetched = await fetchFrom(world, client, partition, position, {
      knowsEpoch: true,
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 100_000,
    })
    if (fetched === 'out of range' || fetched === 'astray')
      throw new KafkaError('OFFSET_OUT_OF_RANGE', partition.name)
    const last = fetched.records.at(-1)
    // A power cut may take the last records and leave the empty segment behind them.
    if (last === undefined && partition.losses > 0) break
    hold(last !== undefined, `${partition.name}: nothing between ${position} and ${endOffset}`)
    records.push(...fetched.records)
    position = last.offset + 1n
  }
  return { logStartOffset, endOffset, records }
}

function leaderOf({ topic, index }: PartitionHistory) {
  return { type: 'leader', topic, partition: index } as const
}
