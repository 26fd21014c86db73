/**
 * One partition on this broker: its log, and what this broker is to it. Who is in sync and what is
 * committed is decided by the cores of `engine/replica`; this holds the one that applies.
 */
import type { PartitionLog } from '../log/partition-log.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { PartitionFollower } from '../replica/partition-follower.ts'
import type { PartitionLeader } from '../replica/partition-leader.ts'

/** A broker that fetches as a replica. */
export interface FetchingReplica {
  readonly brokerId: number
  /** -1 where it does not say. */
  readonly brokerEpoch: bigint
}

export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly log: PartitionLog
  leaderEpoch = -1
  /** Set while this broker leads; a new one for each time that it begins to. */
  leading: PartitionLeader | null = null
  /** Set while this broker follows, a new one for each leader epoch. */
  following: PartitionFollower | null = null
  /** Called when the high watermark advanced, by whoever waits for this partition's records. */
  onCommitted: (() => void) | null = null
  /** While nobody leads: what was known last. */
  #restingHighWatermark: bigint

  constructor(options: {
    readonly topic: string
    readonly topicId: string
    readonly index: number
    readonly log: PartitionLog
    /** As the checkpoint has it. */
    readonly highWatermark: bigint
  }) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = options.log
    this.#restingHighWatermark = within(options.highWatermark, options.log)
  }

  get name(): string {
    return `${this.topic}-${this.index}`
  }

  get leads(): boolean {
    return this.leading !== null
  }

  get highWatermark(): bigint {
    return (
      this.leading?.highWatermark ?? this.following?.highWatermark ?? this.#restingHighWatermark
    )
  }

  /** Without transactions nothing is undecided, so readers of committed data see as far. */
  get lastStableOffset(): bigint {
    return this.highWatermark
  }

  /** Consumers were told of more by the leader before: until that is known again, the end is not. */
  get endIsUnknown(): boolean {
    const { leading } = this
    return leading !== null && leading.epochStartOffset > leading.highWatermark
  }

  beginLeading(leading: PartitionLeader): void {
    this.leading = leading
    this.following = null
    this.leaderEpoch = leading.leaderEpoch
  }

  beginFollowing(following: PartitionFollower): void {
    this.#restingHighWatermark = this.highWatermark
    this.leading = null
    this.following = following
    this.leaderEpoch = following.leaderEpoch
  }

  /** Nobody leads, or the partition goes. */
  rest(leaderEpoch: number): void {
    this.#restingHighWatermark = this.highWatermark
    this.leading = null
    this.following = null
    this.leaderEpoch = leaderEpoch
  }

  /**
   * Throws NOT_LEADER_OR_FOLLOWER, and FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH where the asker
   * has another epoch in mind (KIP-320). -1 has none in mind.
   */
  checkLeads(currentLeaderEpoch: number): void {
    this.checkEpoch(currentLeaderEpoch)
    if (this.leading === null)
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `${this.name} is led by another broker`)
  }

  checkEpoch(currentLeaderEpoch: number): void {
    if (currentLeaderEpoch < 0 || currentLeaderEpoch === this.leaderEpoch) return
    throw new KafkaError(
      currentLeaderEpoch < this.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH',
      `${this.name}: leader epoch is ${this.leaderEpoch}, asked with ${currentLeaderEpoch}`,
    )
  }

  /**
   * Throws NOT_LEADER_OR_FOLLOWER for a run of a broker that a later one has followed (KIP-903). For
   * a broker without a replica UNKNOWN_LEADER_EPOCH: it knows the epoch, and of a reassignment that
   * has not come here yet; NOT_LEADER_OR_FOLLOWER where it names no epoch.
   */
  checkReplica(
    { brokerId, brokerEpoch }: FetchingReplica,
    registeredEpoch: bigint,
    currentLeaderEpoch: number,
  ): void {
    if (this.leading === null || this.leading.follower(brokerId) === null)
      throw new KafkaError(
        currentLeaderEpoch >= 0 ? 'UNKNOWN_LEADER_EPOCH' : 'NOT_LEADER_OR_FOLLOWER',
        `${this.name}: ${brokerId} has no replica`,
      )
    if (brokerEpoch >= 0n && brokerEpoch < registeredEpoch)
      throw new KafkaError(
        'NOT_LEADER_OR_FOLLOWER',
        `${this.name}: broker ${brokerId} fetches with epoch ${brokerEpoch}, ` +
          `registered with ${registeredEpoch}`,
      )
  }
}

function within(highWatermark: bigint, log: PartitionLog): bigint {
  if (highWatermark > log.logEndOffset) return log.logEndOffset
  return highWatermark < log.logStartOffset ? log.logStartOffset : highWatermark
}
