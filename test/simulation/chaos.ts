/** What breaks in a world, how often, and for how long. */
import type { Inhabitants } from './run-seed.ts'
import type { SeededRandom } from './seeded-random.ts'
import { CONTROLLER } from './simulated-cluster.ts'
import type { NetworkFaults } from './simulated-network.ts'
import type { World } from './world.ts'

export interface Chaos {
  readonly network: NetworkFaults
  run(world: World, inhabitants: Inhabitants): Promise<void>
}

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
  const durationMs = random.between(5_000, 22_000)
  const pauseMs = isCalm ? Infinity : random.pick([800, 2_000, 5_000])
  const power = random.chance(0.25)
  return {
    network,
    async run(world) {
      const endMs = world.nowMs + durationMs
      while (world.nowMs < endMs) {
        const nextMs = Math.min(pauseMs * (0.3 + random.fraction()), endMs - world.nowMs)
        await world.runUntil(() => false, nextMs)
        if (world.nowMs < endMs) breakSomething(world, random, { power })
      }
    },
  }
}

function breakSomething(
  world: World,
  random: SeededRandom,
  may: { readonly power: boolean },
): void {
  const { cluster, network, time } = world
  const node = random.pick(cluster.nodes)
  const other = random.pick(cluster.nodes)
  // A controller flushes what it says; a broker does not, and may lose records with its power.
  const cutsPower = random.chance(0.4) && (may.power || node.name === CONTROLLER)
  const choice = random.integer(12)
  if (choice < 4) node.start()
  else if (choice === 4) node.kill()
  else if (choice === 5) {
    if (cutsPower) node.powerCut()
    else node.kill()
  } else if (choice === 6)
    node.tearWriteAfter(random.pick([0, 5, 80, 500, 3_000]), cutsPower ? 'power cut' : 'kill')
  else if (choice === 7) node.stop().catch((error: unknown) => world.fail(error))
  else if (choice === 8) network.breakBetween(node.name, other.name)
  else if (choice === 9)
    network.stick(node.name, other.name, time.nowMs + random.between(100, 6_000))
  else if (choice === 10) {
    node.kill()
    node.start()
  } else for (const each of cluster.nodes) each.start()
}
