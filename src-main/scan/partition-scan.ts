/**
 * One partition of a scan: from where to where, how far it is, and what was met on the way. Both
 * directions keep one number, `at`: forward everything below it is done, backward everything from
 * it on. Whoever stops and goes on later hands it in again, and no record is judged twice.
 */
import type { Problem } from '../contract/define.ts'
import type { UnreadableOffsets } from '../contract/model/search.ts'

export type Direction = 'forward' | 'backward'

export interface ScanRange {
  readonly topic: string
  readonly partition: number
  /** From `start` up to and without `end`; null goes on with what comes. */
  readonly start: bigint
  readonly end: bigint | null
  /** Where to go on. */
  readonly at: bigint
}

/** `silent`: it has no leader, or one that does not answer; it is waited for. */
export type PartitionScanState = 'idle' | 'running' | 'waiting' | 'silent' | 'done' | 'failed'

export class PartitionScan {
  readonly topic: string
  readonly partition: number
  readonly start: bigint
  readonly end: bigint | null
  readonly direction: Direction
  at: bigint
  state: PartitionScanState = 'idle'
  problem: Problem | null = null
  /** Since this object was made: whoever goes on adds them up. */
  records = 0
  bytes = 0
  found = 0
  /** Not told yet. */
  unreadable: UnreadableOffsets[] = []
  unreadableCount = 0
  /** Bytes that one offset takes on the wire, as seen until now; null before the first batch. */
  bytesPerOffset: number | null = null

  constructor(range: ScanRange, direction: Direction) {
    this.topic = range.topic
    this.partition = range.partition
    this.start = range.start
    this.end = range.end
    this.at = range.at
    this.direction = direction
  }

  get name(): string {
    return `${this.topic}-${this.partition}`
  }

  /** Nothing of the range is left; never for one without an end. */
  get complete(): boolean {
    if (this.direction === 'backward') return this.at <= this.start
    return this.end !== null && this.at >= this.end
  }

  get over(): boolean {
    return this.state === 'done' || this.state === 'failed'
  }

  fail(problem: Problem): void {
    this.problem = problem
    this.state = 'failed'
  }

  /** Nothing comes, for this reason; until `heard`. */
  wait(problem: Problem): void {
    if (this.over) return
    this.problem = problem
    this.state = 'silent'
  }

  heard(): void {
    if (this.state !== 'silent') return
    this.problem = null
    this.state = 'running'
  }

  skip(from: bigint, to: bigint, problem: Problem): void {
    if (to <= from) return
    const { topic, partition } = this
    this.unreadable.push({ topic, partition, from, to, problem })
    this.unreadableCount += Number(to - from)
  }

  learnDensity(bytes: number, offsets: number): void {
    if (offsets > 0) this.bytesPerOffset = bytes / offsets
  }
}
