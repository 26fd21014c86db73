/** What kind of cluster a seed makes: how many brokers and controllers, and what they are told. */
import type { SeededRandom } from './seeded-random.ts'

const FACTOR_MAX = 3

/** Schedules that aim at something, in plots.ts; and what a world must be like for each. */
const stages = {
  'split-election': { controllerCount: 3, brokerCount: 1, factor: 1, minIsr: 1 },
  regicide: { controllerCount: 3, brokerCount: 1, factor: 1, minIsr: 1 },
  'late-controller': { controllerCount: 3, brokerCount: 1, factor: 1, minIsr: 1 },
  'rolling-restart': { controllerCount: 3, brokerCount: 3 },
  'held-news': { brokerCount: 3, factor: 3 },
  'late-replica': {
    brokerCount: 3,
    factor: 3,
    minIsr: 2,
    highWatermarkCheckpointMs: 60_000,
  },
  'leader-returns': { brokerCount: 3, factor: 3, balancesItself: true },
  'leader-unheard': { brokerCount: 3, factor: 3 },
  'hasty-return': { brokerCount: 3, factor: 3, replicaSocketTimeoutMs: 5_000 },
} as const satisfies Record<string, Partial<WorldShape & DrawnConfigs>>

export type PlotName = keyof typeof stages
/** What has most to fit together comes most often. */
const plotNames: readonly PlotName[] = [
  'regicide',
  'regicide',
  'late-replica',
  'late-replica',
  'split-election',
  'held-news',
  'leader-returns',
  'leader-unheard',
  'late-controller',
  'rolling-restart',
  'hasty-return',
  'hasty-return',
]
const PLOT_CHANCE = 0.5

/** In milliseconds. */
interface DrawnConfigs {
  readonly highWatermarkCheckpointMs: number
  readonly replicaSocketTimeoutMs: number
}

export interface WorldShape {
  readonly plot: PlotName | null
  readonly brokerCount: number
  /** 1, 3 or 5 that vote at first, each a node of its own. */
  readonly controllerCount: number
  /** Controllers that only observe at first; null where the voters stay who they are. */
  readonly spareControllers: number | null
  /** By broker id from 1 on; null in a cluster without racks. */
  readonly racks: readonly (string | null)[]
  /** The controllers are in the first brokers' processes. */
  readonly combined: boolean
  /** Of the topics that are never deleted, and of `__consumer_offsets`. */
  readonly factor: number
  readonly minIsr: number
  /** Whether some topics may be led by brokers that lack records. */
  readonly unclean: boolean
  /** The controller elects preferred leaders without being asked. */
  readonly balancesItself: boolean
  /** flush.messages=1: a power cut takes nothing that was acknowledged or committed. */
  readonly flushes: boolean
  /** The machines' wall clocks are set, by hours and by seconds. */
  readonly clocksJump: boolean
  /** What takes a moment here takes milliseconds: long work is cut in slices, and others get between. */
  readonly isSlow: boolean
  /** Replicas are moved with a limit of bytes a second. */
  readonly throttles: boolean
  readonly staticConfigs: ReadonlyMap<string, string>
}

export function worldShapeOf(random: SeededRandom): WorldShape {
  const brokerCount = random.pick([1, 2, 3, 3, 3, 4, 5])
  const controllerCount = random.pick([1, 1, 3, 3, 3, 5])
  const hasRacks = random.chance(0.5)
  const wanted = random.chance(0.2) ? 1 : random.pick([2, 3, 3])
  const factor = Math.min(wanted, brokerCount, FACTOR_MAX)
  const plot = random.chance(PLOT_CHANCE) ? random.pick(plotNames) : null
  const drawn = {
    plot,
    brokerCount,
    controllerCount,
    spareControllers: random.chance(0.25) ? random.between(0, 2) : null,
    combined: random.chance(0.15),
    factor,
    minIsr: factor === 1 ? 1 : random.between(1, 2),
    unclean: random.chance(0.15),
    balancesItself: random.chance(0.7),
    highWatermarkCheckpointMs: random.pick([1_500, 5_000, 60_000]),
    replicaSocketTimeoutMs: random.pick([1_500, 1_500, 5_000]),
  }
  // Now and then a plot has to do with what there is.
  const shape = plot === null || random.chance(0.15) ? drawn : { ...drawn, ...stages[plot] }
  // Who is in a broker's process has its id, and is one of them.
  const combined = shape.combined && shape.controllerCount <= shape.brokerCount
  const spareControllers = combined ? null : shape.spareControllers
  const racks = Array.from({ length: shape.brokerCount }, (_, i) =>
    hasRacks ? `rack-${i % 3}` : null,
  )
  const configs = staticConfigs(random, shape)
  const flushes = random.stream('flushes').chance(0.2)
  if (flushes) configs.set('log.flush.interval.messages', '1')
  const selects = hasRacks && random.stream('selector').chance(0.7)
  if (selects)
    configs.set(
      'replica.selector.class',
      'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    )
  const clocksJump = random.stream('clocks').chance(0.3)
  // Records that come from the future of a broker would rightly be refused.
  if (clocksJump) configs.set('log.message.timestamp.after.max.ms', String(2n ** 63n - 1n))
  const throttles = random.stream('throttles').chance(0.4)
  const isSlow = random.stream('slow').chance(0.3)
  const rest = { combined, spareControllers, flushes, clocksJump, isSlow, throttles, racks }
  return { ...shape, ...rest, staticConfigs: configs }
}

/** Everything in seconds instead of minutes and hours, so that a short life sees all of it. */
function staticConfigs(
  random: SeededRandom,
  options: Pick<WorldShape, 'factor' | 'minIsr' | 'balancesItself'> & DrawnConfigs,
): Map<string, string> {
  const { factor, minIsr, balancesItself, highWatermarkCheckpointMs } = options
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
    ['replica.high.watermark.checkpoint.interval.ms', String(highWatermarkCheckpointMs)],
    ['replica.lag.time.max.ms', String(random.pick([1_500, 3_000]))],
    ['replica.fetch.wait.max.ms', String(random.pick([100, 500]))],
    ['replica.fetch.backoff.ms', '200'],
    ['replica.fetch.max.bytes', String(random.pick([2_000, 1_048_576]))],
    ['replica.socket.timeout.ms', String(options.replicaSocketTimeoutMs)],
    ['auto.create.topics.enable', 'false'],
    ['auto.leader.rebalance.enable', balancesItself ? 'true' : 'false'],
    ['leader.imbalance.check.interval.seconds', '2'],
    ['leader.imbalance.per.broker.percentage', '0'],
    ['controller.quorum.election.timeout.ms', '500'],
    ['controller.quorum.fetch.timeout.ms', '1000'],
    // One batch at a time, as a follower gets them that is far behind.
    ['controller.quorum.fetch.max.bytes', random.pick(['1', '1048576'])],
    ['controller.quorum.election.backoff.max.ms', '500'],
    ['metadata.max.idle.interval.ms', '0'],
    ['metadata.log.max.record.bytes.between.snapshots', random.pick(['3000', '20971520'])],
  ])
}
