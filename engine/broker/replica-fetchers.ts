/**
 * The fetchers of a broker: one for each broker that leads something this one follows. A partition
 * is with the fetcher of its leader, and moves when its leader does.
 */
import type { BrokerSettings } from '../config/settings.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Network } from '../ports/network.ts'
import type { GroupedFlushes } from './grouped-flushes.ts'
import type { Partition } from './partition.ts'
import { ReplicaFetcher } from './replica-fetcher.ts'
import type { ReplicationThrottle } from './replication-throttle.ts'

export interface ReplicaFetchersOptions {
  readonly brokerId: number
  readonly brokerEpoch: () => bigint
  readonly image: MetadataImage
  readonly settings: () => BrokerSettings
  readonly network: Network
  readonly clock: Clock
  readonly logger: Logger
  readonly throttle: ReplicationThrottle
  readonly flushes: GroupedFlushes
  /** The leader told more of what is committed. */
  readonly onCommitted: (partition: Partition, from: bigint) => void
}

export class ReplicaFetchers {
  readonly #options: ReplicaFetchersOptions
  readonly #byLeader = new Map<number, ReplicaFetcher>()
  readonly #leaderOf = new Map<Partition, number>()
  /** Those that were stopped and are about to end among them. */
  readonly #running = new Set<Promise<void>>()
  #stopped = false

  constructor(options: ReplicaFetchersOptions) {
    this.#options = options
  }

  /** The partition's role is another one, or under another leader epoch. */
  follow(partition: Partition): void {
    if (this.#stopped) return
    const leaderId = partition.following?.leaderId ?? null
    const before = this.#leaderOf.get(partition) ?? null
    if (before !== null && before !== leaderId) this.#forget(partition, before)
    if (leaderId === null) return
    this.#leaderOf.set(partition, leaderId)
    this.#fetcherFrom(leaderId).follow(partition)
  }

  /** Log starts that moved by themselves are told, so that leaders know what all have deleted. */
  tellLogStarts(): void {
    for (const fetcher of this.#byLeader.values()) fetcher.tellLogStarts()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const fetcher of this.#byLeader.values()) fetcher.stop()
    this.#byLeader.clear()
    await Promise.all(this.#running)
  }

  #fetcherFrom(leaderId: number): ReplicaFetcher {
    let fetcher = this.#byLeader.get(leaderId)
    if (fetcher === undefined) {
      fetcher = new ReplicaFetcher(leaderId, this.#options)
      this.#byLeader.set(leaderId, fetcher)
      const running = fetcher.run().finally(() => this.#running.delete(running))
      this.#running.add(running)
    }
    return fetcher
  }

  #forget(partition: Partition, leaderId: number): void {
    this.#leaderOf.delete(partition)
    const fetcher = this.#byLeader.get(leaderId)
    if (fetcher === undefined) return
    fetcher.forget(partition)
    if (fetcher.size > 0) return
    fetcher.stop()
    this.#byLeader.delete(leaderId)
  }
}
