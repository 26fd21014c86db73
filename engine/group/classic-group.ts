/**
 * A classic group: its members and the four states they move through together.
 *
 *     Empty ──► PreparingRebalance ──► CompletingRebalance ──► Stable
 *       ▲          │        ▲  ▲               │                 │
 *       └──────────┘        └──┴───────────────┴─────────────────┘
 *
 * It keeps the books (votes, static members, who waits) and refuses illegal moves. What a move has
 * as consequences, answers and timers, is the handlers' matter. Kafka's fifth state, Dead, is a
 * group that is not here any more.
 */
import { assert } from '../support/assert.ts'
import { CONSUMER_PROTOCOL_TYPE, subscribedTopicsOf } from './consumer-protocol.ts'
import { metadataFor, voteOf, type Member, type MemberProtocol } from './member.ts'

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

const previousStates: Record<GroupState, readonly GroupState[]> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Empty', 'CompletingRebalance', 'Stable'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
}

export interface ClassicGroupOptions {
  readonly groupId: string
  readonly state: GroupState
  readonly stateSinceMs: number | null
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leaderId: string | null
}

export class ClassicGroup {
  readonly groupId: string
  #state: GroupState
  #previousState: GroupState | null = null
  /** Null for groups from a log older than the timestamp. */
  #stateSinceMs: number | null
  #generationId: number
  #protocolType: string | null
  #protocolName: string | null
  #leaderId: string | null
  readonly #members = new Map<string, Member>()
  /** Member id by group instance id. */
  readonly #staticMembers = new Map<string, string>()
  /** Ids given out with MEMBER_ID_REQUIRED that did not come back yet (KIP-394). */
  readonly #pendingMembers = new Set<string>()
  /** Who has not sent SyncGroup in this generation. */
  readonly #pendingSync = new Set<string>()
  /** How many members offer each protocol. */
  readonly #offers = new Map<string, number>()
  #awaitingJoin = 0
  /** Null where the group is not of consumers, or its metadata is not a subscription. */
  #subscribedTopics: ReadonlySet<string> | null = null
  /** Somebody arrived during the initial delay, which may be extended for that. */
  newMemberArrived = false

  constructor(options: ClassicGroupOptions) {
    this.groupId = options.groupId
    this.#state = options.state
    this.#stateSinceMs = options.stateSinceMs
    this.#generationId = options.generationId
    this.#protocolType = options.protocolType
    this.#protocolName = options.protocolName
    this.#leaderId = options.leaderId
  }

