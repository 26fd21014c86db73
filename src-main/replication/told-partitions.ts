/**
 * What was told of a topic's partitions, so that a page which comes again is told only what is
 * another by then: of ten thousand partitions few change from one second to the next.
 */
import type { PartitionReplication, ReplicaProgress } from '../contract/model/replication.ts'

interface Told {
  readonly row: PartitionReplication
  /** Of the answer that first told it so. */
  readonly turn: number
}

export interface Difference {
  /** To be given back the next time. */
  readonly version: string
  /** False: partitions that are left out are as they were told before. */
  readonly whole: boolean
  readonly partitions: readonly PartitionReplication[]
}

export class ToldPartitions {
  readonly #origin: string
  #life = 0
  #turn = 0
  #byPartition = new Map<number, Told>()

  /** `origin`: no other instance has it. */
  constructor(origin: string) {
    this.#origin = origin
  }

  /** All partitions as they are now, and the version that the page has. */
  all(rows: readonly PartitionReplication[], since: string | null): Difference {
    // Topics only grow: a smaller one is another one of that name.
    if (rows.length < this.#byPartition.size) this.#begin()
    this.#see(rows)
    const turn = this.#turnOf(since)
    if (turn === null) return { version: this.#version, whole: true, partitions: rows }
    const partitions = rows.filter(({ partition }) => this.#byPartition.get(partition)!.turn > turn)
    return { version: this.#version, whole: false, partitions }
  }

  /** Some of them, told whatever is known; others may have changed since `since` as well. */
  some(rows: readonly PartitionReplication[], since: string | null): Difference {
    this.#see(rows)
    // The page's own version stays: it has not been told of the others.
    return { version: since ?? '', whole: false, partitions: rows }
  }

  get #version(): string {
    return `${this.#origin}-${this.#life}-${this.#turn}`
  }

  #begin(): void {
    this.#life += 1
    this.#turn = 0
    this.#byPartition = new Map()
  }

  #see(rows: readonly PartitionReplication[]): void {
    this.#turn += 1
    for (const row of rows) {
      const before = this.#byPartition.get(row.partition)
      if (before === undefined || !sameRow(before.row, row))
        this.#byPartition.set(row.partition, { row, turn: this.#turn })
    }
  }

  #turnOf(version: string | null): number | null {
    const prefix = `${this.#origin}-${this.#life}-`
    if (version === null || !version.startsWith(prefix)) return null
    const turn = Number(version.slice(prefix.length))
    return Number.isInteger(turn) && turn <= this.#turn ? turn : null
  }
}

/**
 * Field by field and by name: ten thousand rows are compared at once, which a walk over whatever
 * fields there are takes ten times as long for.
 */
function sameRow(a: PartitionReplication, b: PartitionReplication): boolean {
  return (
    a.partition === b.partition &&
    a.leader === b.leader &&
    a.leaderEpoch === b.leaderEpoch &&
    a.partitionEpoch === b.partitionEpoch &&
    a.highWatermark === b.highWatermark &&
    sameLists(a.replicas, b.replicas, sameReplica) &&
    sameLists(a.elr, b.elr, Object.is) &&
    sameLists(a.lastKnownElr, b.lastKnownElr, Object.is) &&
    sameLists(a.adding, b.adding, Object.is) &&
    sameLists(a.removing, b.removing, Object.is) &&
    // There are few, of many shapes.
    sameLists(a.findings, b.findings, isSame)
  )
}

function sameReplica(a: ReplicaProgress, b: ReplicaProgress): boolean {
  return (
    a.broker === b.broker &&
    a.brokerState === b.brokerState &&
    a.isLeader === b.isLeader &&
    a.inSync === b.inSync &&
    a.logStartOffset === b.logStartOffset &&
    a.logEndOffset === b.logEndOffset &&
    a.seenEndOffset === b.seenEndOffset &&
    a.lag === b.lag &&
    a.lagMs === b.lagMs &&
    a.lagSource === b.lagSource &&
    a.sizeBytes === b.sizeBytes &&
    isSame(a.problem, b.problem)
  )
}

function sameLists<T>(
  a: readonly T[] | null,
  b: readonly T[] | null,
  same: (a: T, b: T) => boolean,
): boolean {
  if (a === null || b === null) return a === b
  if (a.length !== b.length) return false
  for (let place = 0; place < a.length; place++) if (!same(a[place]!, b[place]!)) return false
  return true
}

/** Plain data, field by field. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a))
    return (
      Array.isArray(b) && a.length === b.length && a.every((each, place) => isSame(each, b[place]))
    )
  const left = a as Readonly<Record<string, unknown>>
  const right = b as Readonly<Record<string, unknown>>
  for (const key in left) if (!isSame(left[key], right[key])) return false
  return Object.keys(left).length === Object.keys(right).length
}
