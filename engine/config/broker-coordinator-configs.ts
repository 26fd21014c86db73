/**
 * Broker configurations of the coordinators: groups, committed offsets, transactions, producer
 * ids. Names, types and defaults are Apache Kafka 4.3's.
 */
import { boolean, int, list, long, short, string, type ConfigTable } from './definition.ts'

const INT_MAX = 2_147_483_647

export const brokerCoordinatorConfigs = {
  'group.consumer.assignment.interval.ms': int(
    1000,
    'Least milliseconds between two assignments of a consumer group.',
    {
      atLeast: 0,
      update: 'cluster-wide',
    },
  ),
  'group.consumer.assignors': list(
    ['uniform', 'range'],
    'Assignors on the broker, for groups of the consumer protocol (KIP-848); the first is ' +
      'the default.',
  ),
  'group.consumer.heartbeat.interval.ms': int(
    5000,
    'Milliseconds between heartbeats in the consumer protocol.',
    { atLeast: 1 },
  ),
  'group.consumer.max.assignment.interval.ms': int(
    15_000,
    'Largest `consumer.assignment.interval.ms` a group may have.',
    { atLeast: 0 },
  ),
  'group.consumer.max.heartbeat.interval.ms': int(
    15_000,
    'Largest `consumer.heartbeat.interval.ms` a group may have.',
    { atLeast: 1 },
  ),
  'group.consumer.max.session.timeout.ms': int(
    60_000,
    'Largest `consumer.session.timeout.ms` a group may have.',
    { atLeast: 1 },
  ),
  'group.consumer.max.size': int(
    INT_MAX,
    'Number of members a group of the consumer protocol may have.',
    { atLeast: 1 },
  ),
  'group.consumer.migration.policy': string(
    'bidirectional',
    'Whether groups may move between the classic and the consumer protocol.',
    {
      among: ['DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'],
      caseInsensitive: true,
    },
  ),
  'group.consumer.min.assignment.interval.ms': int(
    0,
    'Smallest `consumer.assignment.interval.ms` a group may have.',
    { atLeast: 0 },
  ),
  'group.consumer.min.heartbeat.interval.ms': int(
    5000,
    'Smallest `consumer.heartbeat.interval.ms` a group may have.',
    { atLeast: 1 },
  ),
  'group.consumer.min.session.timeout.ms': int(
    45_000,
    'Smallest `consumer.session.timeout.ms` a group may have.',
    { atLeast: 1 },
  ),
  'group.consumer.session.timeout.ms': int(
    45_000,
    'Milliseconds of silence after which a member leaves, in the consumer protocol.',
    { atLeast: 1 },
  ),
  'group.coordinator.append.linger.ms': int(
    -1,
    'Milliseconds a coordinator collects writes; -1 adapts by itself.',
    { atLeast: -1 },
  ),
  'group.coordinator.rebalance.protocols': list(
    ['classic', 'consumer', 'streams'],
    'Rebalance protocols that are served.',
    {
      among: ['consumer', 'classic', 'share', 'streams'],
    },
  ),
  'group.coordinator.threads': int(4, 'Number of threads that run group coordinators.', {
    atLeast: 1,
    importance: 'high',
  }),
  'group.initial.rebalance.delay.ms': int(
    3000,
    'Milliseconds an empty group waits for more members before its first rebalance.',
    { effective: true },
  ),
  'group.max.session.timeout.ms': int(
    1_800_000,
    'Largest session timeout a member may ask for, in milliseconds.',
    {
      effective: true,
    },
  ),
  'group.max.size': int(INT_MAX, 'Number of members a group may have.', {
    atLeast: 1,
    effective: true,
  }),
  'group.min.session.timeout.ms': int(
    6000,
    'Smallest session timeout a member may ask for, in milliseconds.',
    {
      effective: true,
    },
  ),
  'group.share.assignment.interval.ms': int(
    1000,
    'Least milliseconds between two assignments of a share group.',
    {
      atLeast: 0,
      update: 'cluster-wide',
    },
  ),
  'group.share.delivery.count.limit': int(
    5,
    'Number of times a share group delivers a record before it gives up.',
    { atLeast: 2, atMost: 10 },
  ),
  'group.share.heartbeat.interval.ms': int(
    5000,
    "Milliseconds between heartbeats of a share group's members.",
    { atLeast: 1 },
  ),
  'group.share.partition.max.record.locks': int(
    2000,
    'Number of records of a partition that a share group may hold at once.',
    { atLeast: 100, atMost: 10_000 },
  ),
  'group.share.record.lock.duration.ms': int(
    30_000,
    'Milliseconds for which a share consumer holds a record.',
    { atLeast: 1000, atMost: 3_600_000 },
  ),
  'group.share.session.timeout.ms': int(
    45_000,
    'Milliseconds of silence after which a member leaves a share group.',
    { atLeast: 1 },
  ),
  'group.streams.assignment.interval.ms': int(
    1000,
    'Least milliseconds between two assignments of a streams group.',
    {
      atLeast: 0,
      update: 'cluster-wide',
    },
  ),
  'group.streams.heartbeat.interval.ms': int(
    5000,
    "Milliseconds between heartbeats of a streams group's members.",
    { atLeast: 1 },
  ),
  'group.streams.initial.rebalance.delay.ms': int(
    3000,
    'Milliseconds an empty streams group waits for more members.',
    { atLeast: 0 },
  ),
  'group.streams.num.standby.replicas': int(0, 'Number of standby replicas of a streams task.', {
    atLeast: 0,
  }),
  'group.streams.session.timeout.ms': int(
    45_000,
    'Milliseconds of silence after which a member leaves a streams group.',
    { atLeast: 1 },
  ),
  'offset.metadata.max.bytes': int(4096, 'Bytes of text that may go with a committed offset.', {
    importance: 'high',
    effective: true,
  }),
  'offsets.commit.timeout.ms': int(5000, 'Milliseconds an offset commit waits for its replicas.', {
    atLeast: 1,
    importance: 'high',
  }),
  'offsets.load.buffer.size': int(
    5_242_880,
    'Bytes read at once when a coordinator loads its partition.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'offsets.retention.check.interval.ms': long(
    600_000n,
    'Milliseconds between two sweeps for expired offsets.',
    {
      atLeast: 1,
      importance: 'high',
      effective: true,
    },
  ),
  'offsets.retention.minutes': int(
    10_080,
    'Minutes for which the offsets of an empty group are kept.',
    {
      atLeast: 1,
      importance: 'high',
      effective: true,
    },
  ),
  'offsets.topic.compression.codec': int(
    0,
    'Codec of `__consumer_offsets`, by its number; 0 for none.',
    { importance: 'high' },
  ),
  'offsets.topic.num.partitions': int(
    50,
    'Number of partitions of `__consumer_offsets`; not to be changed later.',
    {
      atLeast: 1,
      importance: 'high',
      effective: true,
    },
  ),
  'offsets.topic.replication.factor': short(3, 'Replication factor of `__consumer_offsets`.', {
    atLeast: 1,
    importance: 'high',
    effective: true,
  }),
  'offsets.topic.segment.bytes': int(104_857_600, 'Bytes of a segment of `__consumer_offsets`.', {
    atLeast: 1,
    importance: 'high',
    effective: true,
  }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(
    10_000,
    'Milliseconds between two sweeps for transactions past their timeout.',
    {
      atLeast: 1,
      importance: 'low',
    },
  ),
  'transaction.max.timeout.ms': int(
    900_000,
    'Largest transaction timeout a producer may ask for, in milliseconds.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'transaction.partition.verification.enable': boolean(
    true,
    'Whether a partition checks with the coordinator that a transaction is open.',
    {
      importance: 'low',
      update: 'cluster-wide',
    },
  ),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(
    3_600_000,
    'Milliseconds between two sweeps for expired transactional ids.',
    {
      atLeast: 1,
      importance: 'low',
    },
  ),
  'transaction.state.log.load.buffer.size': int(
    5_242_880,
    'Bytes read at once when a transaction coordinator loads its partition.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'transaction.state.log.min.isr': int(2, 'In-sync replicas that `__transaction_state` needs.', {
    atLeast: 1,
    importance: 'high',
  }),
  'transaction.state.log.num.partitions': int(
    50,
    'Number of partitions of `__transaction_state`; not to be changed later.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'transaction.state.log.replication.factor': short(
    3,
    'Replication factor of `__transaction_state`.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'transaction.state.log.segment.bytes': int(
    104_857_600,
    'Bytes of a segment of `__transaction_state`.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
  'transaction.two.phase.commit.enable': boolean(
    false,
    'Whether producers may take part in two-phase commits (KIP-939).',
    { importance: 'low' },
  ),
  'transactional.id.expiration.ms': int(
    604_800_000,
    'Milliseconds of silence after which a transactional id is forgotten.',
    {
      atLeast: 1,
      importance: 'high',
    },
  ),
} satisfies ConfigTable
