/**
 * What replication means to this broker beyond each partition's own state: it fetches what it
 * follows, asks the controller for ISRs, looks for followers that lag, and wakes whoever waits for
 * an append, a commit or a deletion.
 */
import type { BrokerSettings } from '../config/settings.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Network } from '../ports/network.ts'
import type { ErrorName } from '../protocol/errors.ts'
import type { FetchPurgatory } from '../replica/fetch-purgatory.ts'
import type { FollowerWaits, WaitingFollower } from '../replica/follower-waits.ts'
import type { FollowerFetch, LeaderRules } from '../replica/partition-leader.ts'
import { ProducePurgatory, type WaitingProduce } from '../replica/produce-purgatory.ts'
import { assert } from '../support/assert.ts'
import type { ControllerChannel } from './controller-channel.ts'
import { DeletionWaits } from './deletion-waits.ts'
import { GroupedFlushes } from './grouped-flushes.ts'
import { IsrProposals } from './isr-proposals.ts'
import type { Partition } from './partition.ts'
import type { ReplicaEffects } from './replicas.ts'
import { ReplicaFetchers } from './replica-fetchers.ts'
import { ReplicationThrottle } from './replication-throttle.ts'
import { Timer } from '../support/timer.ts'

export interface ReplicationOptions {
  readonly brokerId: number
  readonly brokerEpoch: () => bigint
  readonly image: MetadataImage
  readonly partitions: () => Iterable<Partition>
  readonly settings: () => BrokerSettings
  readonly controller: ControllerChannel
  readonly network: Network
  readonly clock: Clock
  readonly logger: Logger
  /** Consumers that wait for commits. */
  readonly fetchPurgatory: FetchPurgatory<Partition>
  /** Followers that wait for appends. */
  readonly followerWaits: FollowerWaits
}

export class Replication implements ReplicaEffects {
  readonly throttle: ReplicationThrottle
  readonly flushes: GroupedFlushes
  readonly #options: ReplicationOptions
  readonly #produces = new ProducePurgatory<Partition>()
  readonly #produceTimer: Timer
  readonly #lagTimer: Timer
  readonly #followerTimer: Timer
  readonly #deletions: DeletionWaits
  readonly #proposals: IsrProposals
  readonly #fetchers: ReplicaFetchers
  /** Followers are to be told of appends of this turn. */
  #tellsFollowers = false

