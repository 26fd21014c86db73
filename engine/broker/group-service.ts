/**
 * The group coordinator as a broker runs it: one shard for each `__consumer_offsets` partition that
 * this broker leads, its records appended to that partition, its answers held until they are
 * committed, its deadlines kept.
 *
 * The rules of groups are the shard's (`engine/group`); this is the way in and out of it.
 */
import { GroupShard, type DeletedTopic } from '../group/group-shard.ts'
import type { GroupConfig } from '../group/group-config.ts'
import type {
  GroupEvent,
  GroupJournalEvent,
  GroupOutcome,
  GroupResponse,
} from '../group/group-events.ts'
import { partitionFor } from '../group/partition-for.ts'
import { coordinatorErrorOf, refusalOf } from '../group/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import { KafkaError, type ErrorName } from '../protocol/errors.ts'
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import type { PartitionLeader } from '../replica/partition-leader.ts'
import { buildBatch, type RecordInput } from '../protocol/records/batch-builder.ts'
import { expected } from '../server/dispatcher.ts'
import { assert } from '../support/assert.ts'
import { OperationalError } from '../support/operational-error.ts'
import { scanRecords } from '../log/scan-records.ts'
import type { Partition } from './partition.ts'

/** A batch of coordinator records stays well under `max.message.bytes`. */
const BATCH_BYTES_MAX = 512 * 1024
/** Lengths, deltas and attributes of one record, at most. */
const RECORD_OVERHEAD_BYTES = 32
/** For requests that no shard sees. */
const NO_TOKEN = 0
/** What one turn of loading reads, so that the broker answers others meanwhile. */
const LOAD_BYTES_PER_TURN = 1024 * 1024
/** A log that takes no records now will hardly take them in the next millisecond. */
const RELOAD_DELAY_MS = 100
/** Answers that were held for less delayed nobody enough to lose a session by it. */
const LONG_HOLD_MS = 200

export interface GroupServiceOptions {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly config: GroupConfig
  /** How many partitions `__consumer_offsets` has, or null while it does not exist. */
  readonly offsetsPartitionCount: () => number | null
  /** Returns the high watermark that commits the records. */
  readonly append: (partition: Partition, records: Uint8Array) => bigint
  /** offsets.commit.timeout.ms: what is not committed by then is answered with an error. */
  readonly commitTimeoutMs: () => number
  readonly onJournal: (event: GroupJournalEvent) => void
}

interface Waiting {
  readonly event: GroupEvent
  readonly answer: (response: GroupResponse) => void
}

/** An outcome whose records, or those that it rests on, are not committed yet. */
interface HeldOutcome {
  readonly outcome: GroupOutcome
  readonly requiredOffset: bigint
  readonly deadlineMs: number
}

interface HostedShard {
  readonly partition: Partition
  /** The partition's leadership that this shard was loaded under. */
  readonly leading: PartitionLeader
  readonly shard: GroupShard
  /** The high watermark that commits all that the shard has written or loaded. */
  requiredOffset: bigint
  /** In the order of their offsets. While there are any, no member's time runs out. */
  readonly held: HeldOutcome[]
  /** When the first of them was held. */
  heldSinceMs: number
  /** What every request is told: while it is loaded, and where it could not be; else null. */
  refuses: 'COORDINATOR_LOAD_IN_PROGRESS' | 'NOT_COORDINATOR' | null
  cancelTimer: () => void
  timerMs: number
}

/** A group request without what the service itself adds. */
export type GroupRequest = GroupEvent extends infer E
  ? E extends GroupEvent
    ? Omit<E, 'token'>
    : never
  : never

export class GroupService {
  readonly #options: GroupServiceOptions
  readonly #shards = new Map<number, HostedShard>()
  readonly #waiting = new Map<number, Waiting>()
  #nextToken = 1

  constructor(options: GroupServiceOptions) {
    this.#options = options
  }

