/**
 * Which batches of an answer belong to transactions that were aborted. A broker names them by
 * producer and first offset; each lasts up to the producer's next marker, as in Kafka's consumer.
 * Asked batch by batch, in the order of the answer.
 */
import {
  isControl,
  isTransactional,
  lastOffsetOf,
  producerIdOf,
} from '../../engine/protocol/records/record-batch.ts'

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

export class AbortedTransactions {
  /** In ascending order of first offsets; those before `#next` have begun. */
  readonly #transactions: readonly AbortedTransaction[]
  #next = 0
  readonly #open = new Set<bigint>()

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#transactions = [...transactions].sort((a, b) =>
      a.firstOffset < b.firstOffset ? -1 : a.firstOffset > b.firstOffset ? 1 : 0,
    )
  }

  covers(bytes: Uint8Array, at: number): boolean {
    if (this.#transactions.length === 0) return false
    const lastOffset = lastOffsetOf(bytes, at)
    for (; this.#next < this.#transactions.length; this.#next++) {
      const { producerId, firstOffset } = this.#transactions[this.#next]!
      if (firstOffset > lastOffset) break
      this.#open.add(producerId)
    }
    const producerId = producerIdOf(bytes, at)
    if (!this.#open.has(producerId)) return false
    if (!isControl(bytes, at)) return isTransactional(bytes, at)
    // The producer's marker ends its transaction: what it writes after it is another one's.
    this.#open.delete(producerId)
    return false
  }
}
