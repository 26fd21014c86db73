/** What breaks in a world, how often, and for how long. */
import { plots } from './plots.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { NetworkFaults } from './simulated-network.ts'
import type { World } from './world.ts'

export interface Chaos {
  /** Nothing breaks. */
  readonly isCalm: boolean
  readonly network: NetworkFaults
  run(world: World): Promise<void>
}

interface Means {
  readonly world: World
  readonly random: SeededRandom
  /** Whether brokers lose their power, and with it what they did not flush. */
  readonly power: boolean
  readonly onlyControllers: boolean
}

type Node = World['cluster']['nodes'][number]

/** Some worlds are calm, most are not; power goes in one of four. */
export function chaosOf(random: SeededRandom): Chaos {
  const isCalm = random.chance(0.1)
  const network: NetworkFaults = {
    latencyMs: random.pick([2, 5, 30, 150]),
    splitChance: random.pick([0, 0.05, 0.5]),
    slowChance: random.pick([0.01, 0.1, 0.8]),
    refuseChance: isCalm ? 0 : random.pick([0, 0, 0.05]),
    breakChance: isCalm ? 0 : random.pick([0, 0.0005, 0.005]),
  }
  // Elections are over in milliseconds: whoever wants to hit one has to strike often.
  const onlyControllers = random.chance(0.15)
  const pauses = onlyControllers ? [60, 200, 600] : [800, 2_000, 5_000]
  const pauseMs = isCalm ? Infinity : random.pick(pauses)
  const power = random.chance(0.25)
  const durationMs = random.between(5_000, 22_000)
  return {
    isCalm,
    network,
    async run(world) {
      const { plot } = world.shape
      if (world.shape.clocksJump) setClocks(world, random.stream('clocks'))
      for (let times = plot === null ? 0 : random.between(1, 3); times > 0; times--) {
        await world.runUntil(() => false, random.between(200, 1_500))
        world.say(`plot: ${plot}`)
        await plots[plot!]({ world, random })
        if (!isCalm) breakSomething({ world, random, power, onlyControllers })
      }
      // What the plot left behind is broken on.
      const endMs = world.nowMs + (plot === null ? durationMs : durationMs / 5)
      while (world.nowMs < endMs) {
        const nextMs = Math.max(
          1,
          Math.min(pauseMs * (0.3 + random.fraction()), endMs - world.nowMs),
        )
        await world.runUntil(() => false, nextMs)
        if (world.nowMs >= endMs) return
        breakSomething({ world, random, power, onlyControllers })
      }
    },
  }
}

/** Hours, and less than a producer's id lives. */
const WALL_CLOCK_OFF_MAX_MS = 10 * 3_600_000

/** Each as often as its weight says; what mends is among them, or a world would soon be dark. */

const misfortunes: readonly (readonly [number, (means: Means, node: Node) => void])[] = [
  [5, (_, node) => comeBack(node)],
  [2, ({ world }) => world.cluster.nodes.forEach(comeBack)],
  [2, (_, node) => node.kill()],
  [1, crash],
  [1, tear],
  [1, ({ world }, node) => void node.stop().catch((error: unknown) => world.fail(error))],
  [1, (means, node) => means.world.network.breakBetween(node.name, anotherOf(means).name)],
  [1, stickOneWay],
  [1, isolate],
  [1, pause],
  [1, stutter],
  [0.4, restartAll],
  [1, bounce],
]

/** Now and then a machine's clock is set right, or wrong: timestamps alone may change by it. */
function setClocks(world: World, random: SeededRandom): void {
  const afterMs = random.between(300, 4_000)
  world.time.schedule(world.time.nowMs + afterMs, 'a clock is set', () => {
    if (world.isEnding) return
    const hours = random.between(-WALL_CLOCK_OFF_MAX_MS, WALL_CLOCK_OFF_MAX_MS)
    const wallMs = random.pick([0, hours, hours, hours / 1_000])
    random.pick<Node>(world.cluster.nodes).setWallClock(Math.round(wallMs))
    setClocks(world, random)
  })
}

