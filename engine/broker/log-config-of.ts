/** A topic's settings as its logs understand them. */
import type { TopicSettings } from '../config/settings.ts'
import { LONG_MAX, type LogConfig } from '../log/log-config.ts'
import type { Random } from '../ports/random.ts'

/** Random numbers are asked for below this, and scaled. */
const JITTER_STEPS = 1_000_000

export function logConfigOf(settings: TopicSettings, random: Random): LogConfig {
  return {
    segmentBytes: settings.segmentBytes,
    segmentMs: settings.segmentMs,
    segmentJitterMs: jitterOf(settings.segmentJitterMs, random),
    segmentIndexBytes: settings.segmentIndexBytes,
    indexIntervalBytes: settings.indexIntervalBytes,
    maxMessageBytes: settings.maxMessageBytes,
    messageTimestampType: settings.messageTimestampType as LogConfig['messageTimestampType'],
    messageTimestampBeforeMaxMs: settings.messageTimestampBeforeMaxMs,
    messageTimestampAfterMaxMs: settings.messageTimestampAfterMaxMs,
    compressionType: codecOf(settings.compressionType),
    flushMessages: settings.flushMessages === LONG_MAX ? null : settings.flushMessages,
    flushMs: settings.flushMs === LONG_MAX ? null : settings.flushMs,
    cleanupPolicy: settings.cleanupPolicy as LogConfig['cleanupPolicy'],
    retentionMs: settings.retentionMs,
    retentionBytes: settings.retentionBytes,
    fileDeleteDelayMs: settings.fileDeleteDelayMs,
  }
}

/** Segments of one topic then do not all roll in the same moment. */
function jitterOf(maxMs: bigint, random: Random): bigint {
  return (maxMs * BigInt(random.integer(JITTER_STEPS))) / BigInt(JITTER_STEPS)
}

function codecOf(compressionType: string): LogConfig['compressionType'] {
  return (
    compressionType === 'uncompressed' ? 'none' : compressionType
  ) as LogConfig['compressionType']
}
