/**
 * What is known of one partition from the outside: what was tried, what was acknowledged at which
 * offset, what readers saw. Everything that a broker says about the partition is held against it.
 *
 * Values name their writer and their place in his order: `session:number`. A session that begins
 * with `p` is an idempotent producer's, whose values come exactly once, in order, without gaps;
 * one that begins with `x` makes no such promise.
 */
import { hold } from './violation.ts'

export class PartitionHistory {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  /** Power cuts of its broker: from each, unflushed records may be lost. */
  powerCuts = 0
  /** Someone asked for records or the topic to be deleted. */
  deletionAsked = false
  highWatermark = 0n
  /** Records below it were deleted by request or retention, or may have been. */
  logStartOffset = 0n
  readonly #tried = new Set<string>()
  readonly #acknowledged = new Map<bigint, string>()
  readonly #seen = new Map<bigint, string>()
  readonly #offsets = new Map<string, bigint>()

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

  /** An answer said that the values lie at these offsets. `powerCuts` as it was when asked. */
  acknowledged(baseOffset: bigint, values: readonly string[], powerCuts: number): void {
    if (powerCuts !== this.powerCuts) return
    values.forEach((value, delta) => {
      const offset = baseOffset + BigInt(delta)
      const before = this.#acknowledged.get(offset)
      hold(
        before === undefined || before === value,
        `${this.name}: offset ${offset} was acknowledged for ${before} and now for ${value}`,
      )
      this.#acknowledged.set(offset, value)
      this.#place(offset, value)
    })
  }

  /** A reader got this record. */
  saw(offset: bigint, value: string, powerCuts: number): void {
    if (powerCuts !== this.powerCuts) return
    hold(this.#tried.has(value), `${this.name}: offset ${offset} holds ${value}, never sent there`)
    this.#place(offset, value)
    this.#seen.set(offset, value)
  }

  /** A fetch leaves; the returned function takes what its answer says of the log's ends. */
  asks(): (highWatermark: bigint, logStartOffset: bigint) => void {
    const { powerCuts, highWatermark: known } = this
    return (highWatermark, logStartOffset) => {
      if (powerCuts !== this.powerCuts) return
      hold(
        highWatermark >= known,
        `${this.name}: high watermark went from ${known} back to ${highWatermark}`,
      )
      hold(
        logStartOffset <= highWatermark,
        `${this.name}: log start ${logStartOffset} is above high watermark ${highWatermark}`,
      )
      if (highWatermark > this.highWatermark) this.highWatermark = highWatermark
      if (logStartOffset > this.logStartOffset) this.logStartOffset = logStartOffset
    }
  }

  /** The broker was killed, and this is where the records on its disk end. */
  endsAfterKill(endOffset: bigint): void {
    for (const [offset, value] of this.#acknowledged)
      hold(
        offset < endOffset,
        `${this.name}: ${value} was acknowledged at ${offset}, the disk ends at ${endOffset}`,
      )
    for (const [offset, value] of this.#seen)
      hold(
        offset < endOffset,
        `${this.name}: ${value} was read at ${offset}, the disk ends at ${endOffset}`,
      )
  }

  /** The power went, and this is where the records on the disk end: what lay behind is lost. */
  endsAfterPowerCut(endOffset: bigint, isKept: (offset: bigint) => boolean): void {
    this.powerCuts++
    this.highWatermark = 0n
    for (const known of [this.#acknowledged, this.#seen])
      for (const offset of known.keys())
        if (offset >= endOffset || !isKept(offset)) known.delete(offset)
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
    if (this.powerCuts === 0) {
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
      this.saw(offset, value, this.powerCuts)
      if (!value.startsWith('p')) continue
      const [session, place] = value.split(':') as [string, string]
      const expected = next.get(session)
      // A power cut may take a segment's unflushed end and leave the segment behind it.
      const isNext =
        this.powerCuts === 0 ? expected === Number(place) : Number(place) >= (expected ?? 0)
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
