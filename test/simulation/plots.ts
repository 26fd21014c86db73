/**
 * Schedules that chance alone hardly ever finds: each waits for a moment that lasts microseconds
 * (a vote was given, a leader elected, a record committed, a replica joined the ISR) and strikes
 * there. The seed decides which, when and how; what they do, networks and power supplies do too.
 */
import { OFFSETS_TOPIC } from '../../engine/broker/cluster-view.ts'
import type { PartitionImage } from '../../engine/controller/image-entries.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { PlotName } from './world-shape.ts'
import type { RunningController } from './node-launcher.ts'
import { brokerHost, controllerHost } from './node-places.ts'
import type { World } from './world.ts'

type Controller = SimulatedNode<RunningController>

/** Something is awaited for so long, and then it does not come. */
const AWAITED_MS = 4_000
/** Between an effect and what it was waited for with: before its answer leaves, or after. */
const STRIKES_AFTER_MS = [0, 0.05, 0.5, 0.5, 2] as const

export interface PlotMeans {
  readonly world: World
  readonly random: SeededRandom
}

export const plots: Readonly<Record<PlotName, (means: PlotMeans) => Promise<void>>> = {
  'split-election': splitElection,
  regicide,
  'held-news': holdNews,
  'late-replica': lateReplica,
  'leader-returns': leaderReturns,
  'leader-unheard': leaderUnheard,
}

/**
 * Two stand in the same epoch, hear nothing of each other, and ask the same third, who led until
 * just now; and who mostly ends as soon as he has voted for one, and is back for the other.
 */
