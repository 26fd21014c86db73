/**
 * What a topic's configuration means to its partitions' logs, with Kafka's defaults. Which values
 * are legal is decided where configurations are set; the log obeys what it is given.
 */
import type { Codec } from '../protocol/records/compression.ts'

export interface LogConfig {
  /** segment.bytes */
  readonly segmentBytes: number
  /** segment.ms */
  readonly segmentMs: bigint
  /** A random part of segment.jitter.ms, drawn once by whoever makes the configuration. */
  readonly segmentJitterMs: bigint
  /** segment.index.bytes */
  readonly segmentIndexBytes: number
  /** index.interval.bytes */
  readonly indexIntervalBytes: number
  /** max.message.bytes: of one batch, as it is stored. */
  readonly maxMessageBytes: number
  /** message.timestamp.type */
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  /** message.timestamp.before.max.ms */
  readonly messageTimestampBeforeMaxMs: bigint
  /** message.timestamp.after.max.ms */
  readonly messageTimestampAfterMaxMs: bigint
  /** compression.type; Kafka's word for `none` is `uncompressed`. */
  readonly compressionType: 'producer' | Codec
  /** flush.messages; null where the operating system is left to it. */
  readonly flushMessages: bigint | null
  /** flush.ms; null as above. Whoever keeps the time obeys it. */
  readonly flushMs: bigint | null
  /** cleanup.policy */
  readonly cleanupPolicy: readonly ('delete' | 'compact')[]
  /** retention.ms; -1 keeps records for ever. */
  readonly retentionMs: bigint
  /** retention.bytes; -1 is no limit. */
  readonly retentionBytes: bigint
  /** file.delete.delay.ms */
  readonly fileDeleteDelayMs: bigint
}

export const LONG_MAX = 0x7fff_ffff_ffff_ffffn

export const defaultLogConfig: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7n * 24n * 3_600_000n,
  segmentJitterMs: 0n,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1024 * 1024 + 12,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: LONG_MAX,
  messageTimestampAfterMaxMs: 3_600_000n,
  compressionType: 'producer',
  flushMessages: null,
  flushMs: null,
  cleanupPolicy: ['delete'],
  retentionMs: 7n * 24n * 3_600_000n,
  retentionBytes: -1n,
  fileDeleteDelayMs: 60_000n,
}
