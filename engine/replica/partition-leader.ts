/**
 * The leader's side of one partition: how far each follower is, who is in sync, how far the
 * partition is committed, and which ISR to ask the controller for.
 *
 * No I/O and no clock: appends, fetches, ticks, metadata and the controller's answers are told to
 * it. Where a call returns a boolean, it says whether the high watermark advanced. With one replica
 * an append costs two comparisons and no allocation.
 */
import type { ErrorName } from '../protocol/errors.ts'
import { assert } from '../support/assert.ts'
import { FollowerProgress } from './follower-progress.ts'

/** What the metadata log says of the partition. */
export interface AssignedPartition {
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly leaderEpoch: number
  readonly partitionEpoch: number
}

/** What the rules depend on outside of the partition; asked for as it is now. */
export interface LeaderRules {
  /** replica.lag.time.max.ms */
  replicaLagTimeMaxMs(): number
  localBrokerEpoch(): bigint
  /** Of a broker that may be in an ISR; null for one that is unknown, fenced or shutting down. */
  eligibleBrokerEpoch(brokerId: number): bigint | null
}

/** What AlterPartition asks for. */
export interface IsrProposal {
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: bigint }[]
  readonly leaderEpoch: number
  readonly partitionEpoch: number
}

export type ProposalAnswer =
  | {
      readonly type: 'committed'
      readonly isr: readonly number[]
      readonly leaderEpoch: number
      readonly partitionEpoch: number
    }
  | { readonly type: 'refused'; readonly error: ErrorName }

export interface FollowerFetch {
  readonly brokerId: number
  readonly brokerEpoch: bigint
  /** All below it is in the follower's log. */
  readonly fetchOffset: bigint
  readonly logStartOffset: bigint
  readonly nowMs: number
}

export interface FollowerDescription {
  readonly brokerId: number
  /** -1 while it has not fetched from this leader. */
  readonly logEndOffset: bigint
  readonly logStartOffset: bigint
  /** When it last had all that the leader had; 0 for never. */
  readonly lastCaughtUpMs: number
  /** When it last fetched; 0 for never. */
  readonly lastFetchMs: number
  readonly inIsr: boolean
}

const NO_FOLLOWERS: readonly FollowerProgress[] = []
const UNKNOWN_BROKER_EPOCH = -1n

/** Refusals after which the metadata log brings the truth, or a new leader. */
const awaitsMetadata: ReadonlySet<ErrorName> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'FENCED_LEADER_EPOCH',
  'INVALID_UPDATE_VERSION',
  'INVALID_REQUEST',
  'NEW_LEADER_ELECTED',
])
/** Refusals that take the proposal back: the ISR stays, and the next fetch or tick may ask again. */
const takesBack: ReadonlySet<ErrorName> = new Set(['OPERATION_NOT_ATTEMPTED', 'INELIGIBLE_REPLICA'])

export class PartitionLeader {
  readonly #localId: number
  readonly #rules: LeaderRules
  #leaderEpoch: number
  /** Where this leader's own records begin: whoever lacks older ones may not join the ISR. */
  #epochStartOffset: bigint
  #logEndOffset: bigint
  /** How far the own log counts: to its end, or to what is flushed where that is waited for. */
  #ownOffset: bigint
  /** Never goes back. */
  #highWatermark: bigint
  #minInsyncReplicas: number
  /** As the controller has committed it; the leader is always in it, unless an ELR took over. */
  #isr: readonly number[]
  #partitionEpoch: number
  #followers: readonly FollowerProgress[] = NO_FOLLOWERS
  /** At most one is under way; until it is decided, both ISRs hold the high watermark. */
  #proposal: IsrProposal | null = null
  #proposalIsUnsent = false

