/**
 * One partition on this broker: its log, and what this broker is to it.
 *
 * With one replica the leader alone is the ISR, so all it appended is committed: the high watermark
 * is the log end. The replica core (`engine/replica`) takes that rule over with replication.
 */
import type { PartitionLog } from '../log/partition-log.ts'
import { KafkaError } from '../protocol/errors.ts'

export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly log: PartitionLog
  leaderEpoch = -1
  leads = false

  constructor(options: {
    readonly topic: string
    readonly topicId: string
    readonly index: number
    readonly log: PartitionLog
  }) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = options.log
  }

  get name(): string {
    return `${this.topic}-${this.index}`
  }

  get highWatermark(): bigint {
    return this.log.logEndOffset
  }

  /** Without transactions nothing is undecided, so readers of committed data see as far. */
  get lastStableOffset(): bigint {
    return this.highWatermark
  }

  /** Takes the leader's chair for an epoch; a later epoch than any record's, always. */
  lead(leaderEpoch: number): void {
    if (this.leads && this.leaderEpoch === leaderEpoch) return
    this.leads = true
    this.leaderEpoch = leaderEpoch
    this.log.assignEpochStart(leaderEpoch, this.log.logEndOffset)
  }

  resign(leaderEpoch: number): void {
    this.leads = false
    this.leaderEpoch = leaderEpoch
  }

  /**
   * Throws NOT_LEADER_OR_FOLLOWER, and FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH where the asker
   * has another epoch in mind (KIP-320). -1 has none in mind.
   */
  checkLeads(currentLeaderEpoch: number): void {
    if (currentLeaderEpoch >= 0 && currentLeaderEpoch < this.leaderEpoch)
      throw new KafkaError(
        'FENCED_LEADER_EPOCH',
        `${this.name}: leader epoch is ${this.leaderEpoch}, asked with ${currentLeaderEpoch}`,
      )
    if (currentLeaderEpoch > this.leaderEpoch)
      throw new KafkaError(
        'UNKNOWN_LEADER_EPOCH',
        `${this.name}: leader epoch is ${this.leaderEpoch}, asked with ${currentLeaderEpoch}`,
      )
    if (!this.leads)
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `${this.name} is led by another broker`)
  }
}
