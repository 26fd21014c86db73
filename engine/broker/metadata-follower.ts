/**
 * Follows the metadata log as an observer of the quorum: fetches it from whoever leads, for as long
 * as the broker runs, and replays it into the image. Observers are given what is committed, so
 * nothing is ever taken back; records that the leader no longer has come as a snapshot. What a
 * change means to the broker is told to it in batches, after all records of an answer are in.
 */
import type { MetadataChange, MetadataImage } from '../controller/metadata-image.ts'
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../controller/topic-names.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { readKRaftVersion } from '../protocol/control-records/kraft-version.ts'
import { errorCode, errorName, KafkaError } from '../protocol/errors.ts'
import { fetchSnapshotRequest, fetchSnapshotResponse } from '../protocol/messages/fetch-snapshot.ts'
import { fetchRequest, fetchResponse } from '../protocol/messages/fetch.ts'
import {
  decodeMetadataRecord,
  type MetadataRecord,
} from '../protocol/metadata-records/metadata-record.ts'
import {
  isControl,
  lastOffsetOf,
  leaderEpochOf,
  wholeBatches,
} from '../protocol/records/record-batch.ts'
import { readRecords } from '../protocol/records/record-reader.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { ControllerChannel } from './controller-channel.ts'

/** As in Kafka's quorum: a leader that does not answer for so long after it is looked for anew. */
const MAX_WAIT_MS = 500
const REQUEST_TIMEOUT_MS = MAX_WAIT_MS + 2_000
/**
 * Twenty thousand records. What comes in time is kept; of more, a busy machine would have nothing to
 * show when it is too late, and would ask for all of it again.
 */
const MAX_BYTES = 1024 * 1024
const RETRY_MS = 200
const FENCED_LEADER_EPOCH = errorCode('FENCED_LEADER_EPOCH')

const api = { request: fetchRequest, response: fetchResponse }
const snapshotApi = { request: fetchSnapshotRequest, response: fetchSnapshotResponse }

