import { describe, expect, test } from 'vitest'
import { SeededRandom } from '../../simulation/seeded-random.ts'
import type { PlantedBug } from './memory-raft-log.ts'
import { RaftWorld, type Node } from './raft-world.ts'

const SEEDS = 50

describe('a quorum under loss, cuts and crashes', () => {
  test('elects one leader an epoch, keeps what is committed, and agrees when healed', () => {
    for (let seed = 0; seed < SEEDS; seed++) withSeed(seed, () => live(`raft-${seed}`, null))
  })

  test.each<PlantedBug>(['truncation left out', 'appends lost in a crash'])(
    'these rules find a planted defect: %s',
    bug => {
      const found = Array.from({ length: 400 }, (_, seed) => seed).some(seed => {
        try {
          live(`raft-${seed}`, bug)
          return false
        } catch {
          // The broken rule is what is looked for.
          return true
        }
      })
      expect(found).toBe(true)
    },
  )
})

/** A minute of trouble, then peace; what must hold is checked by the world and at the end. */
function live(seed: string, bug: PlantedBug | null): void {
  const random = new SeededRandom(`${seed}/shape`)
  const world = new RaftWorld({
    seed,
    voters: random.pick([1, 2, 3, 3, 3, 5]),
    observers: random.between(0, 1),
    logBug: bug,
    ...(random.chance(0.5) ? { firstElectionMs: (id: number) => 1 + id * 50 } : {}),
  })
  world.lossChance = random.pick([0, 0.02, 0.2])
  world.latencyMs = random.pick([5, 50, 400])
  let value = 0
  for (let round = 0; round < 60; round++) {
    disturb(world, random)
    for (let count = random.between(0, 3); count > 0; count--) {
      // An old leader that does not know yet takes appends too, and loses them.
      const node = random.pick(world.nodes)
      world.append(node, `v${value++}`)
      if (world.leader !== null) world.append(world.leader, `v${value++}`)
    }
    if (random.chance(0.1)) snapshotAt(random.pick(world.nodes))
    world.run(random.pick([10, 100, 700, 2_500]))
    world.checkLogsMatch()
  }
  world.heal()
  world.run(30_000)
  const { leader } = world
  expect(leader, 'a healed quorum has a leader').not.toBe(null)
  expect(world.append(leader!, 'the last one')).toBe(true)
  world.run(5_000)
  world.checkLogsMatch()
  const all = leader!.log.all
  expect(all.at(-1)!.value).toBe('the last one')
  for (const node of world.nodes) {
    expect(node.log.all, `node ${node.id} has all`).toEqual(all)
    expect(node.raft!.highWatermark, `node ${node.id} knows all is committed`).toBe(
      BigInt(all.length),
    )
  }
}

function disturb(world: RaftWorld, random: SeededRandom): void {
  const node = random.pick(world.nodes)
  const what = random.integer(10)
  if (what === 0) world.crash(node)
  else if (what === 1 && world.leader !== null) world.crash(world.leader)
  else if (what === 2) crashAndRestart(world, node)
  else if (what === 3) isolate(world, random.chance(0.5) && world.leader ? world.leader : node)
  else if (what === 4) world.cut.add(`${node.id}>${random.pick(world.nodes).id}`)
  else if (what === 5) world.cut.clear()
  else if (what === 6 && world.leader !== null) world.step(world.leader, { type: 'resign' })
  else for (const each of world.nodes) if (random.chance(0.5)) world.start(each)
}

function crashAndRestart(world: RaftWorld, node: Node): void {
  world.crash(node)
  world.start(node)
}

function isolate(world: RaftWorld, node: Node): void {
  for (const other of world.nodes) {
    world.cut.add(`${node.id}>${other.id}`)
    world.cut.add(`${other.id}>${node.id}`)
  }
}

function snapshotAt(node: Node): void {
  const highWatermark = node.raft?.highWatermark ?? null
  if (highWatermark !== null) node.log.takeSnapshot(highWatermark)
}

function withSeed(seed: number, run: () => void): void {
  try {
    run()
  } catch (error) {
    throw Object.assign(error as Error, { message: `seed ${seed}: ${(error as Error).message}` })
  }
}
