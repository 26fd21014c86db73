/**
 * The controller core over the replicated log. While this node leads, what it decides is replayed
 * at once, so that the next decision sees it, and answered when it is committed; otherwise only
 * what is committed is replayed. On losing the leadership everything undecided is forgotten.
 *
 * A log is replayed in slices: for as long as the node does nothing else, the quorum takes it for
 * dead, and a leader that replays a hundred thousand records in one turn loses its office over it,
 * as does the next one. What is asked of a leader meanwhile waits until it is active.
 *
 * Decisions that come together are written together, since a sync of the disk is what each would
 * wait for: until all that has arrived was taken, they have their offsets and are in no log.
 */
import type { ConfigMap } from '../config/settings.ts'
import { Controller } from '../controller/controller.ts'
import type { Handled, RequestContext as CoreContext } from '../controller/handled.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { KafkaError } from '../protocol/errors.ts'
import {
  encodeMetadataRecord,
  type MetadataRecord,
} from '../protocol/metadata-records/metadata-record.ts'
import type { VoterSet } from '../raft/voter-set.ts'
import { assert } from '../support/assert.ts'
import type { ReplayedRecord } from './metadata-log.ts'
import type { QuorumNode } from './quorum-node.ts'

export interface ReplicatedControllerOptions {
  readonly clusterId: string
  readonly staticConfigs: ConfigMap
  readonly random: Random
  readonly clock: Clock
  readonly quorum: () => QuorumNode
  /**
   * No broker that the log knows can still be running: their sessions are over at once. Said of the
   * log as it is now, with this as its latest epoch; null where brokers may be running.
   */
  readonly brokersAreDownSince: number | null
  /** There is another core now: what holds the old one must be made anew. */
  readonly onReplaced: (controller: Controller) => void
  /** After some time of replaying, the core holds all that it is to hold. */
  readonly onCaughtUp: () => void
}

/** For so long a node may replay before it looks up. */
const SLICE_MS = 10

/** That many records are written without waiting for more: ten thousand topics are one decision. */
const GATHERED_RECORDS_MAX = 10_000

interface Waiting {
  readonly endOffset: bigint
  readonly resolve: () => void
  readonly reject: (error: KafkaError) => void
}

/** What is left of the log up to an offset. */
interface Replay {
  readonly records: Iterator<ReplayedRecord>
  readonly endOffset: bigint
}

export class ReplicatedController {
  readonly #options: ReplicatedControllerOptions
  #controller: Controller
  /** Everything before it is in the core. */
  #nextOffset = 0n
  /** Null while nothing is to be replayed. */
  #replay: Replay | null = null
  #cancelSlice: () => void = () => {}
  /** It was told that it leads. */
  #isElected = false
  /** It leads, holds the whole log, and decides. */
  #isActive = false
  /** Requests that came before; there are no more than connections. */
  #untilActive: Omit<Waiting, 'endOffset'>[] = []
  #waiting: Waiting[] = []
  /** Replayed and not written yet, one decision each, as the log will hold them. */
  #gathered: (readonly Uint8Array[])[] = []
  #gatheredRecords = 0
  #cancelWrite: () => void = () => {}
  #cancelTimer: () => void = () => {}
  /** When something was decided last. */
  #decidedMs = 0

  constructor(options: ReplicatedControllerOptions) {
    this.#options = options
    this.#controller = this.#newController()
  }

  get controller(): Controller {
    return this.#controller
  }

  close(): void {
    this.#cancelTimer()
    this.#dropReplay()
    this.#dropGathered()
    this.#refuse('the controller stops')
  }

