/**
 * Broker configurations about logs: what topics fall back to, retention, flushing, compaction.
 * Names, types and defaults are Apache Kafka 4.3's.
 */
import {
  boolean,
  double,
  int,
  list,
  long,
  optionalInt,
  optionalList,
  optionalLong,
  string,
  type ConfigTable,
} from './definition.ts'
import { compressionTypes, topicConfigs } from './topic-configs.ts'

const LONG_MAX = 9_223_372_036_854_775_807n
const forTopics = (name: string) => `Default of the topic configuration \`${name}\`.`

export const brokerLogConfigs = {
  'compression.gzip.level': int(-1, forTopics('compression.gzip.level'), {
    complaint: topicConfigs['compression.gzip.level'].complaint!,
    update: 'cluster-wide',
  }),
  'compression.lz4.level': int(9, forTopics('compression.lz4.level'), {
    atLeast: 1,
    atMost: 17,
    update: 'cluster-wide',
  }),
  'compression.type': string('producer', forTopics('compression.type'), {
    among: compressionTypes,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'compression.zstd.level': int(3, forTopics('compression.zstd.level'), {
    atLeast: -131_072,
    atMost: 22,
    update: 'cluster-wide',
  }),
  'delete.topic.enable': boolean(
    true,
    'Whether topics can be deleted. When false, DeleteTopics answers TOPIC_DELETION_DISABLED.',
    { importance: 'high', effective: true },
  ),
  'log.cleaner.backoff.ms': long(
    15_000n,
    'Milliseconds the cleaner sleeps when nothing is dirty enough.',
    {
      atLeast: 0,
      update: 'cluster-wide',
    },
  ),
  'log.cleaner.dedupe.buffer.size': long(
    134_217_728n,
    'Bytes for the key maps of all cleaner threads together.',
    { update: 'cluster-wide' },
  ),
  'log.cleaner.delete.retention.ms': long(86_400_000n, forTopics('delete.retention.ms'), {
    atLeast: 0,
    update: 'cluster-wide',
  }),
  'log.cleaner.enable': boolean(true, 'Whether compacted topics are cleaned.'),
  'log.cleaner.io.buffer.load.factor': double(
    0.9,
    'Share of a key map that is filled before a cleaning run begins.',
    {
      update: 'cluster-wide',
    },
  ),
  'log.cleaner.io.buffer.size': int(
    524_288,
    'Bytes for the read and write buffers of all cleaner threads together.',
    {
      atLeast: 0,
      update: 'cluster-wide',
    },
  ),
  'log.cleaner.io.max.bytes.per.second': double(
    Number.MAX_VALUE,
    'Bytes the cleaner may read and write per second.',
    { update: 'cluster-wide' },
  ),
  'log.cleaner.max.compaction.lag.ms': long(LONG_MAX, forTopics('max.compaction.lag.ms'), {
    atLeast: 1,
    update: 'cluster-wide',
  }),
  'log.cleaner.min.cleanable.ratio': double(0.5, forTopics('min.cleanable.dirty.ratio'), {
    atLeast: 0,
    atMost: 1,
    update: 'cluster-wide',
  }),
  'log.cleaner.min.compaction.lag.ms': long(0n, forTopics('min.compaction.lag.ms'), {
    atLeast: 0,
    update: 'cluster-wide',
  }),
  'log.cleaner.threads': int(1, 'Number of cleaner threads.', {
    atLeast: 0,
    update: 'cluster-wide',
  }),
  'log.cleanup.policy': list(['delete'], forTopics('cleanup.policy'), {
    among: ['compact', 'delete'],
    update: 'cluster-wide',
    effective: true,
  }),
  'log.dir': list(['/tmp/kafka-logs'], 'Folder of the logs, when `log.dirs` is not set.', {
    importance: 'high',
  }),
  'log.dir.failure.timeout.ms': long(
    30_000n,
    'Milliseconds after which a broker stops that could not tell the controller of a failed ' +
      'log folder.',
    { atLeast: 1, importance: 'low' },
  ),
  'log.dirs': optionalList(null, 'Folders in which the broker keeps its logs.', {
    importance: 'high',
    effective: true,
  }),
  'log.flush.interval.messages': long(LONG_MAX, forTopics('flush.messages'), {
    atLeast: 1,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'log.flush.interval.ms': optionalLong(null, forTopics('flush.ms'), {
    importance: 'high',
    update: 'cluster-wide',
  }),
  'log.flush.offset.checkpoint.interval.ms': int(
    60_000,
    'Milliseconds between two writes of the recovery point checkpoint.',
    { atLeast: 0, importance: 'high' },
  ),
  'log.flush.scheduler.interval.ms': long(
    LONG_MAX,
    'Milliseconds between two looks for logs that are due to be forced to disk.',
    { importance: 'high' },
  ),
  'log.flush.start.offset.checkpoint.interval.ms': int(
    60_000,
    'Milliseconds between two writes of the log start offset checkpoint.',
    { atLeast: 0, importance: 'high' },
  ),
  'log.index.interval.bytes': int(4096, forTopics('index.interval.bytes'), {
    atLeast: 0,
    update: 'cluster-wide',
    effective: true,
  }),
  'log.index.size.max.bytes': int(10_485_760, forTopics('segment.index.bytes'), {
    atLeast: 4,
    update: 'cluster-wide',
    effective: true,
  }),
  'log.local.retention.bytes': long(-2n, forTopics('local.retention.bytes'), {
    atLeast: -2,
    update: 'cluster-wide',
  }),
  'log.local.retention.ms': long(-2n, forTopics('local.retention.ms'), {
    atLeast: -2,
    update: 'cluster-wide',
  }),
  'log.message.timestamp.after.max.ms': long(
    3_600_000n,
    forTopics('message.timestamp.after.max.ms'),
    {
      atLeast: 0,
      update: 'cluster-wide',
      effective: true,
    },
  ),
  'log.message.timestamp.before.max.ms': long(
    LONG_MAX,
    forTopics('message.timestamp.before.max.ms'),
    {
      atLeast: 0,
      update: 'cluster-wide',
      effective: true,
    },
  ),
  'log.message.timestamp.type': string('CreateTime', forTopics('message.timestamp.type'), {
    among: ['CreateTime', 'LogAppendTime'],
    update: 'cluster-wide',
    effective: true,
  }),
  'log.preallocate': boolean(false, forTopics('preallocate'), { update: 'cluster-wide' }),
  'log.retention.bytes': long(-1n, forTopics('retention.bytes'), {
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'log.retention.check.interval.ms': long(
    300_000n,
    'Milliseconds between two sweeps for segments that retention may remove.',
    { atLeast: 1, effective: true },
  ),
  'log.retention.hours': int(
    168,
    'Default of `retention.ms`, in hours; `log.retention.ms` and `log.retention.minutes` ' +
      'come first.',
    {
      importance: 'high',
      effective: true,
    },
  ),
  'log.retention.minutes': optionalInt(
    null,
    'Default of `retention.ms`, in minutes; `log.retention.ms` comes first.',
    {
      importance: 'high',
      effective: true,
    },
  ),
  'log.retention.ms': optionalLong(null, forTopics('retention.ms'), {
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'log.roll.hours': int(168, 'Default of `segment.ms`, in hours; `log.roll.ms` comes first.', {
    atLeast: 1,
    importance: 'high',
    effective: true,
  }),
  'log.roll.jitter.hours': int(
    0,
    'Default of `segment.jitter.ms`, in hours; `log.roll.jitter.ms` comes first.',
    {
      atLeast: 0,
      importance: 'high',
      effective: true,
    },
  ),
  'log.roll.jitter.ms': optionalLong(null, forTopics('segment.jitter.ms'), {
    atLeast: 0,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'log.roll.ms': optionalLong(null, forTopics('segment.ms'), {
    atLeast: 1,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'log.segment.bytes': int(1_073_741_824, forTopics('segment.bytes'), {
    atLeast: 1_048_576,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'log.segment.delete.delay.ms': long(60_000n, forTopics('file.delete.delay.ms'), {
    atLeast: 0,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'message.max.bytes': int(1_048_588, forTopics('max.message.bytes'), {
    atLeast: 0,
    importance: 'high',
    update: 'cluster-wide',
    effective: true,
  }),
  'min.insync.replicas': int(1, forTopics('min.insync.replicas'), {
    atLeast: 1,
    importance: 'high',
    update: 'cluster-wide',
  }),
  'num.recovery.threads.per.data.dir': int(
    2,
    'Number of logs recovered at once after an unclean stop, per log folder.',
    {
      atLeast: 1,
      importance: 'high',
      update: 'cluster-wide',
    },
  ),
  'producer.id.expiration.ms': int(
    86_400_000,
    'Milliseconds of silence after which a partition forgets a producer id, and with it the ' +
      'sequence numbers that detect duplicates.',
    { atLeast: 1, importance: 'low', update: 'cluster-wide', effective: true },
  ),
  'unclean.leader.election.enable': boolean(false, forTopics('unclean.leader.election.enable'), {
    importance: 'high',
    update: 'cluster-wide',
  }),
} satisfies ConfigTable
