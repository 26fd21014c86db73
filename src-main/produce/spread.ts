/** Where records go whose key says nothing: to one partition for a while, in turn, or at random. */
import { assertNever } from '../../engine/support/assert.ts'
import { partitionOf, spreadOf, type Partitioner } from '../partitioners/partitioners.ts'

export class Spread {
  readonly #partitioner: Partitioner
  /** From 0 up to and without 1. */
  readonly #random: () => number
  /** Of the topic, whoever leads them: a key's partition does not depend on that. */
  #partitionCount = 0
  /** Those that somebody leads; keyless records go to no other. */
  #available: readonly number[] = []
  #turn = 0
  #sticky: number | null = null

  constructor(partitioner: Partitioner, random: () => number) {
    this.#partitioner = partitioner
    this.#random = random
  }

  setPartitions(partitionCount: number, available: readonly number[]): void {
    this.#partitionCount = partitionCount
    this.#available = available
    if (this.#sticky !== null && !available.includes(this.#sticky)) this.#sticky = null
  }

  partitionFor(key: Uint8Array | null): number {
    const decided = partitionOf(this.#partitioner, key, this.#partitionCount)
    if (decided !== null) return decided
    const spread = spreadOf(this.#partitioner)
    switch (spread) {
      case 'sticky':
        return (this.#sticky ??= this.#drawn())
      case 'random':
        return this.#drawn()
      case 'round-robin':
        return this.#turn++ % Math.max(this.#partitionCount, 1)
      default:
        return assertNever(spread)
    }
  }

  /** A batch of this partition is full: the sticky partitioner moves on (KIP-480). */
  batchClosed(partition: number): void {
    if (partition !== this.#sticky || this.#available.length < 2) return
    const others = this.#available.length - 1
    const index = Math.floor(this.#random() * others)
    const drawn = this.#available[index]!
    this.#sticky = drawn === partition ? this.#available[others]! : drawn
  }

  #drawn(): number {
    const among = this.#available.length
    return among === 0
      ? Math.floor(this.#random() * this.#partitionCount)
      : this.#available[Math.floor(this.#random() * among)]!
  }
}
