/**
 * One event's worth of work on a shard: what handlers may read, and where they put what they
 * decide. `write` is the one place where a decision becomes a record and part of the image.
 */
import type { Random } from '../ports/random.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { GroupConfig } from './group-config.ts'
import type {
  CoordinatorRecord,
  GroupJournalEvent,
  GroupOutcome,
  GroupResponse,
  Reply,
} from './group-events.ts'
import type { GroupChange, GroupImage, Replaced } from './group-image.ts'
import { recordOf } from './group-records.ts'
import type { GroupTimers } from './group-timers.ts'

export interface GroupTurnOptions {
  readonly nowMs: number
  readonly timestampMs: number
  readonly config: GroupConfig
  readonly random: Random
  readonly groups: Map<string, ClassicGroup>
  readonly image: GroupImage
  readonly timers: GroupTimers
}

/** More than the headers of a batch and of its one record take. */
const BATCH_OVERHEAD_BYTES = 128

type WithoutHead<E> = E extends GroupJournalEvent ? Omit<E, 'groupId' | 'atMs'> : never

export class GroupTurn {
  /** For deadlines; a jump of the wall clock does not touch it. */
  readonly nowMs: number
  /** What the wall clock says: for what is written, and for what was written then. */
  readonly timestampMs: number
  readonly config: GroupConfig
  readonly random: Random
  /** The running groups. One that the image knows is always among them. */
  readonly groups: Map<string, ClassicGroup>
  readonly image: GroupImage
  readonly timers: GroupTimers
  readonly #records: CoordinatorRecord[] = []
  readonly #replies: Reply[] = []
  readonly #events: GroupJournalEvent[] = []
  readonly #replaced: Replaced[] = []

  constructor(options: GroupTurnOptions) {
    this.nowMs = options.nowMs
    this.timestampMs = options.timestampMs
    this.config = options.config
    this.random = options.random
    this.groups = options.groups
    this.image = options.image
    this.timers = options.timers
  }

  reply(token: number, response: GroupResponse): void {
    this.#replies.push({ token, response })
  }

  write(change: GroupChange): void {
    this.#take(change, recordOf(change))
  }

  /** Writes a group, unless the record would be longer than the log takes. */
  writeIfFits(change: GroupChange): boolean {
    const record = recordOf(change)
    const size = record.key.length + (record.value?.length ?? 0) + BATCH_OVERHEAD_BYTES
    if (size > this.config.maxMessageBytes) return false
    this.#take(change, record)
    return true
  }

  /** What its changes took the place of, the first of them first. */
  get replaced(): readonly Replaced[] {
    return this.#replaced
  }

  wroteGroup(groupId: string): boolean {
    return this.#replaced.some(each => each.isGroup && each.groupId === groupId)
  }

  note(groupId: string, event: WithoutHead<GroupJournalEvent>): void {
    this.#events.push({ groupId, atMs: this.timestampMs, ...event })
  }

  outcome(): GroupOutcome {
    return { records: this.#records, replies: this.#replies, events: this.#events }
  }

  #take(change: GroupChange, record: CoordinatorRecord): void {
    this.#records.push(record)
    this.#replaced.push(this.image.replacedBy(change))
    this.image.apply(change)
  }
}