async function splitElection({ world, random }: PlotMeans): Promise<void> {
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
async function regicide({ world, random }: PlotMeans): Promise<void> {
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
 * A replica has joined the ISR, and the leader does not hear of it for a while; nor does the
 * replica hear of the leader. Then one of them may end.
 */
async function holdNews({ world, random }: PlotMeans): Promise<void> {
  const { brokers, controllers } = world.cluster
  if (random.chance(0.6)) bounce(random.pick([...brokers.values()]))
  const seen = world.joins.length
  const isThere = () => world.joins.slice(seen).some(({ leader }) => brokers.has(leader))
  if (!(await world.runUntil(isThere, AWAITED_MS))) return
  const { leader, joined } = world.joins.slice(seen).find(each => brokers.has(each.leader))!
  const host = brokerHost(leader)
  const untilMs = world.time.nowMs + random.between(100, 1_500)
  world.say(`${host} shall not hear that ${joined} joined, nor ${joined} of it`)
  for (const id of controllers.keys()) world.network.stick(controllerHost(id), host, untilMs)
  world.network.stick(host, brokerHost(joined), untilMs)
  await pass(world, untilMs - world.time.nowMs - random.integer(100))
  const end = random.pick([null, leader, leader, joined])
  if (end !== null) bounce(brokers.get(end)!)
}

/**
 * A replica falls behind while two others commit; one of them goes, and the last comes back from a
 * crash with what it had written down of the high watermark. What it answers the late one first
 * takes its time.
 */
async function lateReplica({ world, random }: PlotMeans): Promise<void> {
  const { brokers } = world.cluster
  const place = somePartition(world, random, ({ isr, leader }) => isr.length > 2 && leader > 0)
  if (place === null) return
  const { leader, isr } = place.state()!
  const [late, other] = isr.filter(id => id !== leader) as [number, number]
  const [here, there] = [brokerHost(leader), brokerHost(late)]
  world.say(`${place.name}: broker ${late} falls behind ${leader} and ${other}`)
  const untilMs = world.time.nowMs + 20_000
  world.network.stick(here, there, untilMs)
  world.network.stick(there, here, untilMs)
  const isOut = (id: number) => place.state()?.isr.includes(id) === false
  await world.runUntil(() => isOut(late), 2 * AWAITED_MS)
  await pass(world, random.between(100, 1_000))
  brokers.get(other)!.kill()
  if (random.chance(0.8)) await world.runUntil(() => isOut(other), 2 * AWAITED_MS)
  bounce(brokers.get(leader)!)
  world.network.stick(here, there, world.time.nowMs)
  world.network.stick(there, here, world.time.nowMs)
  if (await world.runUntil(() => hasHeardFrom(world, place, late), AWAITED_MS))
    world.network.stick(here, there, world.time.nowMs + random.between(100, 1_500))
  await pass(world, random.between(300, 1_500))
  brokers.get(other)!.start()
}

/** A leader hangs until another leads, goes on as what it was, and is elected again. */
async function leaderReturns({ world, random }: PlotMeans): Promise<void> {
  const { brokers } = world.cluster
  const place = somePartition(
    world,
    random,
    ({ isr, leader, replicas }) => isr.length > 1 && leader === replicas[0],
  )
  if (place === null) return
  const { leader } = place.state()!
  const node = brokers.get(leader)!
  node.pause()
  await world.runUntil(() => place.state()?.leader !== leader, 2 * AWAITED_MS)
  await pass(world, random.between(500, 2_500))
  node.resume()
  await world.runUntil(() => place.state()?.leader === leader, 2 * AWAITED_MS)
  await pass(world, random.between(200, 1_500))
}

/** A leader is heard by clients, and by no other broker; then it ends before anyone had missed it. */
async function leaderUnheard({ world, random }: PlotMeans): Promise<void> {
  const { brokers } = world.cluster
  const place = somePartition(world, random, ({ isr, leader }) => isr.length > 1 && leader > 0)
  if (place === null) return
  const { leader } = place.state()!
  const forMs = random.between(100, 1_200)
  world.say(`${place.name}: broker ${leader} is unheard by the others`)
  for (const { name } of brokers.values())
    if (name !== brokerHost(leader))
      world.network.stick(brokerHost(leader), name, world.time.nowMs + forMs)
  await pass(world, forMs - random.integer(50))
  const node = brokers.get(leader)!
  node.kill()
  if (random.chance(0.7))
    await world.runUntil(() => place.state()?.leader !== leader, 2 * AWAITED_MS)
  await pass(world, random.between(0, 1_500))
  node.start()
}

interface PlotPlace {
  readonly name: string
  readonly topic: string
  readonly index: number
  readonly state: () => PartitionImage | null
}

/** Of groups' offsets as often as of records. */
function somePartition(
  world: World,
  random: SeededRandom,
  fits: (state: PartitionImage) => boolean,
): PlotPlace | null {
  const { image } = world.metadata
  const places = [...image.topicsByName.values()]
    .filter(({ name }) => world.keepsName(name))
    .flatMap(({ name, topicId, partitions }) =>
      partitions.map((state, index) => ({ name, topicId, index, state })),
    )
    .filter(({ state }) => fits(state))
  const [offsets, records] = [true, false].map(wanted =>
    places.filter(({ name }) => (name === OFFSETS_TOPIC) === wanted),
  ) as [typeof places, typeof places]
  const some = offsets.length > 0 && (records.length === 0 || random.chance(0.5))
  const chosen = some ? offsets : records
  if (chosen.length === 0) return null
  const { name: topic, topicId, index } = random.pick(chosen)
  const state = () => image.partition(topicId, index)
  return { name: `${topic}-${index}`, topic, index, state }
}

/** Whoever leads it has been asked for records by that replica. */
function hasHeardFrom(world: World, { topic, index, state }: PlotPlace, brokerId: number): boolean {
  const { running } = world.cluster.brokers.get(state()?.leader ?? -1) ?? { running: null }
  const report = running?.inspection.replicas(topic).find(({ partition }) => partition === index)
  const follower = report?.followers.find(each => each.brokerId === brokerId)
  return follower !== undefined && follower.logEndOffset >= 0n
}

/** All are there, and one leads; not the one who did so before where `isAnother`. */
async function someLeader(world: World, isAnother = false): Promise<Controller | null> {
  const { cluster } = world
  for (const node of cluster.controllerNodes) {
    node.resume()
    node.start()
  }
  await world.runUntil(() => cluster.activeController !== null, AWAITED_MS)
  const first = cluster.activeController
  if (!isAnother || first === null || world.shape.controllerCount === 1) return first
  first.kill()
  await world.runUntil(() => cluster.activeController !== null, AWAITED_MS)
  first.start()
  await world.runUntil(() => first.state === 'running', AWAITED_MS)
  return cluster.activeController
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

/** What controllers say is flushed, so that they may lose their power. */
function crash(random: SeededRandom, node: Controller): void {
  if (random.chance(0.4)) node.powerCut()
  else node.kill()
}

function bounce(node: { kill(): void; start(): void }): void {
  node.kill()
  node.start()
}

async function pass(world: World, ms: number): Promise<void> {
  if (ms > 0) await world.runUntil(() => false, ms)
}
