/** Plots of elections among controllers. */
import { controllerHost } from './node-places.ts'
import {
  AWAITED_MS,
  bounce,
  crash,
  pass,
  someLeader,
  type Controller,
  type PlotMeans,
} from './plot-means.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { World } from './world.ts'

/** Between an effect and what it was waited for with: before its answer leaves, or after. */
const STRIKES_AFTER_MS = [0, 0.05, 0.5, 0.5, 2] as const

/**
 * Two stand in the same epoch, hear nothing of each other, and ask the same third, who led until
 * just now; and who mostly ends as soon as he has voted for one, and is back for the other.
 */
export async function splitElection({ world, random }: PlotMeans): Promise<void> {
  const hinge = await someLeader(world, random.chance(0.8))
  if (hinge === null) return
  const others = world.cluster.controllerNodes.filter(each => each !== hinge)
  if (others.length < 2) return
  // He votes for those alone who have all that he has.
  const endOf = ({ running }: Controller) => running?.node.quorum.log.endOffset
  await world.runUntil(() => others.every(each => endOf(each) === endOf(hinge)), AWAITED_MS)
  separate(world, others, world.time.nowMs + 10_000)
  for (const node of [hinge, ...others]) node.pause()
  // When they go on, all have given their leader up, and he his leadership.
  await pass(world, random.between(1_500, 2_500))
  for (const node of others) node.resume()
  await pass(world, random.pick(STRIKES_AFTER_MS))
  hinge.resume()
  for (let strikes = random.pick([0, 1, 1, 2]); strikes > 0; strikes--) {
    const votedBefore = voteOf(hinge)
    const epochBefore = greatestEpoch(world) - 1
    await world.runUntil(() => voteOf(hinge) !== votedBefore, 1_500)
    holdUp(world, random, hinge, others)
    const wins = () => others.some(each => isElected(each, epochBefore))
    if (random.chance(0.7)) await world.runUntil(wins, 300)
    await pass(world, random.pick(STRIKES_AFTER_MS))
    crash(random, hinge)
    await pass(world, random.pick(STRIKES_AFTER_MS))
    hinge.start()
  }
  await pass(world, random.between(200, 1_500))
  separate(world, others, world.time.nowMs)
}

/** Whoever won is late to say so, and the others ask a moment later. */
function holdUp(
  world: World,
  random: SeededRandom,
  hinge: Controller,
  others: readonly Controller[],
): void {
  const { nowMs } = world.time
  for (const { name } of others) {
    const hasVote = voteOf(hinge)?.endsWith(`/${name}`) === true
    const forMs = hasVote ? random.between(200, 1_500) : random.between(0, 200)
    world.network.stick(name, hinge.name, nowMs + forMs)
  }
}

/** Every leader ends when it has hardly begun, and the one before it comes back. */
export async function regicide({ world, random }: PlotMeans): Promise<void> {
  let victim = await someLeader(world)
  if (victim === null || world.shape.controllerCount === 1) return
  for (let round = random.between(3, 7); round > 0; round--) {
    const away = victim
    const seenEpoch = greatestEpoch(world)
    crash(random, away)
    const isDue = random.chance(0.5) ? isElected : isAboutToCommit
    const due = () => world.cluster.controllerNodes.find(each => isDue(each, seenEpoch)) ?? null
    await world.runUntil(() => due() !== null, AWAITED_MS)
    victim = due()
    away.start()
    if (victim === null) return
  }
  crash(random, victim)
  await pass(world, random.between(0, 500))
  victim.start()
}

/**
 * A controller falls behind while the others commit; then the leader ends, and the late one may
 * stand before the one that has everything.
 */
export async function lateController({ world, random }: PlotMeans): Promise<void> {
  const leader = await someLeader(world)
  const others = world.cluster.controllerNodes.filter(each => each !== leader)
  if (leader === null || others.length < 2) return
  const late = random.pick(others)
  const informed = others.filter(each => each !== late)
  const forMs = random.between(300, 3_000)
  world.say(`${late.name} shall hear nothing of ${leader.name}`)
  world.network.stick(leader.name, late.name, world.time.nowMs + forMs)
  const { nextOffset } = world.metadata
  bounce(random.pick([...world.cluster.brokers.values()]))
  await world.runUntil(() => world.metadata.nextOffset > nextOffset, AWAITED_MS)
  await pass(world, random.between(0, forMs))
  // What is under way to the late one goes down with the leader.
  crash(random, leader)
  if (random.chance(0.5)) {
    for (const node of informed) node.pause()
    await pass(world, random.between(500, 2_500))
    for (const node of informed) node.resume()
  } else for (const node of informed) world.network.stick(node.name, late.name, world.time.nowMs)
  const hasLeader = () => world.cluster.activeController !== null
  await world.runUntil(hasLeader, random.between(500, AWAITED_MS))
  leader.start()
}

/** All are restarted one after the other, in haste: some go while others come back. */
export async function rollingRestart({ world, random }: PlotMeans): Promise<void> {
  const { brokers, controllerNodes } = world.cluster
  const nodes = random.chance(0.5) ? controllerNodes : [...controllerNodes, ...brokers.values()]
  for (const node of nodes) {
    await world.runThrough(node.stop(), `${node.name} stops`, 30_000)
    await pass(world, random.pick([0, 20, 500]))
    node.start()
    if (random.chance(0.6)) await world.runUntil(() => node.state === 'running', AWAITED_MS)
    await pass(world, random.pick([0, 0, 50, 400]))
  }
}

/** Each hears nothing of the others; with five, two camps of two. */
function separate(world: World, nodes: readonly Controller[], untilMs: number): void {
  const half = nodes.length / 2
  for (const one of nodes.slice(0, half))
    for (const other of nodes.slice(half)) {
      world.network.stick(one.name, other.name, untilMs)
      world.network.stick(other.name, one.name, untilMs)
    }
}

function voteOf({ running }: Controller): string | null {
  if (running === null) return null
  const { leaderEpoch, votedFor } = running.node.quorum.raft.state
  return votedFor === null ? null : `${leaderEpoch}/${controllerHost(votedFor.id)}`
}

function greatestEpoch(world: World): number {
  const epochs = world.cluster.controllerNodes.map(
    ({ running }) => running?.node.quorum.raft.leaderEpoch ?? -1,
  )
  return Math.max(...epochs)
}

function isElected({ running }: Controller, seenEpoch: number): boolean {
  const raft = running?.node.quorum.raft
  return raft !== undefined && raft.leads && raft.leaderEpoch > seenEpoch
}

/** Someone has all that it had when it was elected, and its own first record reaches him now. */
function isAboutToCommit(node: Controller, seenEpoch: number): boolean {
  if (!isElected(node, seenEpoch)) return false
  const { highWatermark, role } = node.running!.node.quorum.raft
  return role.type === 'leader' && (highWatermark ?? -1n) >= role.epochStartOffset
}
