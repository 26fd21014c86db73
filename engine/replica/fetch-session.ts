/**
 * One fetch session (KIP-227): what its asker named, in the order in which it is served, and what
 * it was last told of each.
 *
 * It holds positions and no data. A request costs what it names and what is answered, whatever the
 * session holds; only records for some of many partitions put all of them in a new order.
 */

export interface FetchPartition {
  /** Empty where an id was given that no topic has. */
  readonly topic: string
  /** The zero id where the request named the topic. */
  readonly topicId: string
  readonly partition: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: bigint
  readonly lastFetchedEpoch: number
  readonly logStartOffset: bigint
  readonly partitionMaxBytes: number
}

export type ForgottenPartition = Pick<FetchPartition, 'topic' | 'topicId' | 'partition'>

/** One partition's outcome, as far as a session looks at it. */
export interface FetchedPartition {
  readonly request: FetchPartition
  /** It is told at once, and whatever was told before. */
  readonly mustTell: boolean
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
  readonly records: { readonly length: number }
}

export interface Told<O> {
  /** 0 for no session. */
  readonly sessionId: number
  readonly partitions: readonly O[]
}

const UNTOLD = -1n

class SessionPartition implements FetchPartition {
  topic: string
  readonly topicId: string
  readonly partition: number
  currentLeaderEpoch: number
  fetchOffset: bigint
  lastFetchedEpoch: number
  logStartOffset: bigint
  partitionMaxBytes: number
  toldHighWatermark = UNTOLD
  toldLogStartOffset = UNTOLD
  /** The position was read from without an error, and has not changed since. */
  isSound = false
  isForgotten = false
  /** Of the answer that is made just now. */
  gotRecords = false

  constructor(asked: FetchPartition) {
    this.topic = asked.topic
    this.topicId = asked.topicId
    this.partition = asked.partition
    this.currentLeaderEpoch = asked.currentLeaderEpoch
    this.fetchOffset = asked.fetchOffset
    this.lastFetchedEpoch = asked.lastFetchedEpoch
    this.logStartOffset = asked.logStartOffset
    this.partitionMaxBytes = asked.partitionMaxBytes
  }

  moveTo(asked: FetchPartition): void {
    this.topic = asked.topic
    this.currentLeaderEpoch = asked.currentLeaderEpoch
    this.fetchOffset = asked.fetchOffset
    this.lastFetchedEpoch = asked.lastFetchedEpoch
    this.logStartOffset = asked.logStartOffset
    this.partitionMaxBytes = asked.partitionMaxBytes
    this.isSound = false
  }

  told({ mustTell, highWatermark, logStartOffset }: FetchedPartition): void {
    this.toldHighWatermark = mustTell ? UNTOLD : highWatermark
    this.toldLogStartOffset = logStartOffset
    this.isSound = !mustTell
  }
}

export class FetchSession {
  readonly id: number
  readonly createdMs: number
  readonly usesTopicIds: boolean
  /** It may take the place of others: a follower's. */
  readonly privileged: boolean
  lastUsedMs: number
  epoch = 1
  /** By what names a topic in this session, its id or its name. */
  readonly #byTopic = new Map<string, Map<number, SessionPartition>>()
  /** As served next: who got records goes to the end. Replaced, never changed. */
  #order: readonly SessionPartition[] = []
  #hasUnnamed = false

  constructor(start: {
    readonly id: number
    readonly nowMs: number
    readonly usesTopicIds: boolean
    readonly privileged: boolean
  }) {
    this.id = start.id
    this.createdMs = start.nowMs
    this.lastUsedMs = start.nowMs
    this.usesTopicIds = start.usesTopicIds
    this.privileged = start.privileged
  }

  get size(): number {
    return this.#order.length
  }

  /** The partitions to read, in order. */
  get partitions(): readonly FetchPartition[] {
    return this.#order
  }

  /** Takes in what the first answer says of each. */
  open(outcomes: readonly FetchedPartition[]): void {
    this.update(
      outcomes.map(each => each.request),
      [],
    )
    for (const outcome of outcomes) this.#held(outcome.request)?.told(outcome)
  }

