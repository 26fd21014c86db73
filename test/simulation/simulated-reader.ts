/** Reads partitions from their log start on, and holds everything it gets against the history. */
import type { Client } from '../../engine/client/client.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { apis } from './apis.ts'
import { verifyHeld } from './held-records.ts'
import { asksInEpoch } from './leader-epochs.ts'
import { ANY_EPOCH, type PartitionHistory } from './partition-history.ts'
import type { SeededRandom } from './seeded-random.ts'
import { brokerHost } from './node-places.ts'
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

  constructor(world: World, name: string) {
    this.#world = world
    this.#random = world.random.stream(name)
    this.#client = world.newClient(name)
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
        // Brokers are away, and connections break: tried again.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
      }
    }
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
    })
    if (fetched === 'astray') return
    if (fetched === 'out of range') {
      hold(
        partition.deletionAsked || partition.losses !== losses,
        `${partition.name}: offset ${position.offset} is out of range for no reason`,
      )
      this.#positions.delete(partition)
      return
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
  },
): Promise<
  | 'out of range'
  | 'astray'
  | {
      readonly records: readonly ReadRecord[]
      readonly highWatermark: bigint
      readonly logStartOffset: bigint
    }
> {
  const { losses } = partition
  const connection = await client.connection(leaderOf(partition))
  const leader = world.leaderOf(partition.topic, partition.index)
  const leads =
    limits.knowsEpoch && leader !== null && brokerHost(leader.brokerId) === connection.address.host
  const learn = partition.asks(leads ? leader.leaderEpoch : ANY_EPOCH)
  const asked = limits.knowsEpoch ? (leader?.leaderEpoch ?? ANY_EPOCH) : ANY_EPOCH
  const answered = asksInEpoch(world, partition, {
    host: connection.address.host,
    leaderEpoch: asked,
  })
  const answer = await connection.request(
    apis.fetch,
    {
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
  if (error === 'OFFSET_OUT_OF_RANGE') return leads ? 'out of range' : 'astray'
  if (error !== 'NONE') throw new KafkaError(error, partition.name)
  answered()
  const { highWatermark, logStartOffset } = found
  learn(highWatermark, logStartOffset)
  const records = [...readAllRecords(found.records ?? new Uint8Array(0))]
    .filter(({ offset }) => offset >= fetchOffset)
    .map(({ offset, value }) => ({ offset, value: Buffer.from(value!).toString() }))
  for (const { offset } of records)
    hold(
      offset < highWatermark,
      `${partition.name}: record ${offset} at or above high watermark ${highWatermark}`,
    )
  const endOffset = (records.at(-1)?.offset ?? -1n) + 1n
  verifyHeld(world, partition, { endOffset, how: 'read', losses })
  const first = records[0]
  if (first !== undefined && losses === 0)
    hold(
      first.offset === fetchOffset,
      `${partition.name}: asked for ${fetchOffset}, got ${first.offset} first`,
    )
  return { records, highWatermark, logStartOffset }
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
