/** What plots are made of: who leads, which partition fits, and how nodes end. */
import { OFFSETS_TOPIC } from '../../engine/broker/cluster-view.ts'
import type { PartitionImage } from '../../engine/controller/image-entries.ts'
import type { RunningController } from './node-launcher.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { World } from './world.ts'

export type Controller = SimulatedNode<RunningController>

/** Something is awaited for so long, and then it does not come. */
export const AWAITED_MS = 4_000

export interface PlotMeans {
  readonly world: World
  readonly random: SeededRandom
}

export interface PlotPlace {
  readonly name: string
  readonly topic: string
  readonly index: number
  readonly state: () => PartitionImage | null
}

/** Of groups' offsets as often as of records. */
export function somePartition(
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
export function hasHeardFrom(
  world: World,
  { topic, index, state }: PlotPlace,
  brokerId: number,
): boolean {
  const { running } = world.cluster.brokers.get(state()?.leader ?? -1) ?? { running: null }
  const report = running?.inspection.replicas(topic).find(({ partition }) => partition === index)
  const follower = report?.followers.find(each => each.brokerId === brokerId)
  return follower !== undefined && follower.logEndOffset >= 0n
}

/** All are there, and one leads; not the one who did so before where `isAnother`. */
export async function someLeader(world: World, isAnother = false): Promise<Controller | null> {
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

/** What controllers say is flushed, so that they may lose their power. */
export function crash(random: SeededRandom, node: Controller): void {
  if (random.chance(0.4)) node.powerCut()
  else node.kill()
}

export function bounce(node: { kill(): void; start(): void }): void {
  node.kill()
  node.start()
}

export async function pass(world: World, ms: number): Promise<void> {
  if (ms > 0) await world.runUntil(() => false, ms)
}
