/** Who leads each partition of a topic: asked once, and again after a broker said otherwise. */
import type { Client } from '../../engine/client/client.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { describeMetadata, leadersOf, type MetadataTopic } from '../lookups/cluster-topics.ts'

export class TopicLeaders {
  readonly #client: Client
  readonly topic: string
  #leaders: ReadonlyMap<number, number> = new Map()
  #asking: Promise<void> | null = null

  constructor(client: Client, topic: string) {
    this.#client = client
    this.topic = topic
  }

  get partitionCount(): number {
    return this.#leaders.size
  }

  /** Partitions that somebody leads. */
  get available(): readonly number[] {
    return [...this.#leaders].filter(([, leader]) => leader >= 0).map(([partition]) => partition)
  }

  /** Throws a `ContractError` where the topic cannot be described. Askers at once share an answer. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null))
    return this.#asking
  }

  /** Takes what a description said that is at hand already. */
  take(described: MetadataTopic): void {
    this.#leaders = leadersOf(described).leaders
  }

  /** Throws a retriable `KafkaError` where nobody leads. */
  leaderOf(partition: number): number {
    const leader = this.#leaders.get(partition)
    const name = `${this.topic}-${partition}`
    if (leader === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `${name} does not exist`)
    if (leader < 0) throw new KafkaError('LEADER_NOT_AVAILABLE', `${name} has no leader`)
    return leader
  }

  async #ask(): Promise<void> {
    this.take(await describeMetadata(this.#client, this.topic))
  }
}