function breakSomething(means: Means): void {
  const { random, world, onlyControllers } = means
  const { nodes, controllerNodes } = world.cluster
  const total = misfortunes.reduce((sum, [weight]) => sum + weight, 0)
  let drawn = random.fraction() * total
  const [, happens] = misfortunes.find(([weight]) => (drawn -= weight) < 0) ?? misfortunes[0]!
  happens(means, random.pick<Node>(onlyControllers ? controllerNodes : nodes))
}

function comeBack(node: Node): void {
  node.resume()
  node.start()
}

function bounce(_: Means, node: Node): void {
  node.kill()
  node.start()
}

function crash(means: Means, node: Node): void {
  if (cutsPower(means, node)) node.powerCut()
  else node.kill()
}

function tear(means: Means, node: Node): void {
  const bytes = means.random.pick([0, 5, 80, 500, 3_000])
  node.tearWriteAfter(bytes, cutsPower(means, node) ? 'power cut' : 'kill')
}

/** A controller flushes what it says; a broker does not, and may lose records with its power. */
function cutsPower({ world, random, power }: Means, node: Node): boolean {
  const isBroker = [...world.cluster.brokers.values()].some(each => each === node)
  return random.chance(0.4) && (power || !isBroker)
}

function stickOneWay(means: Means, node: Node): void {
  const { world, random } = means
  const untilMs = world.time.nowMs + random.between(100, 6_000)
  world.network.stick(node.name, anotherOf(means).name, untilMs)
}

/** Cut off from the controllers, from the brokers, or from all of them; clients still reach it. */
function isolate({ world, random }: Means, node: Node): void {
  const { controllerNodes, nodes } = world.cluster
  const others = random.pick([
    controllerNodes,
    nodes,
    nodes.filter(each => !controllerNodes.some(controller => controller === each)),
  ])
  const how = random.pick([
    { deaf: true, mute: true },
    { deaf: true, mute: true },
    { deaf: true, mute: false },
    { deaf: false, mute: true },
  ])
  const untilMs = world.time.nowMs + random.between(500, 9_000)
  const names = others.map(({ name }) => name)
  world.say(`${node.name}: ${how.deaf ? 'deaf ' : ''}${how.mute ? 'mute ' : ''}to ${names.join()}`)
  world.network.isolate(node.name, names, { ...how, untilMs })
}

/** Longer than its session, or shorter. */
function pause({ world, random }: Means, node: Node): void {
  node.pause()
  const { process } = node
  const forMs = random.pick([300, 2_000, 5_000, 9_000]) * (0.5 + random.fraction())
  world.time.schedule(world.time.nowMs + forMs, 'pause ends', () => {
    if (node.process === process) node.resume()
  })
}

/** A slow disk: the thread hangs in many short writes. */
function stutter({ world, random }: Means, node: Node): void {
  const { process } = node
  for (let atMs = 0, left = 30; left > 0; left--) {
    atMs += random.between(20, 200)
    const forMs = random.between(5, 150)
    world.time.schedule(world.time.nowMs + atMs, 'disk is slow', () => {
      if (node.process !== process || process === null || process.isPaused) return
      process.pause()
      world.time.schedule(world.time.nowMs + forMs, 'disk is done', () => process.resume())
    })
    atMs += forMs
  }
}

/** The lights go out for everyone, and come back for everyone. */
function restartAll({ world, random }: Means): void {
  const { nodes } = world.cluster
  for (const node of nodes) node.kill()
  for (const node of nodes)
    world.time.schedule(world.time.nowMs + random.between(0, 1_500), 'back', () => {
      // A world that ends starts its nodes by itself, and then stops them for good.
      if (!world.isEnding) node.start()
    })
}

function anotherOf({ world, random }: Means): Node {
  return random.pick(world.cluster.nodes)
}
