/** What kind of cluster a seed makes: how many brokers and controllers, and what they are told. */
import type { SeededRandom } from './seeded-random.ts'

const FACTOR_MAX = 3

export interface WorldShape {
  readonly brokerCount: number
  /** 1, 3 or 5 voters, each a node of its own. */
  readonly controllerCount: number
  /** By broker id from 1 on; null in a cluster without racks. */
  readonly racks: readonly (string | null)[]
  /** Of the topics that are never deleted, and of `__consumer_offsets`. */
  readonly factor: number
  readonly minIsr: number
  /** Whether some topics may be led by brokers that lack records. */
  readonly unclean: boolean
  /** The controller elects preferred leaders without being asked. */
  readonly balancesItself: boolean
  /** flush.messages=1: a power cut takes nothing that was acknowledged or committed. */
  readonly flushes: boolean
  readonly staticConfigs: ReadonlyMap<string, string>
}

export function worldShapeOf(random: SeededRandom): WorldShape {
  const brokerCount = random.pick([1, 2, 3, 3, 3, 4, 5])
  const controllerCount = random.pick([1, 1, 3, 3, 3, 5])
  const hasRacks = random.chance(0.5)
  const wanted = random.chance(0.2) ? 1 : random.pick([2, 3, 3])
  const factor = Math.min(wanted, brokerCount, FACTOR_MAX)
  const shape = {
    brokerCount,
    controllerCount,
    racks: Array.from({ length: brokerCount }, (_, i) => (hasRacks ? `rack-${i % 3}` : null)),
    factor,
    minIsr: factor === 1 ? 1 : random.between(1, 2),
    unclean: random.chance(0.15),
    balancesItself: random.chance(0.7),
  }
  const configs = staticConfigs(random, shape)
  const flushes = random.stream('flushes').chance(0.2)
  if (flushes) configs.set('log.flush.interval.messages', '1')
  return { ...shape, flushes, staticConfigs: configs }
}

/** Everything in seconds instead of minutes and hours, so that a short life sees all of it. */
function staticConfigs(
  random: SeededRandom,
  { factor, minIsr, balancesItself }: Pick<WorldShape, 'factor' | 'minIsr' | 'balancesItself'>,
): Map<string, string> {
  return new Map([
    ['broker.session.timeout.ms', '3000'],
    ['broker.heartbeat.interval.ms', '500'],
    ['offsets.topic.num.partitions', '3'],
    ['offsets.topic.replication.factor', String(factor)],
    ['min.insync.replicas', String(minIsr)],
    ['group.initial.rebalance.delay.ms', '200'],
    ['group.min.session.timeout.ms', '500'],
    ['log.retention.check.interval.ms', '2000'],
    ['log.segment.delete.delay.ms', '1000'],
    ['replica.high.watermark.checkpoint.interval.ms', '1500'],
    ['replica.lag.time.max.ms', String(random.pick([1_500, 3_000]))],
    ['replica.fetch.wait.max.ms', String(random.pick([100, 500]))],
    ['replica.fetch.backoff.ms', '200'],
    ['replica.fetch.max.bytes', String(random.pick([2_000, 1_048_576]))],
    ['replica.socket.timeout.ms', '1500'],
    ['auto.create.topics.enable', 'false'],
    ['auto.leader.rebalance.enable', balancesItself ? 'true' : 'false'],
    ['leader.imbalance.check.interval.seconds', '2'],
    ['leader.imbalance.per.broker.percentage', '0'],
    ['controller.quorum.election.timeout.ms', '500'],
    ['controller.quorum.fetch.timeout.ms', '1000'],
    ['controller.quorum.election.backoff.max.ms', '500'],
    ['metadata.max.idle.interval.ms', '0'],
    ['metadata.log.max.record.bytes.between.snapshots', random.pick(['3000', '20971520'])],
  ])
}
