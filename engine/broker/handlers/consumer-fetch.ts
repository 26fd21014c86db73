/** A consumer's Fetch: reads; waits when it was too little; reads once more when enough has come. */
import type { BrokerServices } from '../broker-services.ts'
import type { Partition } from '../partition.ts'
import type { FetchInHand } from './fetch-in-hand.ts'
import type { FetchRead } from './fetch-reader.ts'

export class ConsumerFetch {
  readonly #broker: BrokerServices
  readonly #inHand: FetchInHand

  constructor(broker: BrokerServices, inHand: FetchInHand) {
    this.#broker = broker
    this.#inHand = inHand
  }

  begin(): void {
    const first = this.#read()
    if (this.#inHand.mayWait(first) && first.partitions.length > 0) this.#wait(first)
    else this.#inHand.conclude(first)
  }

  #read(): FetchRead {
    return this.#inHand.read(this.#inHand.session.partitions)
  }

  #wait(first: FetchRead): void {
    const { fetchPurgatory, clock } = this.#broker
    const { limits } = this.#inHand
    const missingBytes = limits.minBytes - first.bytes
    const partitions = first.partitions.map(each => each.partition).filter(isPartition)
    first.release()
    const finish = () => {
      cancelDeadline()
      this.#inHand.conclude(this.#read())
    }
    const waiting = { partitions, missingBytes, complete: finish }
    const cancelDeadline = clock.at(limits.deadlineMs, () => {
      fetchPurgatory.remove(waiting)
      finish()
    })
    this.#inHand.waits({
      askerGone() {
        fetchPurgatory.remove(waiting)
        cancelDeadline()
      },
    })
    fetchPurgatory.add(waiting)
  }
}

function isPartition(partition: Partition | null): partition is Partition {
  return partition !== null
}
