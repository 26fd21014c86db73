/**
 * What is known of one partition from the outside: what was tried, what was acknowledged at which
 * offset, what readers saw. Everything that a broker says about the partition is held against it.
 *
 * Values name their writer and their place in his order: `session:number`. A session that begins
 * with `p` is an idempotent producer's, whose values come exactly once, in order, without gaps;
 * one that begins with `x` makes no such promise.
 */
import { hold } from './violation.ts'

/** Who asks has no leader epoch in mind. */
export const ANY_EPOCH = -1

export class PartitionHistory {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  /**
   * How often records may rightly have been lost: a power cut of the only replica, a leader that
   * was elected although it lacked records. What an asker knew before counts no longer.
   */
  losses = 0
  /** Someone asked for records or the topic to be deleted. */
  deletionAsked = false
  /** By retention, that is: each replica does it by itself, and hears of others' a little later. */
  mayExpire = false
  /** The greatest that a consumer was told. */
  highWatermark = 0n
  /** The greatest of each leader epoch. */
  readonly #highWatermarks = new Map<number, bigint>()
  /** Records below it were deleted by request or retention, or may have been. */
  logStartOffset = 0n
  readonly #tried = new Set<string>()
  readonly #acknowledged = new Map<bigint, string>()
  readonly #seen = new Map<bigint, string>()
  readonly #offsets = new Map<string, bigint>()
  /** No offset behind it was acknowledged or seen. */
  #lastKnown = -1n

  constructor(topic: string, topicId: string, index: number) {
    this.topic = topic
    this.topicId = topicId
    this.index = index
  }

  get name(): string {
    return `${this.topic}-${this.index}`
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size
  }

  tried(value: string): void {
    this.#tried.add(value)
  }

  /** An answer said that the values lie at these offsets. `losses` as it was when asked. */
  acknowledged(baseOffset: bigint, values: readonly string[], losses: number): void {
    if (losses !== this.losses) return
    values.forEach((value, delta) => {
      const offset = baseOffset + BigInt(delta)
      const before = this.#acknowledged.get(offset)
      hold(
        before === undefined || before === value,
        `${this.name}: offset ${offset} was acknowledged for ${before} and now for ${value}`,
      )
      this.#acknowledged.set(offset, value)
      if (offset > this.#lastKnown) this.#lastKnown = offset
      this.#place(offset, value)
    })
  }

  /** A reader got this record. */
  saw(offset: bigint, value: string, losses: number): void {
    if (losses !== this.losses) return
    hold(this.#tried.has(value), `${this.name}: offset ${offset} holds ${value}, never sent there`)
    this.#place(offset, value)
    this.#seen.set(offset, value)
    if (offset > this.#lastKnown) this.#lastKnown = offset
  }

  /** A fetch leaves; the returned function takes what its answer says of the log's ends. */
  asks(leaderEpoch: number): (highWatermark: bigint, logStartOffset: bigint) => void {
    const { losses } = this
    // A new leader learns what was committed from its followers; within an epoch nothing goes back.
    const known = leaderEpoch < 0 ? 0n : (this.#highWatermarks.get(leaderEpoch) ?? 0n)
    return (highWatermark, logStartOffset) => {
      if (losses !== this.losses) return
      hold(
        highWatermark >= known,
        `${this.name}: high watermark went from ${known} back to ${highWatermark} ` +
          `in leader epoch ${leaderEpoch}`,
      )
      const latest = this.#highWatermarks.get(leaderEpoch) ?? 0n
      if (highWatermark > latest) this.#highWatermarks.set(leaderEpoch, highWatermark)
      hold(
        logStartOffset <= highWatermark,
        `${this.name}: log start ${logStartOffset} is above high watermark ${highWatermark}`,
      )
      if (highWatermark > this.highWatermark) this.highWatermark = highWatermark
      if (logStartOffset > this.logStartOffset) this.logStartOffset = logStartOffset
    }
  }

  /** Someone who has to hold everything: this is where the records on his disk end. */
  holdsAll(holder: string, endOffset: bigint): void {
    if (endOffset > this.#lastKnown) return
    for (const [how, known] of [
      ['acknowledged', this.#acknowledged],
      ['read', this.#seen],
    ] as const)
      for (const [offset, value] of known)
        hold(
          offset < endOffset,
          `${this.name}: ${value} was ${how} at ${offset}, the disk of ${holder} ends at ${endOffset}`,
        )
  }

  /** What lies behind is lost, and rightly so; `isKept` tells of what lies before. */
  loses(endOffset: bigint, isKept: (offset: bigint) => boolean): void {
    this.losses++
    this.highWatermark = 0n
    this.#highWatermarks.clear()
    this.#lastKnown = -1n
    for (const known of [this.#acknowledged, this.#seen])
      for (const offset of known.keys())
        if (offset >= endOffset || !isKept(offset)) known.delete(offset)
        else if (offset > this.#lastKnown) this.#lastKnown = offset
    for (const [value, offset] of this.#offsets)
      if (offset >= endOffset || !isKept(offset)) this.#offsets.delete(value)
  }

  /** The whole partition, read from its log start to its end. */
  verifyWhole(log: {
    readonly logStartOffset: bigint
    readonly endOffset: bigint
    readonly records: readonly { readonly offset: bigint; readonly value: string }[]
  }): void {
    const held = new Map(log.records.map(({ offset, value }) => [offset, value]))
    for (const [offset, value] of this.#acknowledged)
      if (offset >= log.logStartOffset)
        hold(
          held.get(offset) === value,
          `${this.name}: ${value} was acknowledged at ${offset}, where ${held.get(offset)} lies`,
        )
    if (this.losses === 0) {
      const count = Number(log.endOffset - log.logStartOffset)
      hold(
        log.records.length === count,
        `${this.name}: ${log.records.length} records in [${log.logStartOffset}, ${log.endOffset})`,
      )
    }
    if (!this.deletionAsked)
      hold(log.logStartOffset === 0n, `${this.name}: begins at ${log.logStartOffset} for no reason`)
    this.#verifySessions(log.records)
  }

  #verifySessions(records: readonly { readonly offset: bigint; readonly value: string }[]): void {
    const next = new Map<string, number>()
    for (const { offset, value } of records) {
      this.saw(offset, value, this.losses)
      if (!value.startsWith('p')) continue
      const [session, place] = value.split(':') as [string, string]
      const expected = next.get(session)
      // A power cut may take a segment's unflushed end and leave the segment behind it.
      const isNext =
        this.losses === 0 ? expected === Number(place) : Number(place) >= (expected ?? 0)
      hold(
        expected === undefined || isNext,
        `${this.name}: at ${offset} ${session} goes on with ${place} instead of ${expected}`,
      )
      next.set(session, Number(place) + 1)
    }
  }

  #place(offset: bigint, value: string): void {
    const acknowledged = this.#acknowledged.get(offset) ?? this.#seen.get(offset)
    hold(
      acknowledged === undefined || acknowledged === value,
      `${this.name}: offset ${offset} held ${acknowledged} and now holds ${value}`,
    )
    if (!value.startsWith('p')) return
    const elsewhere = this.#offsets.get(value)
    hold(
      elsewhere === undefined || elsewhere === offset,
      `${this.name}: ${value} lies at ${elsewhere} and at ${offset}`,
    )
    this.#offsets.set(value, offset)
  }
}