  /**
   * The one order in which anything changes: handle, replay, append and flush, and answer once a
   * majority has it. Fails with NOT_CONTROLLER where another node decides.
   */
  handle<R>(
    context: { readonly nowMs: number; readonly apiVersion: number },
    run: (context: CoreContext) => Handled<R>,
  ): R | Promise<R> {
    if (!this.#quorum.raft.leads) throw this.#notController()
    if (!this.#isActive) return this.#handleLater(context.apiVersion, run)
    const { nowMs, apiVersion } = context
    const { records, response } = run({ nowMs, apiVersion, nextOffset: this.#endOffset })
    this.#append(records)
    this.#schedule()
    const endOffset = this.#endOffset
    if (this.#isCommitted(endOffset)) return response
    return this.whenCommitted(endOffset).then(() => response)
  }

  async #handleLater<R>(apiVersion: number, run: (context: CoreContext) => Handled<R>): Promise<R> {
    await new Promise<void>((resolve, reject) => this.#untilActive.push({ resolve, reject }))
    return this.handle({ nowMs: this.#options.clock.nowMs(), apiVersion }, run)
  }

  /** As leader: others vote from here on, behind all that was decided before. */
  changeVoters(voters: VoterSet): void {
    this.#writeGathered()
    this.#quorum.step({ type: 'change-voters', voters })
  }

  /** Settles when everything below an offset is; fails with NOT_CONTROLLER when another leads. */
  whenCommitted(endOffset: bigint): Promise<void> {
    if (this.#isCommitted(endOffset)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ endOffset, resolve, reject })
    })
  }

  elected(): void {
    if (!this.#quorum.raft.leads) return
    this.#isElected = true
    this.#catchUp()
  }

  #activate(): void {
    const { clock, brokersAreDownSince } = this.#options
    const { log, raft } = this.#quorum
    assert(raft.role.type === 'leader', 'the leader is the active controller')
    this.#isActive = true
    const nowMs = clock.nowMs()
    // Where another one has led meanwhile, brokers have come back to it.
    const epochBefore = log.placeBefore(raft.role.epochStartOffset).leaderEpoch
    const brokersAreDown = brokersAreDownSince === epochBefore
    if (this.#controller.image.features.size === 0)
      this.#append(this.#controller.bootstrapRecords())
    const sessionMs = this.#controller.settings().brokerSessionTimeoutMs
    this.#controller.activate(brokersAreDown ? nowMs - sessionMs - 1 : nowMs)
    this.#decidedMs = nowMs
    this.#tick()
    for (const { resolve } of this.#untilActive.splice(0)) resolve()
  }

  deposed(): void {
    this.#isElected = false
    this.#isActive = false
    this.#cancelTimer()
    this.#dropReplay()
    this.#dropGathered()
    this.#controller.deactivate()
    this.#refuse('the controller has lost its leadership')
    // What was decided and not committed may never have happened.
    if (this.#nextOffset > this.#highWatermark) this.#rebuild()
    this.#catchUp()
  }

  committed(): void {
    this.#catchUp()
    const done = this.#waiting.filter(({ endOffset }) => this.#isCommitted(endOffset))
    if (done.length === 0) return
    this.#waiting = this.#waiting.filter(each => !done.includes(each))
    for (const { resolve } of done) resolve()
  }

  snapshotInstalled(): void {
    this.#rebuild()
  }

  /** What the core holds is committed, all of it. */
  get isCommitted(): boolean {
    return this.#nextOffset <= this.#highWatermark
  }

  /** It holds all that it is to hold by now. */
  get isCaughtUp(): boolean {
    return this.#replay === null
  }

  get nextOffset(): bigint {
    return this.#nextOffset
  }

  get #quorum(): QuorumNode {
    return this.#options.quorum()
  }

  /** The quorum may know already that it does no longer, or does now. */
  get #leads(): boolean {
    return this.#isElected && this.#quorum.raft.leads
  }

  get #highWatermark(): bigint {
    return this.#quorum.raft.highWatermark ?? 0n
  }

  #isCommitted(endOffset: bigint): boolean {
    return this.#highWatermark >= endOffset
  }

  #notController(): KafkaError {
    const { leaderId } = this.#quorum.raft
    const leader = leaderId === null ? 'there is none now' : `${leaderId} is`
    return new KafkaError('NOT_CONTROLLER', `not the active controller: ${leader}`)
  }

  #append(records: readonly MetadataRecord[]): void {
    if (records.length === 0) return
    // First of all: what no log can hold must not have happened. Whoever asked for it hears so.
    const encoded = records.map(record => encodeMetadataRecord(record))
    this.#decidedMs = this.#options.clock.nowMs()
    const { leaderEpoch } = this.#quorum.raft
    const baseOffset = this.#endOffset
    records.forEach((record, index) => {
      this.#controller.replay(record, baseOffset + BigInt(index), leaderEpoch)
    })
    this.#gathered.push(encoded)
    this.#gatheredRecords += records.length
    this.#nextOffset = baseOffset + BigInt(records.length)
    if (this.#gatheredRecords >= GATHERED_RECORDS_MAX) this.#writeGathered()
    else if (this.#gathered.length === 1)
      this.#cancelWrite = this.#options.clock.soon(() => this.#writeGathered())
  }

  /** Where the next record goes. */
  get #endOffset(): bigint {
    return this.#quorum.log.endOffset + BigInt(this.#gatheredRecords)
  }

  #writeGathered(): void {
    const decisions = this.#gathered
    if (decisions.length === 0) return
    assert(this.#endOffset === this.#nextOffset, 'decisions are written where they were made for')
    this.#dropGathered()
    this.#quorum.append(decisions)
  }

  #dropGathered(): void {
    this.#cancelWrite()
    this.#gathered = []
    this.#gatheredRecords = 0
  }

  /** Replays what is committed, and as leader all there is; where that takes long, goes on by itself. */
  #catchUp(): void {
    if (this.#isActive) return
    this.#cancelSlice()
    const wasBehind = this.#replay !== null
    if (!this.#replaySlice()) {
      this.#cancelSlice = this.#options.clock.soon(() => this.#catchUp())
      return
    }
    if (this.#leads) this.#activate()
    if (wasBehind) this.#options.onCaughtUp()
  }

  /** Says whether nothing is left. */
  #replaySlice(): boolean {
    const { clock } = this.#options
    const startMs = clock.monotonicMs()
    for (;;) {
      this.#replay ??= this.#nextReplay()
      if (this.#replay === null) return true
      const { records, endOffset } = this.#replay
      const next = records.next()
      if (next.done === true) {
        this.#nextOffset = endOffset
        this.#replay = null
      } else {
        const { record, offset, leaderEpoch } = next.value
        this.#controller.replay(record, offset, leaderEpoch)
        this.#nextOffset = offset + 1n
      }
      if (clock.monotonicMs() - startMs >= SLICE_MS) return false
    }
  }

  #nextReplay(): Replay | null {
    const { log } = this.#quorum
    const endOffset = this.#leads ? log.endOffset : this.#highWatermark
    if (endOffset <= this.#nextOffset) return null
    if (this.#nextOffset < log.startOffset || this.#nextOffset === 0n) this.#loadSnapshot()
    return { records: log.records(this.#nextOffset, endOffset)[Symbol.iterator](), endOffset }
  }

  #dropReplay(): void {
    this.#cancelSlice()
    this.#replay = null
  }

  #loadSnapshot(): void {
    const content = this.#quorum.log.snapshotContent()
    if (content === null) return
    const { endOffset, leaderEpoch } = content.snapshot
    this.#controller.load(content.records, { lastOffset: endOffset - 1n, lastEpoch: leaderEpoch })
    this.#nextOffset = endOffset
  }

  #rebuild(): void {
    this.#dropReplay()
    this.#controller = this.#newController()
    this.#nextOffset = 0n
    this.#catchUp()
    this.#options.onReplaced(this.#controller)
  }

  #newController(): Controller {
    const { clusterId, staticConfigs, random } = this.#options
    return new Controller({ clusterId, staticConfigs, random })
  }

  #refuse(why: string): void {
    const waiting = [...this.#waiting, ...this.#untilActive]
    this.#waiting = []
    this.#untilActive = []
    for (const { reject } of waiting) reject(new KafkaError('NOT_CONTROLLER', why))
  }

  /** Fences brokers that fell silent, until none is overdue; says that it is there where it is idle. */
  #tick(): void {
    const { clock, quorum } = this.#options
    if (!quorum().raft.leads) return
    const nowMs = clock.nowMs()
    for (;;) {
      const records = this.#controller.tick(nowMs)
      if (records.length === 0) break
      this.#append(records)
    }
    if (nowMs >= this.#idleDeadlineMs()) this.#append([{ type: 'NoOpRecord', value: {} }])
    this.#schedule()
  }

  #schedule(): void {
    this.#cancelTimer()
    const deadlineMs = Math.min(
      this.#controller.nextDeadlineMs() ?? Infinity,
      this.#idleDeadlineMs(),
    )
    if (deadlineMs === Infinity) this.#cancelTimer = () => {}
    else this.#cancelTimer = this.#options.clock.at(deadlineMs, () => this.#tick())
  }

  /** By its NoOpRecord everyone can tell how old the metadata is that he has (KIP-835). */
  #idleDeadlineMs(): number {
    const { metadataMaxIdleIntervalMs } = this.#controller.settings()
    if (metadataMaxIdleIntervalMs === 0 || !this.#quorum.raft.leads) return Infinity
    return this.#decidedMs + metadataMaxIdleIntervalMs
  }
}
