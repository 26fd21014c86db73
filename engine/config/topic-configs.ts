/**
 * Every topic configuration of Apache Kafka 4.3. `effective` marks those that change what this
 * engine does today; the others are kept, checked and shown, and wait for their feature.
 */
import {
  boolean,
  double,
  int,
  list,
  long,
  string,
  type ConfigTable,
  type ConfigValue,
} from './definition.ts'

const LONG_MAX = 9_223_372_036_854_775_807n

const HOUR_MS = 3_600_000n
const MINUTE_MS = 60_000n

export const compressionTypes = ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer']

export const topicConfigs = {
  'cleanup.policy': list(
    ['delete'],
    'What happens to old segments: `delete` removes them by age and size, `compact` keeps ' +
      'the last record of every key; both may be combined, and an empty list keeps everything.',
    { among: ['compact', 'delete'], effective: true, synonyms: ['log.cleanup.policy'] },
  ),
  'compression.gzip.level': int(
    -1,
    'Effort of gzip, 1 (fast) to 9 (small), when `compression.type` is gzip; -1 leaves it to ' +
      'the library.',
    { complaint: gzipLevel, synonyms: ['compression.gzip.level'] },
  ),
  'compression.lz4.level': int(
    9,
    'Effort of lz4, 1 (fast) to 17 (small), when `compression.type` is lz4.',
    { atLeast: 1, atMost: 17, synonyms: ['compression.lz4.level'] },
  ),
  'compression.type': string(
    'producer',
    'Codec in which batches are kept. `producer` keeps what arrived, `uncompressed` removes ' +
      'compression, and a codec recompresses whatever came in another.',
    { among: compressionTypes, effective: true, synonyms: ['compression.type'] },
  ),
  'compression.zstd.level': int(
    3,
    'Effort of zstd, -131072 (fast) to 22 (small), when `compression.type` is zstd.',
    { atLeast: -131_072, atMost: 22, synonyms: ['compression.zstd.level'] },
  ),
  'delete.retention.ms': long(
    86_400_000n,
    'Milliseconds for which the tombstone of a deleted key stays readable in a compacted ' +
      'topic. A consumer that reads from the start must finish within this time to see every ' +
      'deletion.',
    { atLeast: 0, synonyms: ['log.cleaner.delete.retention.ms'] },
  ),
  'file.delete.delay.ms': long(
    60_000n,
    'Milliseconds between taking a segment out of the log and removing its files.',
    { atLeast: 0, effective: true, synonyms: ['log.segment.delete.delay.ms'] },
  ),
  'flush.messages': long(
    LONG_MAX,
    'Number of records after which the log is forced to disk. The default leaves flushing to ' +
      'the operating system, and durability to replication.',
    { atLeast: 1, effective: true, synonyms: ['log.flush.interval.messages'] },
  ),
  'flush.ms': long(
    LONG_MAX,
    'Milliseconds after which appended records are forced to disk. The default leaves ' +
      'flushing to the operating system.',
    {
      atLeast: 0,
      effective: true,
      synonyms: ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
    },
  ),
  'follower.replication.throttled.replicas': list(
    [],
    'Replicas whose fetching is throttled on the follower: `partition:broker` pairs, or `*` ' +
      'for all of the topic.',
    { complaint: throttledReplicas },
  ),
  'index.interval.bytes': int(
    4096,
    'Bytes of log between two entries of the offset index. Smaller finds a record in fewer ' +
      'reads, and makes the index larger.',
    { atLeast: 0, effective: true, synonyms: ['log.index.interval.bytes'] },
  ),
  'leader.replication.throttled.replicas': list(
    [],
    'Replicas whose fetching is throttled on the leader: `partition:broker` pairs, or `*` ' +
      'for all of the topic.',
    { complaint: throttledReplicas },
  ),
  'local.retention.bytes': long(
    -2n,
    'Bytes of a partition kept on local disk once its segments are in remote storage; -2 ' +
      'follows `retention.bytes`.',
    { atLeast: -2, synonyms: ['log.local.retention.bytes'] },
  ),
  'local.retention.ms': long(
    -2n,
    'Milliseconds for which segments stay on local disk once they are in remote storage; -2 ' +
      'follows `retention.ms`.',
    { atLeast: -2, synonyms: ['log.local.retention.ms'] },
  ),
  'max.compaction.lag.ms': long(
    LONG_MAX,
    'Milliseconds after which a record must have been considered for compaction.',
    { atLeast: 1, synonyms: ['log.cleaner.max.compaction.lag.ms'] },
  ),
  'max.message.bytes': int(
    1_048_588,
    'Largest record batch that is accepted, in bytes, after compression.',
    { atLeast: 0, effective: true, synonyms: ['message.max.bytes'] },
  ),
  'message.timestamp.after.max.ms': long(
    3_600_000n,
    "Milliseconds by which a record's timestamp may be ahead of the broker's clock. Only " +
      'with `message.timestamp.type=CreateTime`.',
    { atLeast: 0, effective: true, synonyms: ['log.message.timestamp.after.max.ms'] },
  ),
  'message.timestamp.before.max.ms': long(
    LONG_MAX,
    "Milliseconds by which a record's timestamp may be behind the broker's clock. Only with " +
      '`message.timestamp.type=CreateTime`.',
    { atLeast: 0, effective: true, synonyms: ['log.message.timestamp.before.max.ms'] },
  ),
  'message.timestamp.type': string(
    'CreateTime',
    'Whether a record carries the time its producer gave it (CreateTime) or that of its ' +
      'append (LogAppendTime).',
    {
      among: ['CreateTime', 'LogAppendTime'],
      effective: true,
      synonyms: ['log.message.timestamp.type'],
    },
  ),
  'min.cleanable.dirty.ratio': double(
    0.5,
    'Share of a compacted log that must be uncleaned before it is compacted again, from 0 to 1.',
    { atLeast: 0, atMost: 1, synonyms: ['log.cleaner.min.cleanable.ratio'] },
  ),
  'min.compaction.lag.ms': long(0n, 'Milliseconds for which a record is safe from compaction.', {
    atLeast: 0,
    synonyms: ['log.cleaner.min.compaction.lag.ms'],
  }),
  'min.insync.replicas': int(
    1,
    'Number of in-sync replicas that must exist for a produce request with `acks=all` to be ' +
      'accepted.',
    { atLeast: 1, synonyms: ['min.insync.replicas'] },
  ),
  preallocate: boolean(false, 'Whether a new segment file is created at its full size.', {
    synonyms: ['log.preallocate'],
  }),
  'remote.log.copy.disable': boolean(
    false,
    'Whether a topic with remote storage stops copying new segments there.',
  ),
  'remote.log.delete.on.disable': boolean(
    false,
    'Whether the remote segments are deleted when remote storage is switched off for the topic.',
  ),
  'remote.storage.enable': boolean(
    false,
    'Whether the topic keeps its older segments in remote storage. Odradek’s own brokers have none.',
    {
      complaint: value =>
        value === true ? 'needs remote storage, which these brokers do not have' : null,
    },
  ),
  'retention.bytes': long(
    -1n,
    'Bytes to which each partition is trimmed by removing its oldest segments; -1 for no limit.',
    { effective: true, synonyms: ['log.retention.bytes'] },
  ),
  'retention.ms': long(
    604_800_000n,
    'Milliseconds for which records are kept; a segment goes when its newest record is ' +
      'older. -1 keeps them for ever.',
    {
      atLeast: -1,
      effective: true,
      synonyms: [
        'log.retention.ms',
        { name: 'log.retention.minutes', factor: MINUTE_MS },
        { name: 'log.retention.hours', factor: HOUR_MS },
      ],
    },
  ),
  'segment.bytes': int(
    1_073_741_824,
    'Bytes at which the active segment is closed and a new one begun. Retention and ' +
      'compaction work on whole segments.',
    { atLeast: 1_048_576, effective: true, synonyms: ['log.segment.bytes'] },
  ),
  'segment.index.bytes': int(
    10_485_760,
    "Largest size of a segment's offset and time index, in bytes; a full index closes the segment.",
    { atLeast: 4, effective: true, synonyms: ['log.index.size.max.bytes'] },
  ),
  'segment.jitter.ms': long(
    0n,
    'Random milliseconds taken off `segment.ms`, so that partitions do not all roll at once.',
    {
      atLeast: 0,
      effective: true,
      synonyms: ['log.roll.jitter.ms', { name: 'log.roll.jitter.hours', factor: HOUR_MS }],
    },
  ),
  'segment.ms': long(
    604_800_000n,
    'Milliseconds after which the active segment is closed even when it is not full, so that ' +
      'retention can reach it.',
    {
      atLeast: 1,
      effective: true,
      synonyms: ['log.roll.ms', { name: 'log.roll.hours', factor: HOUR_MS }],
    },
  ),
  'unclean.leader.election.enable': boolean(
    false,
    'Whether a replica outside the ISR may lead when no other is left, at the price of lost ' +
      'records.',
    { synonyms: ['unclean.leader.election.enable'] },
  ),
} satisfies ConfigTable

export type TopicConfigName = keyof typeof topicConfigs

function gzipLevel(value: ConfigValue): string | null {
  const level = Number(value)
  return level === -1 || (level >= 1 && level <= 9) ? null : 'must be from 1 to 9, or -1'
}

/** `*` alone, or `partition:broker` pairs (KIP-73). */
function throttledReplicas(value: ConfigValue): string | null {
  const elements = value as readonly string[]
  if (elements.length === 1 && elements[0] === '*') return null
  return elements.every(element => /^\d+:\d+$/.test(element))
    ? null
    : "must be '*' or pairs of partition and broker such as 0:1,1:2"
}
