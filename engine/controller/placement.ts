/**
 * Which brokers get the replicas of new partitions. Brokers of one rack form a ring, and the racks
 * are gone round: each replica of a partition comes from the next rack, and each partition begins
 * one rack and one broker further on. So leaders and followers spread evenly, a partition has its
 * replicas in as many racks as it can, and brokers that are fenced are taken last and never lead.
 *
 * Where everything begins is random, so that two topics do not begin at one broker; after a round
 * of all brokers the order is shuffled, so that the same neighbours do not share every partition.
 */
import { KafkaError } from '../protocol/errors.ts'
import type { Random } from '../ports/random.ts'

export interface PlaceableBroker {
  readonly brokerId: number
  /** Brokers without a rack share one. */
  readonly rack: string | null
  readonly fenced: boolean
}

export interface PlacementInput {
  /** Registered brokers that may get replicas. */
  readonly brokers: readonly PlaceableBroker[]
  readonly partitionCount: number
  readonly replicationFactor: number
  readonly random: Random
}

/**
 * The replicas of each partition, the preferred leader first. Fails with
 * INVALID_REPLICATION_FACTOR.
 */
export function placeReplicas(input: PlacementInput): readonly (readonly number[])[] {
  const { brokers, partitionCount, replicationFactor, random } = input
  const unfencedCount = brokers.filter(broker => !broker.fenced).length
  if (unfencedCount === 0)
    throw new KafkaError('INVALID_REPLICATION_FACTOR', 'every broker is fenced or shutting down')
  if (replicationFactor > brokers.length)
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `replication factor ${replicationFactor} needs as many brokers, ` +
        `and ${brokers.length} can take replicas`,
    )
  const racks = racksOf(brokers, random)
  let start = random.integer(racks.length)
  return Array.from({ length: partitionCount }, (_, partition) => {
    if (partition > 0 && unfencedCount > 1 && partition % unfencedCount === 0)
      shuffle(racks, random)
    const replicas = place(racks, start, replicationFactor)
    start = (start + 1) % racks.length
    for (const rack of racks) rack.advance()
    return replicas
  })
}

function place(racks: readonly Rack[], start: number, replicationFactor: number): number[] {
  const inTurn = racks.map((_, step) => racks[(start + step) % racks.length]!)
  const leadersRack = inTurn.find(rack => rack.unfenced.left > 0)!
  const replicas = [leadersRack.unfenced.next()!]
  // The leader's rack has had its turn of the first round.
  let turns = inTurn.filter(rack => rack !== leadersRack)
  while (replicas.length < replicationFactor) {
    for (const rack of turns) {
      if (replicas.length === replicationFactor) break
      const id = rack.next()
      if (id !== null) replicas.push(id)
    }
    turns = inTurn
  }
  return replicas
}

/** Brokers that are taken one after the other, each once per partition. */
class Ring {
  readonly #ids: number[]
  readonly #random: Random
  #start: number
  #taken = 0

  constructor(ids: readonly number[], random: Random) {
    this.#ids = [...ids].sort((one, two) => one - two)
    this.#random = random
    this.#start = ids.length === 0 ? 0 : random.integer(ids.length)
  }

  get left(): number {
    return this.#ids.length - this.#taken
  }

  next(): number | null {
    if (this.left === 0) return null
    return this.#ids[(this.#start + this.#taken++) % this.#ids.length]!
  }

  /** On to the next partition; a ring that the last one did not touch stays where it is. */
  advance(): void {
    if (this.#taken > 0) this.#start++
    this.#taken = 0
  }

  shuffle(): void {
    shuffleInPlace(this.#ids, this.#random)
  }
}

class Rack {
  readonly unfenced: Ring
  readonly #fenced: Ring

  constructor(brokers: readonly PlaceableBroker[], random: Random) {
    const ids = (fenced: boolean): readonly number[] =>
      brokers.filter(broker => broker.fenced === fenced).map(broker => broker.brokerId)
    this.unfenced = new Ring(ids(false), random)
    this.#fenced = new Ring(ids(true), random)
  }

  next(): number | null {
    return this.unfenced.next() ?? this.#fenced.next()
  }

  advance(): void {
    this.unfenced.advance()
    this.#fenced.advance()
  }

  shuffle(): void {
    this.unfenced.shuffle()
    this.#fenced.shuffle()
  }
}

function racksOf(brokers: readonly PlaceableBroker[], random: Random): Rack[] {
  const names = [...new Set(brokers.map(broker => broker.rack))]
  names.sort((one, two) => ((one ?? '') < (two ?? '') ? -1 : 1))
  return names.map(
    name =>
      new Rack(
        brokers.filter(broker => broker.rack === name),
        random,
      ),
  )
}

function shuffle(racks: Rack[], random: Random): void {
  shuffleInPlace(racks, random)
  for (const rack of racks) rack.shuffle()
}

function shuffleInPlace<T>(items: T[], random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1)
    const held = items[last]!
    items[last] = items[chosen]!
    items[chosen] = held
  }
}
