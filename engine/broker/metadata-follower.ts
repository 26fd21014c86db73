/**
 * Follows the metadata log: fetches it from the controller for as long as the broker runs, and
 * replays what is committed into the image. What a change means to the broker is told to it in
 * batches, after all records of an answer are in the image.
 */
import type { MetadataChange, MetadataImage } from '../controller/metadata-image.ts'
import { METADATA_TOPIC_ID } from '../controller/topic-names.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { errorName, KafkaError } from '../protocol/errors.ts'
import { fetchRequest, fetchResponse } from '../protocol/messages/fetch.ts'
import { decodeMetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import {
  isControl,
  lastOffsetOf,
  leaderEpochOf,
  wholeBatches,
} from '../protocol/records/record-batch.ts'
import { readRecords } from '../protocol/records/record-reader.ts'
import type { ControllerChannel } from './controller-channel.ts'

const MAX_WAIT_MS = 5_000
const REQUEST_TIMEOUT_MS = MAX_WAIT_MS + 10_000
const MAX_BYTES = 8 * 1024 * 1024
const RETRY_MS = 200

const api = { request: fetchRequest, response: fetchResponse }

export class MetadataFollower {
  readonly #options: {
    readonly brokerId: number
    readonly controller: ControllerChannel
    readonly clock: Clock
    readonly logger: Logger
    readonly image: MetadataImage
    readonly onChanges: (changes: readonly MetadataChange[]) => void
  }
  #nextOffset = 0n
  #highWatermark = -1n
  #stopped = false
  readonly #waiting = new Set<() => void>()

  constructor(options: {
    readonly brokerId: number
    readonly controller: ControllerChannel
    readonly clock: Clock
    readonly logger: Logger
    readonly image: MetadataImage
    readonly onChanges: (changes: readonly MetadataChange[]) => void
  }) {
    this.#options = options
  }

  /** The last offset that the image holds. */
  get currentOffset(): bigint {
    return this.#nextOffset - 1n
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
    const answer = await channel.request(api, this.#request({ maxWaitMs: 0 }))
    const highWatermark = answer.responses[0]?.partitions[0]?.highWatermark ?? 0n
    await this.until(() => this.#stopped || this.#nextOffset >= highWatermark)
  }

  /** Settles when the image is as `condition` wants it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => this.#waiting.add(resolve))
  }

  /** Everything that was committed when the last answer came is in the image. */
  get caughtUp(): boolean {
    return this.#highWatermark >= 0n && this.#nextOffset >= this.#highWatermark
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
    if (partition === undefined || code !== 0)
      throw new KafkaError(errorName(code), 'the controller refuses the metadata log')
    if (this.#stopped) return
    const changes = this.#replay(partition.records ?? new Uint8Array(0))
    this.#highWatermark = partition.highWatermark
    if (changes.length > 0) this.#options.onChanges(changes)
    this.#wake()
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  #request({ maxWaitMs }: { readonly maxWaitMs: number }) {
    const partition = { partition: 0, fetchOffset: this.#nextOffset, partitionMaxBytes: MAX_BYTES }
    return {
      replicaState: { replicaId: this.#options.brokerId, replicaEpoch: -1n },
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
      if (!isControl(bytes, at))
        for (const { offset, value } of readRecords(bytes, at)) {
          if (offset < this.#nextOffset || value === null) continue
          const change = image.replay(decodeMetadataRecord(value), offset, leaderEpoch)
          if (change !== null) changes.push(change)
        }
      this.#nextOffset = lastOffsetOf(bytes, at) + 1n
    }
    return changes
  }

  #pause(): Promise<void> {
    const { clock } = this.#options
    return new Promise(resolve => clock.at(clock.nowMs() + RETRY_MS, resolve))
  }
}