  update(asked: readonly FetchPartition[], forgotten: readonly ForgottenPartition[]): void {
    let added: SessionPartition[] | null = null
    for (const each of asked) {
      const held = this.#held(each)
      if (held === undefined) (added ??= []).push(this.#hold(each))
      else held.moveTo(each)
      this.#hasUnnamed ||= each.topic === ''
    }
    if (added !== null) this.#order = [...this.#order, ...added]
    if (forgotten.length === 0) return
    for (const each of forgotten) this.#forget(each)
    this.#order = this.#order.filter(each => !each.isForgotten)
  }

  /** A topic may be made known after it was asked for by its id. */
  nameTopics(nameOf: (topicId: string) => string): void {
    if (!this.usesTopicIds || !this.#hasUnnamed) return
    for (const each of this.#order) if (each.topic === '') each.topic = nameOf(each.topicId)
    this.#hasUnnamed = this.#order.some(each => each.topic === '')
  }

  /**
   * Whether the asker was told this of the partition, and nothing was the matter: if it also has
   * all records, there is nothing to read for it.
   */
  wasTold(partition: FetchPartition, highWatermark: bigint, logStartOffset: bigint): boolean {
    return (
      partition instanceof SessionPartition &&
      partition.isSound &&
      partition.toldHighWatermark === highWatermark &&
      partition.toldLogStartOffset === logStartOffset
    )
  }

  /** Of the outcomes, those with news. Called once for each request, with the final answer. */
  conclude<O extends FetchedPartition>(outcomes: readonly O[]): Told<O> {
    const news = outcomes.filter(outcome => this.#isNews(outcome))
    this.#serveLast(news)
    return { sessionId: this.id, partitions: news }
  }

  #isNews(outcome: FetchedPartition): boolean {
    const { request } = outcome
    // Forgotten by a later request; this answer is still to the one before.
    if (!(request instanceof SessionPartition) || request.isForgotten) return true
    const isNews =
      outcome.mustTell ||
      outcome.records.length > 0 ||
      outcome.highWatermark !== request.toldHighWatermark ||
      outcome.logStartOffset !== request.toldLogStartOffset
    request.told(outcome)
    return isNews
  }

  /** Whoever got records is served last next time, so that none starves behind a busy one. */
  #serveLast(outcomes: readonly FetchedPartition[]): void {
    if (this.#order.length <= 1) return
    const served: SessionPartition[] = []
    for (const { request, records } of outcomes) {
      if (records.length === 0 || !(request instanceof SessionPartition)) continue
      if (request.isForgotten) continue
      request.gotRecords = true
      served.push(request)
    }
    if (served.length > 0 && served.length < this.#order.length)
      this.#order = [...this.#order.filter(each => !each.gotRecords), ...served]
    for (const each of served) each.gotRecords = false
  }

  #topicOf(partition: ForgottenPartition): string {
    return this.usesTopicIds ? partition.topicId : partition.topic
  }

  #held(partition: ForgottenPartition): SessionPartition | undefined {
    return this.#byTopic.get(this.#topicOf(partition))?.get(partition.partition)
  }

  #hold(asked: FetchPartition): SessionPartition {
    const held = new SessionPartition(asked)
    const topic = this.#topicOf(asked)
    const ofTopic = this.#byTopic.get(topic)
    if (ofTopic === undefined) this.#byTopic.set(topic, new Map([[asked.partition, held]]))
    else ofTopic.set(asked.partition, held)
    return held
  }

  #forget(partition: ForgottenPartition): void {
    const topic = this.#topicOf(partition)
    const ofTopic = this.#byTopic.get(topic)
    const held = ofTopic?.get(partition.partition)
    if (ofTopic === undefined || held === undefined) return
    held.isForgotten = true
    ofTopic.delete(partition.partition)
    if (ofTopic.size === 0) this.#byTopic.delete(topic)
  }
}