  /** The `__consumer_offsets` partition of a group, or null while the topic does not exist. */
  partitionOf(groupId: string): number | null {
    const count = this.#options.offsetsPartitionCount()
    return count === null ? null : partitionFor(groupId, count)
  }

  /**
   * Answers with the API's own form of COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR or
   * COORDINATOR_LOAD_IN_PROGRESS where the group cannot be asked here now.
   */
  request<R extends GroupResponse>(groupId: string, request: GroupRequest): Promise<R> {
    const index = this.partitionOf(groupId)
    const hosted = index === null ? undefined : this.#shards.get(index)
    if (hosted !== undefined) return this.#submit(hosted, request)
    const error = index === null ? 'COORDINATOR_NOT_AVAILABLE' : 'NOT_COORDINATOR'
    return Promise.resolve(refusalOf({ ...request, token: NO_TOKEN }, error) as R)
  }

  /** The same request for every shard here, as ListGroups asks. */
  requestAll<R extends GroupResponse>(request: GroupRequest): Promise<R[]> {
    for (const hosted of this.#shards.values()) this.#isOver(hosted)
    return Promise.all(
      Array.from(this.#shards.values(), hosted => this.#submit<R>(hosted, request)),
    )
  }

  #submit<R extends GroupResponse>(hosted: HostedShard, request: GroupRequest): Promise<R> {
    const event: GroupEvent = { ...request, token: this.#nextToken++ }
    const refusal = this.#isOver(hosted) ? 'NOT_COORDINATOR' : hosted.refuses
    if (refusal !== null) return Promise.resolve(refusalOf(event, refusal) as R)
    return new Promise<R>(resolve => {
      this.#waiting.set(event.token, { event, answer: resolve as Waiting['answer'] })
      this.#conclude(hosted, hosted.shard.handle(event, this.#nowMs()))
    })
  }

  /** Whether groups are looked after here already, under this very leadership of the partition. */
  hosts(partition: Partition): boolean {
    const hosted = this.#shards.get(partition.index)
    return hosted?.partition === partition && hosted.leading === partition.leading
  }

  /** This broker leads the partition from now on. */
  lead(partition: Partition, { delayMs } = { delayMs: 0 }): void {
    this.resign(partition.index)
    const { clock, config, random } = this.#options
    const { leading, log } = partition
    assert(leading !== null, 'a coordinator leads its partition')
    const hosted: HostedShard = {
      partition,
      leading,
      requiredOffset: log.logEndOffset,
      held: [],
      heldSinceMs: 0,
      shard: new GroupShard({ config, random, timestampOf: nowMs => clock.timestampOf(nowMs) }),
      refuses: 'COORDINATOR_LOAD_IN_PROGRESS',
      cancelTimer: () => {},
      timerMs: Infinity,
    }
    this.#shards.set(partition.index, hosted)
    partition.onCommitted = () => this.#release(hosted)
    const load = () => this.#load(hosted, partition.log.logStartOffset)
    if (delayMs === 0) load()
    else hosted.cancelTimer = this.#options.clock.at(this.#nowMs() + delayMs, load)
  }

  /** This broker no longer leads the partition; whoever waits is told to look elsewhere. */
  resign(partitionIndex: number): void {
    const hosted = this.#shards.get(partitionIndex)
    if (hosted === undefined) return
    this.#shards.delete(partitionIndex)
    hosted.partition.onCommitted = null
    hosted.cancelTimer()
    this.#refuseHeld(hosted, 'NOT_COORDINATOR')
    this.#refuse(hosted.shard.pendingTokens(), 'NOT_COORDINATOR')
  }

  topicsDeleted(topics: readonly DeletedTopic[]): void {
    for (const hosted of this.#shards.values())
      if (hosted.refuses === null && !this.#isOver(hosted))
        this.#conclude(hosted, hosted.shard.topicsDeleted(topics, this.#nowMs()))
  }

  close(): void {
    for (const index of this.#shards.keys()) this.resign(index)
  }

  /**
   * Whether the partition's leadership that this shard serves under has ended, though not all that
   * a change of the metadata asks for is done yet: in large clusters that takes a while. From then
   * on the high watermark tells of another leader's records, and nobody may be answered by it.
   */
  #isOver(hosted: HostedShard): boolean {
    const { partition, leading } = hosted
    if (partition.leading === leading) return false
    if (this.#shards.get(partition.index) === hosted) this.resign(partition.index)
    return true
  }

  #load(hosted: HostedShard, from: bigint): void {
    const { partition } = hosted
    // Resigned meanwhile.
    if (this.#shards.get(partition.index) !== hosted || this.#isOver(hosted)) return
    try {
      this.#loadPiece(hosted, from)
    } catch (error) {
      // Waiting for records that are none of a coordinator's, and for a disk that does not read: as
      // in Apache Kafka the groups have no coordinator until the partition is led anew.
      const isExpected = [InvalidFrameError, KafkaError, OperationalError].some(
        kind => error instanceof kind,
      )
      if (!isExpected) throw error
      hosted.refuses = 'NOT_COORDINATOR'
      this.#options.logger.error(`${partition.name}: its groups are not loaded: ${String(error)}`)
    }
  }

  #loadPiece(hosted: HostedShard, from: bigint): void {
    const { partition, shard, requiredOffset } = hosted
    // To the log's end: what an earlier leader wrote last is true, though not known as committed.
    const { records, nextOffset } = scanRecords(partition.log, {
      fromOffset: from,
      upToOffset: requiredOffset,
      bytesMax: LOAD_BYTES_PER_TURN,
    })
    for (const { key, value } of records) if (key !== null) shard.replay({ key, value })
    if (nextOffset < requiredOffset && nextOffset > from) {
      this.#options.clock.at(this.#nowMs(), () => this.#load(hosted, nextOffset))
      return
    }
    hosted.refuses = null
    this.#conclude(hosted, shard.loaded(this.#nowMs()))
  }

  /**
   * Persist, commit, then respond: replies rest on the records before them, and on those that were
   * written for earlier ones.
   */
  #conclude(hosted: HostedShard, outcome: GroupOutcome): void {
    const { logEndOffset } = hosted.partition.log
    try {
      this.#append(hosted, outcome)
    } catch (error) {
      // Waiting for a log that does not take records: the shard has run ahead of it.
      const isUntouched = hosted.partition.log.logEndOffset === logEndOffset
      this.#notAppended(hosted, outcome, { isUntouched, error: expected(error).error })
      return
    }
    const { partition, requiredOffset, held } = hosted
    if (held.length === 0 && partition.highWatermark >= requiredOffset) this.#answer(outcome)
    else if (outcome.replies.length > 0 || outcome.events.length > 0) {
      const nowMs = this.#nowMs()
      if (held.length === 0) hosted.heldSinceMs = nowMs
      held.push({ outcome, requiredOffset, deadlineMs: nowMs + this.#options.commitTimeoutMs() })
    }
    this.#schedule(hosted)
  }

  #answer({ events, replies }: GroupOutcome): void {
    for (const event of events) this.#options.onJournal(event)
    for (const { token, response } of replies) {
      const waiting = this.#waiting.get(token)
      assert(waiting !== undefined, 'a group request is answered once')
      this.#waiting.delete(token)
      waiting.answer(response)
    }
  }

  /** The high watermark of the shard's partition advanced. */
  #release(hosted: HostedShard): void {
    const { partition, held } = hosted
    if (held.length === 0 || this.#isOver(hosted)) return
    const { highWatermark } = partition
    while (held.length > 0 && held[0]!.requiredOffset <= highWatermark)
      this.#answer(held.shift()!.outcome)
    this.#goOn(hosted)
  }

  /** Time runs again for the shard once nothing is held. */
  #goOn(hosted: HostedShard): void {
    const isOurs = this.#shards.get(hosted.partition.index) === hosted
    if (hosted.held.length > 0 || !isOurs) return
    const nowMs = this.#nowMs()
    if (nowMs - hosted.heldSinceMs >= LONG_HOLD_MS) hosted.shard.sessionsAnew(nowMs)
    this.#schedule(hosted)
  }

  /** What was written stays written; whoever asked is told that nobody knows. */
  #expireHeld({ held }: HostedShard): void {
    const nowMs = this.#nowMs()
    while (held.length > 0 && held[0]!.deadlineMs <= nowMs) {
      const { outcome } = held.shift()!
      for (const event of outcome.events) this.#options.onJournal(event)
      const tokens = outcome.replies.map(({ token }) => token)
      this.#refuse(tokens, coordinatorErrorOf('REQUEST_TIMED_OUT'))
    }
  }

  #refuseHeld({ held }: HostedShard, error: ErrorName): void {
    for (const { outcome } of held.splice(0))
      this.#refuse(
        outcome.replies.map(({ token }) => token),
        error,
      )
  }