export class MetadataFollower {
  readonly #options: {
    /** As which it fetches; -1 for one that the quorum is not to list among its observers. */
    readonly replicaId: number
    readonly directoryId: string
    readonly controller: ControllerChannel
    readonly clock: Clock
    readonly logger: Logger
    readonly image: MetadataImage
    readonly onChanges: (changes: readonly MetadataChange[]) => Promise<void> | null
  }
  #nextOffset = 0n
  /** Up to here the broker has done what the image asks for; below the next while it is at it. */
  #appliedOffset = 0n
  /** While the image must stay as it is; null else. */
  #held: Promise<void> | null = null
  /** Leader epoch of the last record that was taken. */
  #lastEpoch = 0
  /** The latest epoch that a controller has led in; -1 while none is known. */
  #leaderEpoch = -1
  #highWatermark = -1n
  #stopped = false
  /** A leader has answered once. */
  #isLed = false
  readonly #waiting = new Set<() => void>()

  constructor(options: {
    /** As which it fetches; -1 for one that the quorum is not to list among its observers. */
    readonly replicaId: number
    readonly directoryId: string
    readonly controller: ControllerChannel
    readonly clock: Clock
    readonly logger: Logger
    readonly image: MetadataImage
    /** The image stays as it is until this settles; null where all is done. */
    readonly onChanges: (changes: readonly MetadataChange[]) => Promise<void> | null
  }) {
    this.#options = options
  }

  /** The last offset that the image holds, and the broker has acted upon. */
  get currentOffset(): bigint {
    return this.#appliedOffset - 1n
  }

  /** Takes nothing into the image before this settles. */
  async whileHeld(work: Promise<void> | null): Promise<void> {
    this.#held = work
    try {
      await work
    } finally {
      this.#held = null
    }
  }

  start(): void {
    void this.#run()
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  /**
   * Settles when the image holds everything that is committed now. A client that changed something
   * through this broker then finds it changed when it asks this broker.
   */
  async catchUp(channel: ControllerChannel): Promise<void> {
    while (!this.#stopped) {
      const answer = await channel.request(api, this.#request({ maxWaitMs: 0 }))
      const partition = answer.responses[0]?.partitions[0]
      const { highWatermark = -1n, snapshotId } = partition ?? {}
      const isCommitted = answer.errorCode === 0 && partition?.errorCode === 0
      if (isCommitted && highWatermark >= 0n) {
        await this.until(() => this.#stopped || this.#appliedOffset >= highWatermark)
        return
      }
      // A new leader does not know yet what is committed, and a snapshot does not say.
      const behind = snapshotId?.endOffset ?? -1n
      if (behind > this.#appliedOffset)
        await this.until(() => this.#stopped || this.#appliedOffset >= behind)
      else await this.#pause()
    }
  }

  /** Settles when the image is as `condition` wants it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => this.#waiting.add(resolve))
  }

  /** Settles when a leader has answered, or after so long without one. */
  async untilLed(timeoutMs: number): Promise<void> {
    const { clock } = this.#options
    let late = false
    const cancel = clock.at(clock.nowMs() + timeoutMs, () => {
      late = true
      this.#wake()
    })
    await this.until(() => late || this.#stopped || this.#isLed)
    cancel()
  }

  /** Everything that was committed when the last answer came is in the image, and acted upon. */
  get caughtUp(): boolean {
    return this.#highWatermark >= 0n && this.#appliedOffset >= this.#highWatermark
  }

  async #run(): Promise<void> {
    let failing = false
    while (!this.#stopped) {
      try {
        await this.#fetch()
        failing = false
      } catch (error) {
        // Waiting for the controller to come back; the broker serves with what it knows meanwhile.
        if (!(error instanceof KafkaError)) throw error
        if (this.#stopped) return
        if (!failing) this.#options.logger.warn(`metadata log: ${error.message}`)
        failing = true
        await this.#pause()
      }
    }
  }

  async #fetch(): Promise<void> {
    const answer = await this.#options.controller.request(
      api,
      this.#request({ maxWaitMs: MAX_WAIT_MS }),
      { timeoutMs: REQUEST_TIMEOUT_MS },
    )
    const partition = answer.responses[0]?.partitions[0]
    const code = answer.errorCode === 0 ? (partition?.errorCode ?? -1) : answer.errorCode
    const knownEpoch = this.#leaderEpoch
    this.#leaderEpoch = Math.max(knownEpoch, partition?.currentLeader.leaderEpoch ?? -1)
    // A later leader's refusal of the earlier epoch is all there is to learn.
    if (code === FENCED_LEADER_EPOCH && this.#leaderEpoch > knownEpoch) return
    if (partition === undefined || code !== 0)
      throw new KafkaError(errorName(code), 'the controller refuses the metadata log')
    // How it ends is the matter of whoever holds it.
    if (this.#held !== null) await this.#held.catch(() => {})
    if (this.#stopped) return
    this.#isLed = true
    const { snapshotId, divergingEpoch, highWatermark } = partition
    if (divergingEpoch.epoch >= 0)
      throw new OperationalError(
        `the controllers have lost committed metadata: offset ${this.#nextOffset} of epoch ` +
          `${this.#lastEpoch} is not in their log, which has ${divergingEpoch.endOffset}`,
      )
    const changes =
      snapshotId.endOffset >= 0n
        ? await this.#loadSnapshot(snapshotId)
        : this.#replay(partition.records ?? new Uint8Array(0))
    if (highWatermark >= 0n) this.#highWatermark = highWatermark
    const applying = changes.length > 0 ? this.#options.onChanges(changes) : null
    if (applying !== null) await applying
    this.#appliedOffset = this.#nextOffset
    this.#wake()
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  async #loadSnapshot(snapshotId: {
    readonly endOffset: bigint
    readonly epoch: number
  }): Promise<readonly MetadataChange[]> {
    const bytes = await this.#fetchSnapshot(snapshotId)
    const records: MetadataRecord[] = []
    for (const { at } of wholeBatches(bytes)) {
      if (isControl(bytes, at)) this.#noteKRaftVersion(bytes, at)
      else
        for (const { value } of readRecords(bytes, at))
          if (value !== null) records.push(decodeMetadataRecord(value))
    }
    const { endOffset, epoch } = snapshotId
    this.#nextOffset = endOffset
    this.#lastEpoch = epoch
    return this.#options.image.load(records, { lastOffset: endOffset - 1n, lastEpoch: epoch })
  }

  async #fetchSnapshot(snapshotId: {
    readonly endOffset: bigint
    readonly epoch: number
  }): Promise<Uint8Array> {
    const { replicaId, controller } = this.#options
    const parts: Uint8Array[] = []
    for (let position = 0n; ;) {
      const partition = { partition: 0, currentLeaderEpoch: -1, snapshotId, position }
      const answer = await controller.request(
        snapshotApi,
        {
          replicaId,
          maxBytes: MAX_BYTES,
          topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
        },
        { timeoutMs: REQUEST_TIMEOUT_MS },
      )
      const part = answer.topics[0]?.partitions[0]
      const code = answer.errorCode === 0 ? (part?.errorCode ?? -1) : answer.errorCode
      if (part === undefined || code !== 0)
        throw new KafkaError(errorName(code), 'the controller refuses its snapshot')
      parts.push(part.unalignedRecords)
      position += BigInt(part.unalignedRecords.length)
      if (position >= part.size) return Buffer.concat(parts)
    }
  }

  #request({ maxWaitMs }: { readonly maxWaitMs: number }) {
    const { directoryId, replicaId } = this.#options
    const partition = {
      partition: 0,
      currentLeaderEpoch: this.#leaderEpoch,
      fetchOffset: this.#nextOffset,
      lastFetchedEpoch: this.#lastEpoch,
      partitionMaxBytes: MAX_BYTES,
      replicaDirectoryId: directoryId,
      highWatermark: this.#highWatermark,
    }
    return {
      replicaState: { replicaId, replicaEpoch: -1n },
      maxWaitMs,
      minBytes: 1,
      maxBytes: MAX_BYTES,
      isolationLevel: 0,
      topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
    }
  }

  #replay(bytes: Uint8Array): MetadataChange[] {
    const { image } = this.#options
    const changes: MetadataChange[] = []
    for (const { at } of wholeBatches(bytes)) {
      const leaderEpoch = leaderEpochOf(bytes, at)
      if (isControl(bytes, at)) this.#noteKRaftVersion(bytes, at)
      else
        for (const { offset, value } of readRecords(bytes, at)) {
          if (offset < this.#nextOffset || value === null) continue
          const change = image.replay(decodeMetadataRecord(value), offset, leaderEpoch)
          if (change !== null) changes.push(change)
        }
      this.#nextOffset = lastOffsetOf(bytes, at) + 1n
      this.#lastEpoch = leaderEpoch
    }
    return changes
  }

  #noteKRaftVersion(bytes: Uint8Array, at: number): void {
    const { image } = this.#options
    image.kRaftVersion = readKRaftVersion(bytes, at) ?? image.kRaftVersion
  }

  #pause(): Promise<void> {
    const { clock } = this.#options
    return new Promise(resolve => clock.at(clock.nowMs() + RETRY_MS, resolve))
  }
}
