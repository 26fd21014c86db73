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
import type { GroupChange, GroupImage } from './group-image.ts'
import { recordOf } from './group-records.ts'
import type { GroupTimers } from './group-timers.ts'

export interface GroupTurnOptions {
  readonly nowMs: number
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
  readonly nowMs: number
  readonly config: GroupConfig
  readonly random: Random
  /** The running groups. One that the image knows is always among them. */
  readonly groups: Map<string, ClassicGroup>
  readonly image: GroupImage
  readonly timers: GroupTimers
  readonly #records: CoordinatorRecord[] = []
  readonly #replies: Reply[] = []
  readonly #events: GroupJournalEvent[] = []

  constructor(options: GroupTurnOptions) {
    this.nowMs = options.nowMs
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
    this.#records.push(recordOf(change))
    this.image.apply(change)
  }

  /** Writes a group, unless the record would be longer than the log takes. */
  writeIfFits(change: GroupChange): boolean {
    const record = recordOf(change)
    const size = record.key.length + (record.value?.length ?? 0) + BATCH_OVERHEAD_BYTES
    if (size > this.config.maxMessageBytes) return false
    this.#records.push(record)
    this.image.apply(change)
    return true
  }

  note(groupId: string, event: WithoutHead<GroupJournalEvent>): void {
    this.#events.push({ groupId, atMs: this.nowMs, ...event })
  }

  outcome(): GroupOutcome {
    return { records: this.#records, replies: this.#replies, events: this.#events }
  }
}
