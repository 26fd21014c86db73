/** Plots of leaders, followers, and what they hear of each other. */
import { apis } from './apis.ts'
import { brokerHost, controllerHost } from './node-places.ts'
import {
  AWAITED_MS,
  bounce,
  hasHeardFrom,
  pass,
  somePartition,
  type PlotMeans,
} from './plot-means.ts'
import { isExpected, type World } from './world.ts'

/**
 * A replica has joined the ISR, and the leader does not hear of it for a while; nor does the
 * replica hear of the leader. Then one of them may end.
 */
export async function holdNews({ world, random }: PlotMeans): Promise<void> {
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
export async function lateReplica({ world, random }: PlotMeans): Promise<void> {
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
export async function leaderReturns({ world, random }: PlotMeans): Promise<void> {
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
export async function leaderUnheard({ world, random }: PlotMeans): Promise<void> {
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

/**
 * Leadership goes to the preferred replica and back within a moment, and one follower hears of it
 * only then; what its leader had sent it before comes when that leader leads anew.
 */
export async function hastyReturn({ world, random }: PlotMeans): Promise<void> {
  const { brokers, controllers } = world.cluster
  const place = somePartition(
    world,
    random,
    ({ isr, leader, replicas }) => isr.length > 2 && leader === replicas[0],
  )
  if (place === null) return
  const { leader: preferred } = place.state()!
  bounce(brokers.get(preferred)!)
  const isAway = () => place.state()?.leader !== preferred && place.state()?.isr.length === 3
  if (!(await world.runUntil(isAway, 2 * AWAITED_MS))) return
  const { leader, isr } = place.state()!
  const deaf = isr.find(id => id !== leader && id !== preferred) ?? preferred
  const { nowMs } = world.time
  const [here, there] = [brokerHost(leader), brokerHost(deaf)]
  world.say(`${place.name}: goes from ${leader} to ${preferred} and back, unheard by ${deaf}`)
  const deafForMs = random.between(1_200, 2_500)
  for (const id of controllers.keys())
    world.network.stick(controllerHost(id), there, nowMs + deafForMs)
  world.network.stick(here, there, nowMs + deafForMs + random.between(20, 300))
  world.network.stick(here, brokerHost(preferred), nowMs + random.between(200, 900))
  await pass(world, random.between(50, 250))
  void electPreferred(world).catch((error: unknown) => {
    // Nobody waits for the answer.
    if (!isExpected(error)) world.fail(error)
  })
  const returns = () => place.state()?.leader === preferred
  if (!(await world.runUntil(returns, AWAITED_MS))) return
  await pass(world, random.between(50, 700))
  // One that stops cleanly hands its leadership over at once.
  const node = brokers.get(preferred)!
  await world.runThrough(node.stop(), `${node.name} stops`, 30_000)
  await pass(world, random.between(0, 2_000))
  node.start()
}

async function electPreferred(world: World): Promise<void> {
  const plotter = world.newClient('plotter')
  try {
    const request = { electionType: 0, topicPartitions: null, timeoutMs: 1_000 }
    await plotter.client.request({ type: 'any' }, apis.electLeaders, request, { timeoutMs: 1_500 })
  } finally {
    plotter.kill()
  }
}