  constructor(options: ReplicationOptions) {
    this.#options = options
    const { clock, brokerId, image } = options
    this.flushes = new GroupedFlushes(options.logger)
    this.throttle = new ReplicationThrottle(brokerId, image)
    this.#produceTimer = new Timer(clock, () => this.#expireProduces())
    this.#lagTimer = new Timer(clock, () => this.#lookForLag())
    this.#followerTimer = new Timer(clock, () => this.#expireFollowers())
    this.#deletions = new DeletionWaits(clock, id => this.#isAlive(id))
    this.#proposals = new IsrProposals({
      ...options,
      onCommitted: (partition, from) => this.committed(partition, from, -1),
    })
    this.#fetchers = new ReplicaFetchers({
      ...options,
      throttle: this.throttle,
      flushes: this.flushes,
      onCommitted: (partition, from) => this.committed(partition, from, -1),
    })
  }

  /** For the leaders of this broker's partitions. */
  get rules(): LeaderRules {
    const { settings, brokerEpoch, image } = this.#options
    return {
      replicaLagTimeMaxMs: () => Number(settings().replicaLagTimeMaxMs),
      localBrokerEpoch: brokerEpoch,
      eligibleBrokerEpoch: id => {
        const broker = image.brokers.get(id)
        const isEligible = broker !== undefined && !broker.fenced && !broker.inControlledShutdown
        return isEligible ? broker.brokerEpoch : null
      },
    }
  }

  start(): void {
    this.#scheduleLag()
  }

  async stop(): Promise<void> {
    this.#lagTimer.cancel()
    this.#produceTimer.cancel()
    this.#followerTimer.cancel()
    this.#deletions.stop()
    this.#proposals.stop()
    await this.#fetchers.stop()
  }

  /** Settles each wait once its records are committed, its partition lost, or its time over. */
  awaitCommit(produce: WaitingProduce<Partition>): void {
    this.#produces.add(produce)
    this.#produceTimer.setAtMost(produce.deadlineMs)
  }

  /** Wakes a follower's fetch once enough is appended, or at its deadline. */
  awaitAppend(waiting: WaitingFollower): void {
    this.#options.followerWaits.add(waiting)
    this.#followerTimer.setAtMost(waiting.deadlineMs)
  }

  /**
   * Resolves to the low watermark when all living replicas have deleted what lies below `offset`;
   * throws REQUEST_TIMED_OUT, or what `DeletionWaits.lost` was told.
   */
  awaitDeletion(
    partition: Partition,
    offset: bigint,
    deadlineMs: number,
  ): bigint | Promise<bigint> {
    return this.#deletions.await(partition, offset, deadlineMs)
  }

  /** Takes in how far a follower is. Whoever calls it tells of the commits that follow. */
  followerFetched(partition: Partition, fetch: FollowerFetch): void {
    const { leading } = partition
    assert(leading !== null, 'followers fetch from the leader')
    leading.followerFetched(fetch)
    if (leading.hasUnsentProposal) this.#proposals.submit(partition)
    this.#deletions.followerFetched(partition)
  }

  committed(partition: Partition, from: bigint, bytes: number): void {
    const { highWatermark, log, leading } = partition
    const verdict: ErrorName =
      leading === null || leading.keepsAcksAll ? 'NONE' : 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
    this.#produces.committed(partition, highWatermark, verdict)
    partition.onCommitted?.()
    const { fetchPurgatory } = this.#options
    if (!fetchPurgatory.waitsFor(partition)) return
    const readable = bytes >= 0 ? bytes : log.bytesFrom(from, highWatermark)
    fetchPurgatory.recordsReadable(partition, readable)
  }

  /** Followers are woken once for all that one turn appends, over all of its requests. */
  appended({ leading }: Partition, bytes: number): void {
    const { followerWaits } = this.#options
    for (const { brokerId } of leading?.followers() ?? []) followerWaits.appended(brokerId, bytes)
    if (this.#tellsFollowers) return
    this.#tellsFollowers = true
    queueMicrotask(this.#tellFollowers)
  }

  proposes(partition: Partition): void {
    this.#proposals.submit(partition)
  }

  roleChanged(partition: Partition): void {
    const { fetchPurgatory, followerWaits } = this.#options
    followerWaits.wakeAll()
    if (!partition.leads) {
      fetchPurgatory.interrupt(partition)
      const isDeleted = !this.#options.image.topicsById.has(partition.topicId)
      const verdict = isDeleted ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER'
      this.#produces.lost(partition, verdict)
      this.#deletions.lost(partition, verdict)
    }
    this.#fetchers.follow(partition)
  }

  gone(partition: Partition): void {
    this.roleChanged(partition)
  }

  readonly #tellFollowers = () => {
    this.#tellsFollowers = false
    this.#options.followerWaits.wakeSatisfied()
  }

  #expireFollowers(): void {
    const { followerWaits, clock } = this.#options
    followerWaits.expire(clock.nowMs())
    const { nextDeadlineMs } = followerWaits
    if (nextDeadlineMs !== null) this.#followerTimer.setAtMost(nextDeadlineMs)
  }

  #expireProduces(): void {
    this.#produces.expire(this.#options.clock.nowMs())
    const { nextDeadlineMs } = this.#produces
    if (nextDeadlineMs !== null) this.#produceTimer.setAtMost(nextDeadlineMs)
  }

  /** Twice in replica.lag.time.max.ms, so that a silent follower leaves within one and a half. */
  #scheduleLag(): void {
    const { clock, settings } = this.#options
    this.#lagTimer.setAtMost(clock.nowMs() + Number(settings().replicaLagTimeMaxMs) / 2)
  }

  #lookForLag(): void {
    const { partitions, clock } = this.#options
    const nowMs = clock.nowMs()
    for (const partition of partitions()) {
      const { leading } = partition
      if (leading === null || !leading.isReplicated) continue
      leading.tick(nowMs)
      if (leading.hasUnsentProposal) this.#proposals.submit(partition)
    }
    this.#fetchers.tellLogStarts()
    this.#scheduleLag()
  }

  #isAlive(brokerId: number): boolean {
    const broker = this.#options.image.brokers.get(brokerId)
    return broker !== undefined && !broker.fenced
  }
}