  get state(): GroupState {
    return this.#state
  }
  get previousState(): GroupState | null {
    return this.#previousState
  }
  get stateSinceMs(): number | null {
    return this.#stateSinceMs
  }
  get generationId(): number {
    return this.#generationId
  }
  get protocolType(): string | null {
    return this.#protocolType
  }
  get protocolName(): string | null {
    return this.#protocolName
  }
  get leaderId(): string | null {
    return this.#leaderId
  }
  get members(): readonly Member[] {
    return [...this.#members.values()]
  }
  get memberCount(): number {
    return this.#members.size
  }
  get awaitingJoinCount(): number {
    return this.#awaitingJoin
  }
  get pendingMembers(): ReadonlySet<string> {
    return this.#pendingMembers
  }
  get pendingSync(): ReadonlySet<string> {
    return this.#pendingSync
  }
  get subscribedTopics(): ReadonlySet<string> | null {
    return this.#subscribedTopics
  }
  get ofConsumers(): boolean {
    return this.#protocolType === CONSUMER_PROTOCOL_TYPE
  }

  /** The longest that any member may take to rejoin. */
  get rebalanceTimeoutMs(): number {
    let longest = 0
    for (const member of this.#members.values())
      longest = Math.max(longest, member.rebalanceTimeoutMs)
    return longest
  }

  get allJoined(): boolean {
    return this.#members.size === this.#awaitingJoin && this.#pendingMembers.size === 0
  }

  get canRebalance(): boolean {
    return previousStates.PreparingRebalance.includes(this.#state)
  }

  member(memberId: string): Member | undefined {
    return this.#members.get(memberId)
  }

  staticMemberId(groupInstanceId: string): string | undefined {
    return this.#staticMembers.get(groupInstanceId)
  }

  isLeader(memberId: string): boolean {
    return this.#leaderId === memberId
  }

  /** Without knowledge of the subscription a group of consumers counts as using every topic. */
  usesTopic(topic: string): boolean {
    return this.#subscribedTopics === null ? this.ofConsumers : this.#subscribedTopics.has(topic)
  }

  /** Whether someone who offers these protocols can be a member beside those that are. */
  accepts(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.#state === 'Empty') return protocolType !== '' && protocols.length > 0
    return (
      this.#protocolType === protocolType &&
      protocols.some(each => (this.#offers.get(each.name) ?? 0) === this.#members.size)
    )
  }

  addPending(memberId: string): void {
    assert(!this.#members.has(memberId), `pending ${memberId} is no member of ${this.groupId}`)
    this.#pendingMembers.add(memberId)
  }

  removePending(memberId: string): boolean {
    return this.#pendingMembers.delete(memberId)
  }

  add(member: Member): void {
    const { memberId, groupInstanceId } = member
    assert(!this.#members.has(memberId), `${memberId} joins ${this.groupId} once`)
    if (groupInstanceId !== null) {
      assert(!this.#staticMembers.has(groupInstanceId), `instance ${groupInstanceId} is new`)
      this.#staticMembers.set(groupInstanceId, memberId)
    }
    if (this.#members.size === 0) this.#protocolType = member.protocolType
    assert(this.#protocolType === member.protocolType, 'members share the protocol type')
    this.#leaderId ??= memberId
    this.#members.set(memberId, member)
    this.#countOffers(member.protocols, 1)
    if (member.joinToken !== null) this.#awaitingJoin++
    this.#pendingMembers.delete(memberId)
  }

  /** Takes a member out; the oldest of the others inherits leadership. */
  remove(memberId: string): void {
    const member = this.#members.get(memberId)
    if (member !== undefined) {
      this.#members.delete(memberId)
      this.#countOffers(member.protocols, -1)
      if (member.joinToken !== null) this.#awaitingJoin--
      if (member.groupInstanceId !== null) this.#staticMembers.delete(member.groupInstanceId)
    }
    if (this.#leaderId === memberId) this.#leaderId = this.#members.keys().next().value ?? null
    this.#pendingMembers.delete(memberId)
    this.#pendingSync.delete(memberId)
  }

  /** A restarted static member takes its old self's place under a new id, and its leadership. */
  replaceStatic(member: Member, oldMemberId: string): void {
    const old = this.#members.get(oldMemberId)
    assert(old !== undefined, `static member ${oldMemberId} is in ${this.groupId}`)
    assert(old.joinToken === null && old.syncToken === null, 'the old self was answered')
    assert(member.groupInstanceId === old.groupInstanceId, 'a static member keeps its instance id')
    this.#members.delete(oldMemberId)
    this.#countOffers(old.protocols, -1)
    this.#members.set(member.memberId, member)
    this.#countOffers(member.protocols, 1)
    if (this.#leaderId === oldMemberId) this.#leaderId = member.memberId
    this.#staticMembers.set(member.groupInstanceId!, member.memberId)
    // The old id cannot sync any more; whether the new one has to is for the next step to say.
    if (this.#pendingSync.delete(oldMemberId)) this.#pendingSync.add(member.memberId)
  }

  /** Takes what a member offers now, when it joins again. */
  update(
    member: Member,
    offer: {
      readonly protocols: readonly MemberProtocol[]
      readonly rebalanceTimeoutMs: number
      readonly sessionTimeoutMs: number
    },
  ): void {
    this.#countOffers(member.protocols, -1)
    member.protocols = offer.protocols
    this.#countOffers(member.protocols, 1)
    member.rebalanceTimeoutMs = offer.rebalanceTimeoutMs
    member.sessionTimeoutMs = offer.sessionTimeoutMs
  }

  /** Parks a member's JoinGroup, and returns the token of one that it replaces. */
  awaitJoin(
    member: Member,
    join: { readonly token: number; readonly apiVersion: number },
  ): number | null {
    const replaced = member.joinToken
    if (replaced === null) this.#awaitingJoin++
    member.joinToken = join.token
    member.joinVersion = join.apiVersion
    return replaced
  }

  /** The member's waiting JoinGroup, which waits no longer. */
  takeJoin(member: Member): number | null {
    const token = member.joinToken
    if (token !== null) this.#awaitingJoin--
    member.joinToken = null
    return token
  }

  expectSync(memberId: string): void {
    assert(this.#members.has(memberId), `${memberId} syncs as a member of ${this.groupId}`)
    this.#pendingSync.add(memberId)
  }

  syncReceived(memberId: string): void {
    this.#pendingSync.delete(memberId)
  }

  clearPendingSync(): void {
    this.#pendingSync.clear()
  }

  /**
   * Makes sure the leader is among those who rejoined, so that somebody assigns. False while
   * nobody did.
   */
  electJoinedLeader(): boolean {
    if (this.#leaderId === null) return false
    const leader = this.#members.get(this.#leaderId)
    if (leader !== undefined && leader.joinToken !== null) return true
    for (const member of this.#members.values()) {
      if (member.joinToken === null) continue
      this.#leaderId = member.memberId
      return true
    }
    return false
  }

  /** The protocol with the most votes among those that all members offer. */
  selectProtocol(): string {
    assert(this.#members.size > 0, `${this.groupId} has members to vote`)
    const candidates = new Set<string>()
    for (const [name, count] of this.#offers) if (count === this.#members.size) candidates.add(name)
    const votes = new Map<string, number>()
    for (const member of this.#members.values()) {
      const name = voteOf(member, candidates)
      votes.set(name, (votes.get(name) ?? 0) + 1)
    }
    let chosen: [string, number] | null = null
    for (const entry of votes) if (chosen === null || entry[1] > chosen[1]) chosen = entry
    return chosen![0]
  }

  transitionTo(state: GroupState, timestampMs: number): void {
    assert(
      previousStates[state].includes(this.#state),
      `${this.groupId} goes to ${state} from ${previousStates[state].join(' or ')}`,
    )
    this.#previousState = this.#state
    this.#state = state
    this.#stateSinceMs = timestampMs
  }

  /** Ends a rebalance: the members that are left are a generation, or the group is empty. */
  nextGeneration(timestampMs: number): void {
    // Kafka's generations are 32 bits wide and stay positive in practice; ours wrap to 0.
    this.#generationId = (this.#generationId + 1) & 0x7fff_ffff
    this.#protocolName = this.#members.size > 0 ? this.selectProtocol() : null
    this.refreshSubscribedTopics()
    this.transitionTo(this.#members.size > 0 ? 'CompletingRebalance' : 'Empty', timestampMs)
    this.#pendingSync.clear()
  }

  refreshSubscribedTopics(): void {
    this.#subscribedTopics = this.#computeSubscribedTopics()
  }

  #computeSubscribedTopics(): ReadonlySet<string> | null {
    if (!this.ofConsumers) return null
    const topics = new Set<string>()
    if (this.#members.size === 0) return topics
    if (this.#protocolName === null) return null
    for (const member of this.#members.values()) {
      const subscribed = subscribedTopicsOf(metadataFor(member, this.#protocolName))
      if (subscribed === null) return null
      for (const topic of subscribed) topics.add(topic)
    }
    return topics
  }

  #countOffers(protocols: readonly MemberProtocol[], by: 1 | -1): void {
    for (const { name } of protocols) {
      const count = (this.#offers.get(name) ?? 0) + by
      if (count > 0) this.#offers.set(name, count)
      else this.#offers.delete(name)
    }
  }
}