  constructor(start: {
    readonly localId: number
    readonly rules: LeaderRules
    readonly assigned: AssignedPartition
    readonly logEndOffset: bigint
    readonly highWatermark: bigint
    readonly minInsyncReplicas: number
    readonly nowMs: number
  }) {
    const { assigned } = start
    this.#localId = start.localId
    this.#rules = start.rules
    this.#leaderEpoch = assigned.leaderEpoch
    this.#epochStartOffset = start.logEndOffset
    this.#logEndOffset = start.logEndOffset
    this.#ownOffset = start.logEndOffset
    this.#highWatermark = start.highWatermark
    this.#minInsyncReplicas = start.minInsyncReplicas
    this.#isr = assigned.isr
    this.#partitionEpoch = assigned.partitionEpoch
    this.#followers = this.#followersOf(assigned, start.nowMs)
    this.#advance(start.nowMs)
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  get partitionEpoch(): number {
    return this.#partitionEpoch
  }

  get epochStartOffset(): bigint {
    return this.#epochStartOffset
  }

  get highWatermark(): bigint {
    return this.#highWatermark
  }

  get isr(): readonly number[] {
    return this.#isr
  }

  /** Whether anyone but this broker holds a replica. */
  get isReplicated(): boolean {
    return this.#followers.length > 0
  }

  /** A proposal waits for `takeProposal`. */
  get hasUnsentProposal(): boolean {
    return this.#proposalIsUnsent
  }

  /** All who may lead by what the controller has or may have committed. */
  get maximalIsr(): readonly number[] {
    const joining = this.#followers.filter(each => each.joins).map(each => each.brokerId)
    return joining.length === 0 ? this.#isr : [...this.#isr, ...joining]
  }

  /** min.insync.replicas, and never more than there are replicas. */
  get effectiveMinIsr(): number {
    return Math.min(this.#minInsyncReplicas, this.#followers.length + 1)
  }

  /** Whether `acks=all` may append: the ISR is as large as min.insync.replicas asks. */
  get takesAcksAll(): boolean {
    return this.#isr.length >= this.effectiveMinIsr
  }

  /** Whether what was appended with `acks=all` is as safe as was asked for, once it is committed. */
  get keepsAcksAll(): boolean {
    return this.takesAcksAll || this.maximalIsr.length >= this.effectiveMinIsr
  }

  setMinInsyncReplicas(count: number, nowMs: number): boolean {
    this.#minInsyncReplicas = count
    return this.#advance(nowMs)
  }

  recordsAppended(logEndOffset: bigint, nowMs: number): boolean {
    this.recordsWritten(logEndOffset)
    this.#ownOffset = logEndOffset
    // An append commits by itself where the leader is alone in the ISR; else a fetch will.
    if (this.#followers.length > 0) return this.#isr.length === 1 && this.#advance(nowMs)
    const advances = logEndOffset > this.#highWatermark
    this.#highWatermark = logEndOffset
    return advances
  }

  /** They are appended, and count once they are flushed. */
  recordsWritten(logEndOffset: bigint): void {
    assert(logEndOffset >= this.#logEndOffset, 'a leader only appends')
    this.#logEndOffset = logEndOffset
  }

  /** All below the offset survives a power cut here. */
  recordsFlushed(offset: bigint, nowMs: number): boolean {
    assert(offset <= this.#logEndOffset, 'what is flushed was written')
    if (offset <= this.#ownOffset) return false
    this.#ownOffset = offset
    return this.#advance(nowMs)
  }

  /** Null where the broker holds no replica. */
  follower(brokerId: number): FollowerDescription | null {
    return this.#followers.find(each => each.brokerId === brokerId) ?? null
  }

  /** A follower asked for records from an offset on, which the log was found to agree with. */
  followerFetched(fetch: FollowerFetch): boolean {
    const follower = this.#followers.find(each => each.brokerId === fetch.brokerId)
    assert(follower !== undefined, `broker ${fetch.brokerId} holds a replica`)
    assert(fetch.fetchOffset <= this.#logEndOffset, 'the fetch was checked against the log')
    follower.fetched(fetch, this.#logEndOffset)
    if (!follower.inIsr && this.#proposal === null && this.#mayJoin(follower))
      this.#propose([...this.#isr, follower.brokerId], follower)
    return this.#advance(fetch.nowMs)
  }

  /**
   * A follower asked again for what it asked for before. Where it is in sync and has everything,
   * that it did so is all there is to know, and true is returned; else it is to be looked at.
   */
  followerStays(brokerId: number, brokerEpoch: bigint, nowMs: number): boolean {
    for (const follower of this.#followers)
      if (follower.brokerId === brokerId)
        return (
          follower.inIsr &&
          follower.brokerEpoch === brokerEpoch &&
          follower.stays(this.#logEndOffset, nowMs)
        )
    return false
  }

  /** Silence has no event: who lags is found by looking. */
  tick(nowMs: number): void {
    if (this.#proposal !== null) return
    const maxLagMs = this.#rules.replicaLagTimeMaxMs()
    const lagging = this.#followers.filter(
      each => each.inIsr && !each.isCaughtUp(this.#logEndOffset, nowMs, maxLagMs),
    )
    if (lagging.length === 0) return
    const gone = new Set(lagging.map(each => each.brokerId))
    this.#propose(this.#isr.filter(id => !gone.has(id)))
  }

  /** When `tick` next has something to do; null while only the world can change anything. */
  nextDeadlineMs(): number | null {
    if (this.#proposal !== null) return null
    let earliest = Infinity
    for (const follower of this.#followers)
      if (follower.inIsr && follower.logEndOffset !== this.#logEndOffset)
        earliest = Math.min(earliest, follower.lastCaughtUpMs)
    return earliest === Infinity ? null : earliest + this.#rules.replicaLagTimeMaxMs() + 1
  }

  /** What to send now; it is answered with `proposalAnswered`. */
  takeProposal(): IsrProposal | null {
    if (!this.#proposalIsUnsent) return null
    this.#proposalIsUnsent = false
    return this.#proposal
  }

  /** Answers to proposals that were overtaken by metadata change nothing. */
  proposalAnswered(proposal: IsrProposal, answer: ProposalAnswer, nowMs: number): boolean {
    if (proposal !== this.#proposal) return false
    if (answer.type === 'refused') {
      if (takesBack.has(answer.error)) this.#settle(this.#isr)
      else if (!awaitsMetadata.has(answer.error)) this.#proposalIsUnsent = true
      return this.#advance(nowMs)
    }
    const isOurs =
      answer.leaderEpoch === this.#leaderEpoch && answer.partitionEpoch >= this.#partitionEpoch
    // Somebody leads by now, or knows better: the metadata log will say.
    if (!isOurs) return false
    // Nor does anyone leave by an answer. Who leaves stays eligible to lead by the min.insync.replicas
    // of that place in the metadata log, and until that is read here, less may be asked for, and more
    // be committed, than they have. Apache Kafka's leaders do not wait.
    if (this.#isr.some(id => !answer.isr.includes(id))) return false
    this.#partitionEpoch = answer.partitionEpoch
    this.#settle(answer.isr)
    return this.#advance(nowMs)
  }

  /** The metadata log says something new, or what an answer has said already. */
  metadataChanged(assigned: AssignedPartition, nowMs: number): boolean {
    const reelected = assigned.leaderEpoch > this.#leaderEpoch
    if (!reelected && assigned.partitionEpoch <= this.#partitionEpoch) return false
    this.#partitionEpoch = assigned.partitionEpoch
    // Somebody else may have led between, where the change came as a snapshot: followers then have
    // cut off what they had from here, and are where they say anew.
    if (assigned.leaderEpoch > this.#leaderEpoch + 1) this.#followers = NO_FOLLOWERS
    this.#followers = this.#followersOf(assigned, nowMs)
    if (reelected) {
      this.#leaderEpoch = assigned.leaderEpoch
      this.#epochStartOffset = this.#logEndOffset
      for (const follower of this.#followers)
        follower.leaderReelected(assigned.isr.includes(follower.brokerId), nowMs)
    }
    this.#settle(assigned.isr)
    return this.#advance(nowMs)
  }

  /** The least log start of the replicas whose brokers are there: DeleteRecords waits for it. */
  lowWatermark(localLogStart: bigint, isAlive: (brokerId: number) => boolean): bigint {
    let lowest = localLogStart
    for (const { brokerId, logStartOffset } of this.#followers)
      if (logStartOffset < lowest && isAlive(brokerId)) lowest = logStartOffset
    return lowest
  }

  followers(): readonly FollowerDescription[] {
    return this.#followers
  }

  #followersOf(assigned: AssignedPartition, nowMs: number): readonly FollowerProgress[] {
    const { replicas, isr } = assigned
    if (replicas.length <= 1 && replicas[0] === this.#localId) return NO_FOLLOWERS
    const known = this.#followers
    return replicas
      .filter(id => id !== this.#localId)
      .map(
        brokerId =>
          known.find(each => each.brokerId === brokerId) ??
          new FollowerProgress(brokerId, isr.includes(brokerId), nowMs),
      )
  }

  /** This is the ISR now, and nothing is asked for. */
  #settle(isr: readonly number[]): void {
    this.#isr = isr
    this.#proposal = null
    this.#proposalIsUnsent = false
    for (const follower of this.#followers) {
      follower.inIsr = isr.includes(follower.brokerId)
      follower.joins = false
    }
  }

  #propose(isr: readonly number[], joining?: FollowerProgress): void {
    if (joining !== undefined) joining.joins = true
    this.#proposal = {
      isr: isr.map(brokerId => ({ brokerId, brokerEpoch: this.#brokerEpochOf(brokerId) })),
      leaderEpoch: this.#leaderEpoch,
      partitionEpoch: this.#partitionEpoch,
    }
    this.#proposalIsUnsent = true
  }

  #brokerEpochOf(brokerId: number): bigint {
    if (brokerId === this.#localId) return this.#rules.localBrokerEpoch()
    const follower = this.#followers.find(each => each.brokerId === brokerId)
    return follower?.brokerEpoch ?? UNKNOWN_BROKER_EPOCH
  }

  #mayJoin(follower: FollowerProgress): boolean {
    return (
      follower.logEndOffset >= this.#highWatermark &&
      follower.logEndOffset >= this.#epochStartOffset &&
      this.#isEligible(follower)
    )
  }

  /** KIP-841 and KIP-903: there, not leaving, and the same run of it that fetched. */
  #isEligible({ brokerId, brokerEpoch }: FollowerProgress): boolean {
    const current = this.#rules.eligibleBrokerEpoch(brokerId)
    if (current === null || brokerEpoch === null) return false
    return brokerEpoch === UNKNOWN_BROKER_EPOCH || brokerEpoch === current
  }

  /**
   * A record is committed once everyone who could become leader has it: the committed ISR, the one
   * asked for, and followers about to be asked for. And only with min.insync.replicas in the ISR.
   */
  #advance(nowMs: number): boolean {
    if (this.#isr.length < this.effectiveMinIsr) return false
    const maxLagMs = this.#rules.replicaLagTimeMaxMs()
    let next = this.#ownOffset
    for (const follower of this.#followers) {
      if (follower.logEndOffset >= next) continue
      const isWaitedFor =
        follower.inIsr ||
        follower.joins ||
        (follower.isCaughtUp(this.#logEndOffset, nowMs, maxLagMs) && this.#isEligible(follower))
      if (isWaitedFor) next = follower.logEndOffset
    }
    if (next <= this.#highWatermark) return false
    this.#highWatermark = next
    return true
  }
}
