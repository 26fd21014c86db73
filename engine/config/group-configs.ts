/** Configurations of a group (KIP-848, KIP-932, KIP-1071), as Apache Kafka 4.3 has them. */
import { boolean, int, string, type ConfigTable } from './definition.ts'

/** The duration in days, hours, minutes and seconds, as Java's `Duration` reads it. */
const offsetReset =
  /^(latest|earliest|by_duration:P(?=[\dT])(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)$/

const interval = { atLeast: 0 }
const positive = { atLeast: 1 }

export const groupConfigs = {
  'consumer.assignment.interval.ms': int(
    1000,
    'Least milliseconds between two assignments of the group.',
    {
      ...interval,
      synonyms: ['group.consumer.assignment.interval.ms'],
    },
  ),
  'consumer.heartbeat.interval.ms': int(5000, 'Milliseconds between the heartbeats of a member.', {
    ...positive,
    synonyms: ['group.consumer.heartbeat.interval.ms'],
  }),
  'consumer.session.timeout.ms': int(
    45_000,
    'Milliseconds of silence after which a member is removed.',
    {
      ...positive,
      synonyms: ['group.consumer.session.timeout.ms'],
    },
  ),
  'share.assignment.interval.ms': int(
    1000,
    'Least milliseconds between two assignments of the share group.',
    {
      ...interval,
      synonyms: ['group.share.assignment.interval.ms'],
    },
  ),
  'share.auto.offset.reset': string(
    'latest',
    'Where a share group begins: latest, earliest, or by_duration: and an ISO 8601 duration.',
    {
      complaint: value =>
        offsetReset.test(String(value))
          ? null
          : 'must be latest, earliest or by_duration:PnDTnHnMn.nS',
    },
  ),
  'share.delivery.count.limit': int(
    5,
    'Number of times a record is delivered before it is given up.',
    {
      atLeast: 2,
      synonyms: ['group.share.delivery.count.limit'],
    },
  ),
  'share.heartbeat.interval.ms': int(
    5000,
    "Milliseconds between the heartbeats of a share group's member.",
    {
      ...positive,
      synonyms: ['group.share.heartbeat.interval.ms'],
    },
  ),
  'share.isolation.level': string(
    'read_uncommitted',
    'Whether a share group sees records of open and aborted transactions.',
    {
      among: ['read_committed', 'read_uncommitted'],
    },
  ),
  'share.partition.max.record.locks': int(
    2000,
    'Number of records of a partition that may be held at once.',
    {
      atLeast: 100,
      synonyms: ['group.share.partition.max.record.locks'],
    },
  ),
  'share.record.lock.duration.ms': int(
    30_000,
    'Milliseconds for which a share consumer holds a record.',
    {
      atLeast: 1000,
      synonyms: ['group.share.record.lock.duration.ms'],
    },
  ),
  'share.renew.acknowledge.enable': boolean(
    true,
    'Whether a share consumer may extend its hold on a record.',
  ),
  'share.session.timeout.ms': int(
    45_000,
    "Milliseconds of silence after which a share group's member is removed.",
    {
      ...positive,
      synonyms: ['group.share.session.timeout.ms'],
    },
  ),
  'streams.assignment.interval.ms': int(
    1000,
    'Least milliseconds between two assignments of the streams group.',
    {
      ...interval,
      synonyms: ['group.streams.assignment.interval.ms'],
    },
  ),
  'streams.heartbeat.interval.ms': int(
    5000,
    "Milliseconds between the heartbeats of a streams group's member.",
    {
      ...positive,
      synonyms: ['group.streams.heartbeat.interval.ms'],
    },
  ),
  'streams.initial.rebalance.delay.ms': int(
    3000,
    'Milliseconds an empty streams group waits for more members.',
    {
      ...interval,
      synonyms: ['group.streams.initial.rebalance.delay.ms'],
    },
  ),
  'streams.num.standby.replicas': int(0, 'Number of standby replicas of each task.', {
    ...interval,
    synonyms: ['group.streams.num.standby.replicas'],
  }),
  'streams.session.timeout.ms': int(
    45_000,
    "Milliseconds of silence after which a streams group's member is removed.",
    {
      ...positive,
      synonyms: ['group.streams.session.timeout.ms'],
    },
  ),
} satisfies ConfigTable
