/**
 * The metadata log as the controller keeps it: `__cluster_metadata-0`, in Kafka's own files, so
 * that `kafka-dump-log --cluster-metadata-decoder` reads it.
 *
 * The quorum has one voter, so what is flushed here is committed. Votes, followers and snapshots
 * belong to `engine/raft`, which takes this file's place in front of the same log.
 */
import type { LogFolder } from '../log/log-folder.ts'
import { defaultLogConfig, LONG_MAX, type LogConfig } from '../log/log-config.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { leaderChangeMessage } from '../protocol/control-records/quorum-control-records.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from '../protocol/metadata-records/metadata-record.ts'
import { buildBatch } from '../protocol/records/batch-builder.ts'
import { controlKey } from '../protocol/records/control-records.ts'
import { scanRecords } from '../log/scan-records.ts'
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../controller/topic-names.ts'

/** One decision is one batch, and a decision may create ten thousand topics. */
const BATCH_BYTES_MAX = 256 * 1024 * 1024
const READ_BYTES = 4 * 1024 * 1024
const LEADER_CHANGE_VERSION = 0

export const metadataLogConfig: LogConfig = {
  ...defaultLogConfig,
  maxMessageBytes: BATCH_BYTES_MAX,
  segmentMs: LONG_MAX,
  retentionMs: -1n,
}

export interface ReplayedRecord {
  readonly record: MetadataRecord
  readonly offset: bigint
  readonly leaderEpoch: number
}

export class MetadataLog {
  readonly log: PartitionLog
  readonly #nodeId: number
  #leaderEpoch: number

  constructor(folder: LogFolder, options: { readonly nodeId: number; readonly nowMs: number }) {
    this.#nodeId = options.nodeId
    this.log =
      folder.get(METADATA_TOPIC, 0, options.nowMs) ??
      folder.create({
        topic: METADATA_TOPIC,
        partition: 0,
        topicId: METADATA_TOPIC_ID,
        nowMs: options.nowMs,
        config: metadataLogConfig,
      })
    this.#leaderEpoch = this.log.latestEpoch
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  get endOffset(): bigint {
    return this.log.logEndOffset
  }

  /** Every record of the log, oldest first. */
  *records(): Iterable<ReplayedRecord> {
    let fromOffset = this.log.logStartOffset
    while (fromOffset < this.endOffset) {
      const { records, nextOffset } = scanRecords(this.log, {
        fromOffset,
        upToOffset: this.endOffset,
        bytesMax: READ_BYTES,
      })
      for (const { offset, value, leaderEpoch } of records)
        if (value !== null) yield { record: decodeMetadataRecord(value), offset, leaderEpoch }
      fromOffset = nextOffset
    }
  }

  /** Begins a leader epoch, with the record that tells readers so (KIP-595). */
  lead(nowMs: number): void {
    this.#leaderEpoch = Math.max(0, this.#leaderEpoch + 1)
    this.log.assignEpochStart(this.#leaderEpoch, this.endOffset)
    const voters = [{ voterId: this.#nodeId }]
    const value = leaderChangeMessage.encode(
      { version: LEADER_CHANGE_VERSION, leaderId: this.#nodeId, voters, grantingVoters: voters },
      LEADER_CHANGE_VERSION,
    )
    this.#write(
      buildBatch({
        records: [{ key: controlKey('LEADER_CHANGE'), value, timestampMs: BigInt(nowMs) }],
        control: true,
        leaderEpoch: this.#leaderEpoch,
      }),
      nowMs,
    )
  }

  /** Writes one decision as one batch, durable when this returns. Gives its first offset. */
  append(records: readonly MetadataRecord[], nowMs: number): bigint {
    const baseOffset = this.endOffset
    const timestampMs = BigInt(nowMs)
    this.#write(
      buildBatch({
        records: records.map(record => {
          return { key: null, value: encodeMetadataRecord(record), timestampMs }
        }),
        leaderEpoch: this.#leaderEpoch,
      }),
      nowMs,
    )
    return baseOffset
  }

  #write(batch: Uint8Array, nowMs: number): void {
    this.log.appendAsLeader(batch, { leaderEpoch: this.#leaderEpoch, nowMs, origin: 'coordinator' })
    this.log.flush()
  }
}
