/**
 * What is remembered of a cluster from one look to the next: since when brokers are away, and where
 * leaders' logs ended when. Bounded, and forgotten with the cluster.
 */
import { LeaderEnds } from './caught-up.ts'

/** Topics whose past is kept; the ones looked at longest ago go first. */
const TOPICS_MAX = 64

interface PartitionPast {
  readonly leaderEnds: LeaderEnds
  highestCommitted: bigint | null
}

export class ReplicationMemory {
  readonly #seen = new Set<number>()
  readonly #awaySinceMs = new Map<number, bigint>()
  readonly #topics = new Map<string, Map<number, PartitionPast>>()

  /** Brokers that are there now. One that was never seen has been away since nobody knows when. */
  seeBrokers(nowMs: number, present: readonly number[]): void {
    const there = new Set(present)
    for (const id of there) {
      this.#seen.add(id)
      this.#awaySinceMs.delete(id)
    }
    for (const id of this.#seen)
      if (!there.has(id) && !this.#awaySinceMs.has(id)) this.#awaySinceMs.set(id, BigInt(nowMs))
  }

  get awaySinceMs(): ReadonlyMap<number, bigint> {
    return this.#awaySinceMs
  }

  pastOf(topic: string, partition: number): PartitionPast {
    const partitions = this.#topics.get(topic) ?? new Map<number, PartitionPast>()
    this.#topics.delete(topic)
    this.#topics.set(topic, partitions)
    if (this.#topics.size > TOPICS_MAX) {
      const [oldest] = this.#topics.keys()
      this.#topics.delete(oldest!)
    }
    const past = partitions.get(partition) ?? {
      leaderEnds: new LeaderEnds(),
      highestCommitted: null,
    }
    partitions.set(partition, past)
    return past
  }
}