  /** Where nothing was appended the shard takes it back; else it has to be loaded again. */
  #notAppended(
    hosted: HostedShard,
    outcome: GroupOutcome,
    failure: { readonly error: ErrorName; readonly isUntouched: boolean },
  ): void {
    const error = coordinatorErrorOf(failure.error)
    if (failure.error !== 'NOT_ENOUGH_REPLICAS' || !failure.isUntouched) {
      this.#startOver(hosted, outcome, error)
      return
    }
    this.#refuse(
      outcome.replies.map(({ token }) => token),
      error,
    )
    this.#conclude(hosted, hosted.shard.notWritten(error, this.#nowMs()))
  }

  /** Answers everyone with the error, and loads the shard again from what the log holds. */
  #startOver(hosted: HostedShard, outcome: GroupOutcome, error: ErrorName): void {
    this.#refuse(
      outcome.replies.map(({ token }) => token),
      error,
    )
    this.#refuseHeld(hosted, error)
    this.#refuse(hosted.shard.pendingTokens(), error)
    if (hosted.partition.leads) this.lead(hosted.partition, { delayMs: RELOAD_DELAY_MS })
    else this.resign(hosted.partition.index)
  }

  #refuse(tokens: Iterable<number>, error: ErrorName): void {
    for (const token of tokens) {
      const waiting = this.#waiting.get(token)
      this.#waiting.delete(token)
      waiting?.answer(refusalOf(waiting.event, error))
    }
  }

  #append(hosted: HostedShard, outcome: GroupOutcome): void {
    if (outcome.records.length === 0) return
    const timestampMs = BigInt(this.#options.clock.timestampOf(this.#nowMs()))
    let chunk: RecordInput[] = []
    let bytes = 0
    const flush = () => {
      if (chunk.length > 0)
        hosted.requiredOffset = this.#options.append(
          hosted.partition,
          buildBatch({ records: chunk }),
        )
      chunk = []
      bytes = 0
    }
    for (const { key, value } of outcome.records) {
      const recordBytes = key.length + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES
      if (bytes + recordBytes > BATCH_BYTES_MAX) flush()
      chunk.push({ key, value, timestampMs })
      bytes += recordBytes
    }
    flush()
  }

  #schedule(hosted: HostedShard): void {
    const deadlineMs = hosted.held[0]?.deadlineMs ?? hosted.shard.nextDeadlineMs() ?? Infinity
    // A timer that rings too early finds nothing due and is set again: cheaper than resetting it
    // at every heartbeat.
    if (deadlineMs >= hosted.timerMs) return
    hosted.cancelTimer()
    hosted.timerMs = deadlineMs
    hosted.cancelTimer = this.#options.clock.at(deadlineMs, () => {
      hosted.timerMs = Infinity
      if (this.#shards.get(hosted.partition.index) !== hosted || this.#isOver(hosted)) return
      if (hosted.held.length > 0) {
        this.#expireHeld(hosted)
        this.#goOn(hosted)
        this.#schedule(hosted)
      } else this.#conclude(hosted, hosted.shard.tick(this.#nowMs()))
    })
  }

  #nowMs(): number {
    return this.#options.clock.nowMs()
  }
}
