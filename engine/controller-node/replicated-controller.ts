/**
 * The controller core over the replicated log. While this node leads, what it decides is replayed
 * at once, so that the next decision sees it, and answered when it is committed; otherwise only
 * what is committed is replayed. On losing the leadership everything undecided is forgotten.
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
}

/** That many records are written without waiting for more: ten thousand topics are one decision. */
const GATHERED_RECORDS_MAX = 10_000

interface Waiting {
  readonly endOffset: bigint
  readonly resolve: () => void
  readonly reject: (error: KafkaError) => void
}

export class ReplicatedController {
  readonly #options: ReplicatedControllerOptions
  #controller: Controller
  /** Everything before it is in the core. */
  #nextOffset = 0n
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
    const { nowMs, apiVersion } = context
    const { records, response } = run({ nowMs, apiVersion, nextOffset: this.#endOffset })
    this.#append(records)
    this.#schedule()
    const endOffset = this.#endOffset
    if (this.#isCommitted(endOffset)) return response
    return this.whenCommitted(endOffset).then(() => response)
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
    const { clock, brokersAreDownSince } = this.#options
    const { log, raft } = this.#quorum
    if (raft.role.type !== 'leader') return
    const nowMs = clock.nowMs()
    // Where another one has led meanwhile, brokers have come back to it.
    const epochBefore = log.placeBefore(raft.role.epochStartOffset).leaderEpoch
    const brokersAreDown = brokersAreDownSince === epochBefore
    this.#replayTo(log.endOffset)
    if (this.#controller.image.features.size === 0)
      this.#append(this.#controller.bootstrapRecords())
    const sessionMs = this.#controller.settings().brokerSessionTimeoutMs
    this.#controller.activate(brokersAreDown ? nowMs - sessionMs - 1 : nowMs)
    this.#decidedMs = nowMs
    this.#tick()
  }

  deposed(): void {
    this.#cancelTimer()
    this.#dropGathered()
    this.#controller.deactivate()
    this.#refuse('the controller has lost its leadership')
    // What was decided and not committed may never have happened.
    if (this.#nextOffset > this.#highWatermark) this.#rebuild()
  }

  committed(): void {
    if (!this.#quorum.raft.leads) this.#replayTo(this.#highWatermark)
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

  get nextOffset(): bigint {
    return this.#nextOffset
  }

  get #quorum(): QuorumNode {
    return this.#options.quorum()
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

  #replayTo(endOffset: bigint): void {
    const { log } = this.#quorum
    if (endOffset <= this.#nextOffset) return
    if (this.#nextOffset < log.startOffset || this.#nextOffset === 0n) this.#loadSnapshot()
    for (const { record, offset, leaderEpoch } of log.records(this.#nextOffset, endOffset))
      this.#controller.replay(record, offset, leaderEpoch)
    this.#nextOffset = endOffset
  }

  #loadSnapshot(): void {
    const content = this.#quorum.log.snapshotContent()
    if (content === null) return
    const { endOffset, leaderEpoch } = content.snapshot
    this.#controller.load(content.records, { lastOffset: endOffset - 1n, lastEpoch: leaderEpoch })
    this.#nextOffset = endOffset
  }

  #rebuild(): void {
    this.#controller = this.#newController()
    this.#nextOffset = 0n
    this.#replayTo(this.#highWatermark)
    this.#options.onReplaced(this.#controller)
  }

  #newController(): Controller {
    const { clusterId, staticConfigs, random } = this.#options
    return new Controller({ clusterId, staticConfigs, random })
  }

  #refuse(why: string): void {
    const waiting = this.#waiting
    this.#waiting = []
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
