/**
 * One seed, from an empty world to a healed one: a cluster starts, clients work, things break; then
 * all breaking ends, and within a bound of time everything must be well again and agree.
 */
import { chaosOf, type Chaos } from './chaos.ts'
import { verifyClosing, verifyHealed } from './final-checks.ts'
import { SeededRandom } from './seeded-random.ts'
import { SimulatedAdmin } from './simulated-admin.ts'
import { SimulatedGroup } from './simulated-group.ts'
import { ACKS_ALL, SimulatedProducer } from './simulated-producer.ts'
import { SimulatedReader } from './simulated-reader.ts'
import { SimulatedVoters } from './simulated-voters.ts'
import { World } from './world.ts'
import { worldShapeOf } from './world-shape.ts'

const START_LIMIT_MS = 30_000
const HEAL_LIMIT_MS = 90_000
const LOOK_MS = 200
/** How often leaders are elected by hand, where they are not by themselves. */
const ELECTION_MS = 2_000

export interface SeedResult {
  readonly seed: string
  readonly error: unknown
  readonly traceHash: string
  readonly events: number
  readonly virtualMs: number
  readonly acknowledged: number
  /** The last lines of what happened. */
  readonly log: readonly string[]
}

export interface Inhabitants {
  readonly world: World
  readonly admin: SimulatedAdmin
  readonly producers: readonly SimulatedProducer[]
  readonly readers: readonly SimulatedReader[]
  readonly groups: readonly SimulatedGroup[]
}

export async function runSeed(seed: string, options = { verbose: false }): Promise<SeedResult> {
  const random = new SeededRandom(`${seed}/shape`)
  const shape = worldShapeOf(random)
  const chaos = chaosOf(random)
  const world = new World({
    seed,
    shape,
    faults: chaos.network,
    isCalm: chaos.isCalm && shape.plot === null,
    verbose: options.verbose,
  })
  const onRejection = (error: unknown) => world.fail(error)
  process.on('unhandledRejection', onRejection)
  let error: unknown = null
  try {
    await live(world, random, chaos)
  } catch (thrown) {
    // Whatever it is, it is this seed's result.
    error = thrown
  } finally {
    process.off('unhandledRejection', onRejection)
  }
  const partitions = [...world.topics.values()].flatMap(topic => topic.partitions)
  return {
    seed,
    error: error ?? world.failure,
    traceHash: world.time.traceHash,
    events: world.time.eventCount,
    virtualMs: world.nowMs,
    acknowledged: partitions.reduce((sum, each) => sum + each.acknowledgedCount, 0),
    log: world.log,
  }
}

async function live(world: World, random: SeededRandom, chaos: Chaos): Promise<void> {
  const { cluster } = world
  for (const node of cluster.nodes) node.start()
  const runs = () => cluster.nodes.every(({ state }) => state === 'running')
  if (!(await world.runUntil(runs, START_LIMIT_MS)))
    throw new Error('the cluster does not start on a sound network')

  const admin = new SimulatedAdmin(world, 'admin')
  for (let topics = random.between(1, 2); topics > 0; topics--)
    await world.runThrough(admin.createStable(random.between(1, 3)), 'first topics', 30_000)
  const inhabitants = inhabit(world, random, admin)
  await chaos.run(world)

  await heal(world, inhabitants)
  await verifyHealed(inhabitants)
  await verifyClosing(inhabitants)
}

function inhabit(world: World, random: SeededRandom, admin: SimulatedAdmin): Inhabitants {
  const producers = Array.from(
    { length: random.between(1, 3) },
    (_, i) => new SimulatedProducer(world, `i${i}`, { isIdempotent: true, acks: ACKS_ALL }),
  )
  if (random.chance(0.5))
    producers.push(new SimulatedProducer(world, 'n0', { isIdempotent: false, acks: ACKS_ALL }))
  if (random.chance(0.5))
    producers.push(new SimulatedProducer(world, 'o0', { isIdempotent: false, acks: 1 }))
  const readers = Array.from(
    { length: random.between(1, 4) },
    (_, i) => new SimulatedReader(world, `r${i}`),
  )
  const groups = Array.from(
    { length: random.between(0, 2) },
    (_, i) => new SimulatedGroup(world, `group-${i}`, random.between(1, 3)),
  )
  const voters = world.shape.spareControllers === null ? [] : [new SimulatedVoters(world)]
  for (const actor of [admin, ...producers, ...readers, ...groups, ...voters])
    actor.run().catch((error: unknown) => world.fail(error))
  return { world, admin, producers, readers, groups }
}

/** Nothing breaks from here on, and nothing new is begun. */
async function heal(world: World, { admin, producers, groups }: Inhabitants): Promise<void> {
  world.say('the world is healed')
  world.isEnding = true
  world.network.unstick()
  for (const node of world.cluster.nodes) node.resume()
  world.network.faults = {
    ...world.network.faults,
    refuseChance: 0,
    breakChance: 0,
    latencyMs: Math.min(world.network.faults.latencyMs, 20),
  }
  const { cluster } = world
  for (const node of cluster.nodes) node.disk.bytesUntilCut = Infinity
  const isWell = () => {
    for (const node of cluster.nodes) node.start()
    return (
      cluster.isOfOneMind &&
      cluster.unbalanced.length === 0 &&
      admin.isDone &&
      producers.every(({ isDone }) => isDone) &&
      groups.every(({ isSettled }) => isSettled)
    )
  }
  for (let waitedMs = 0; waitedMs < HEAL_LIMIT_MS; waitedMs += LOOK_MS) {
    await world.runUntil(() => false, LOOK_MS)
    if (isWell()) return
    const { shape } = world
    if (!shape.balancesItself && waitedMs % ELECTION_MS === 0)
      // Waiting for an answer that may never come: it is asked for again.
      void admin.electPreferred().catch(() => {})
  }
  const lacks = [
    ...cluster.nodes.filter(({ state }) => state !== 'running').map(({ name }) => name),
    ...(cluster.isOfOneMind ? [] : ['nodes that all know what was decided']),
    ...cluster.unbalanced,
    ...producers
      .filter(({ isDone }) => !isDone)
      .map(() => 'a producer with answers to all it sent'),
    ...groups.filter(({ isSettled }) => !isSettled).map(each => each.complaint()),
  ]
  throw new Error(`not well ${HEAL_LIMIT_MS} ms after the last fault: ${lacks.join('; ')}`)
}
