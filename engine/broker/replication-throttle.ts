/**
 * Which replicas are throttled, and whether one has to wait now: the configurations that
 * `kafka-reassign-partitions --throttle` sets (KIP-73), read from the metadata image. Replicas that
 * are in sync are never held back, since producers wait for them.
 */
import { configResourceTypes } from '../config/describe.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import { ReplicationQuota } from '../replica/replication-quota.ts'
import type { Partition } from './partition.ts'

type Side = 'leader' | 'follower'

/** A rate that is raised, or taken away, is noticed within this. */
const LOOK_AGAIN_MS = 500

const RATE = {
  leader: 'leader.replication.throttled.rate',
  follower: 'follower.replication.throttled.rate',
} as const

const REPLICAS = {
  leader: 'leader.replication.throttled.replicas',
  follower: 'follower.replication.throttled.replicas',
} as const

export class ReplicationThrottle {
  readonly #brokerId: number
  readonly #image: MetadataImage
  readonly #quotas = { leader: new ReplicationQuota(), follower: new ReplicationQuota() }

  constructor(brokerId: number, image: MetadataImage) {
    this.#brokerId = brokerId
    this.#image = image
  }

  /** Milliseconds until the own replica may be fetched again; 0 when it may be now. */
  followerWaitMs(partition: Partition, nowMs: number): number {
    const rate = this.#rateFor('follower', partition, this.#brokerId)
    if (rate === null) return 0
    return Math.min(this.#quotas.follower.waitMs(rate, nowMs), LOOK_AGAIN_MS)
  }

  followerAppended(partition: Partition, bytes: number, nowMs: number): void {
    const rate = this.#rateFor('follower', partition, this.#brokerId)
    if (rate !== null) this.#quotas.follower.copied(bytes, rate, nowMs)
  }

  /** Whether a follower gets no records of this partition for now. */
  leaderHoldsBack(partition: Partition, followerId: number, nowMs: () => number): boolean {
    const rate = this.#rateFor('leader', partition, followerId)
    return rate !== null && this.#quotas.leader.waitMs(rate, nowMs()) > 0
  }

  leaderSent(
    partition: Partition,
    followerId: number,
    { bytes, nowMs }: { readonly bytes: number; readonly nowMs: () => number },
  ): void {
    const rate = this.#rateFor('leader', partition, followerId)
    if (rate !== null) this.#quotas.leader.copied(bytes, rate, nowMs())
  }

  /** Bytes per second; null where nothing is throttled, as nearly always. */
  #rateFor(side: Side, partition: Partition, replicaId: number): number | null {
    const rate = this.#rate(side)
    if (rate === null) return null
    const list = this.#image.topicConfigs(partition.topic).get(REPLICAS[side])
    if (list === undefined) return null
    const pairs = list.split(',').map(pair => pair.trim())
    const named = pairs.includes('*') || pairs.includes(`${partition.index}:${this.#brokerId}`)
    return named && !this.#inSync(partition, replicaId) ? rate : null
  }

  #rate(side: Side): number | null {
    const { BROKER } = configResourceTypes
    const own = this.#image.configs(BROKER, String(this.#brokerId)).get(RATE[side])
    const text = own ?? this.#image.configs(BROKER, '').get(RATE[side])
    return text === undefined || !/^\d+$/.test(text) ? null : Number(text)
  }

  #inSync({ topicId, index }: Partition, replicaId: number): boolean {
    return this.#image.partition(topicId, index)?.isr.includes(replicaId) ?? false
  }
}
