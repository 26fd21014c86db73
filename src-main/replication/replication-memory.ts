/**
 * What is remembered of a cluster from one look to the next: since when brokers are away, and where
 * leaders' logs ended when. Bounded, and forgotten with the cluster.
 */
import { BrokerPatience } from '../lookups/broker-patience.ts'
import { LeaderEnds } from './caught-up.ts'
import { ToldPartitions } from './told-partitions.ts'

/** Topics whose past is kept; the ones looked at longest ago go first. */
const TOPICS_MAX = 64

interface TopicPast {
  readonly told: ToldPartitions
  readonly partitions: Map<number, PartitionPast>
}

export interface PartitionPast {
  readonly leaderEnds: LeaderEnds
  highestCommitted: bigint | null
  /** Where each replica's log ended when it last told, by broker. */
  readonly ends: Map<number, bigint>
}

export class ReplicationMemory {
  readonly #origin: string
  readonly #seen = new Set<number>()
  readonly #awaySinceMs = new Map<number, bigint>()
  readonly #patience = new BrokerPatience()
  readonly #topics = new Map<string, TopicPast>()
  #topicCount = 0

  /** `origin`: another one in each life of the application, so that versions of one never fit another. */
  constructor(origin = '') {
    this.#origin = origin
  }

  /**
   * Brokers that are there now, as the cluster lists them: one that is silent all the same is not. One
   * that was never seen has been away since nobody knows when.
   */
  seeBrokers(nowMs: number, listed: readonly number[]): void {
    const there = new Set(listed.filter(id => !this.#patience.isSilent(id)))
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

  /** For how long an answer is worth waiting for, while others wait for it too. */
  patienceMs(brokerId: number): number {
    return this.#patience.patienceMs(brokerId)
  }

  hear(brokerId: number, answered: boolean): void {
    this.#patience.hear(brokerId, answered)
  }

  pastOf(topic: string, partition: number): PartitionPast {
    const { partitions } = this.#topic(topic)
    const past = partitions.get(partition) ?? {
      leaderEnds: new LeaderEnds(),
      highestCommitted: null,
      ends: new Map(),
    }
    partitions.set(partition, past)
    return past
  }

  /** What pages were told of a topic's partitions. */
  toldOf(topic: string): ToldPartitions {
    return this.#topic(topic).told
  }

  #topic(name: string): TopicPast {
    const found = this.#topics.get(name)
    this.#topicCount += found === undefined ? 1 : 0
    const past = found ?? {
      told: new ToldPartitions(`${this.#origin}-${this.#topicCount}`),
      partitions: new Map<number, PartitionPast>(),
    }
    this.#topics.delete(name)
    this.#topics.set(name, past)
    if (this.#topics.size > TOPICS_MAX) {
      const [oldest] = this.#topics.keys()
      this.#topics.delete(oldest!)
    }
    return past
  }
}
