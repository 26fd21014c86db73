/** What must hold in a world that is healed, and once more after a clean stop and start of it. */
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import { apis } from './apis.ts'
import { difference } from './committed-metadata.ts'
import { imageText } from './image-comparison.ts'
import type { PartitionHistory } from './partition-history.ts'
import type { Inhabitants } from './run-seed.ts'
import { readWhole, type ReadRecord } from './simulated-reader.ts'
import { hold } from './violation.ts'
import { isExpected, type SimulatedClient, type World } from './world.ts'

const CHECK_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 60_000

interface Whole {
  readonly logStartOffset: bigint
  readonly endOffset: bigint
  readonly records: readonly ReadRecord[]
}

export async function verifyHealed(inhabitants: Inhabitants): Promise<void> {
  const { world } = inhabitants
  verifyImages(world)
  verifyTopics(inhabitants)
  const client = world.newClient('verifier')
  await world.runThrough(verifyRecords(world, client), 'reading everything', CHECK_LIMIT_MS)
  client.kill()
}

/** Stops everything cleanly, starts it again, and finds what was there. */
export async function verifyClosing(inhabitants: Inhabitants): Promise<void> {
  const { world, admin, producers, readers, groups } = inhabitants
  const { cluster } = world
  for (const each of [admin, ...producers, ...readers, ...groups]) each.close()
  const client = world.newClient('verifier')
  const before = await world.runThrough(verifyRecords(world, client), 'reading', CHECK_LIMIT_MS)
  client.kill()

  world.say('everything stops')
  await world.runThrough(cluster.stopAll(), 'stopping everything', STOP_LIMIT_MS)
  for (const { name, state } of cluster.nodes) hold(state === 'down', `${name} does not stop`)

  world.say('everything starts again')
  for (const node of cluster.nodes) node.start()
  hold(
    await world.runUntil(() => cluster.isOfOneMind, CHECK_LIMIT_MS),
    'the cluster does not start after a clean stop',
  )
  verifyImages(world)
  verifyTopics(inhabitants)
  const again = world.newClient('verifier')
  const after = await world.runThrough(verifyRecords(world, again), 'rereading', CHECK_LIMIT_MS)
  again.kill()
  for (const [partition, { endOffset, logStartOffset }] of before) {
    const now = after.get(partition)!
    // A replica that had not heard of the other's retention may lead now.
    const beginsRightly =
      partition.mayExpire ||
      (partition.deletionAsked
        ? now.logStartOffset >= logStartOffset
        : now.logStartOffset === logStartOffset)
    hold(
      now.endOffset === endOffset && beginsRightly,
      `${partition.name}: was [${logStartOffset}, ${endOffset}) before a clean stop, ` +
        `is [${now.logStartOffset}, ${now.endOffset})`,
    )
  }
}

/** Controller, brokers, and the metadata log on the disk say the same. */
function verifyImages(world: World): void {
  const { cluster } = world
  const controller = imageText(cluster.controllerImage())
  for (const [nodeId, { name }] of cluster.controllers) {
    const rebuilt = imageText(cluster.rebuiltImage(nodeId))
    hold(
      rebuilt === controller,
      `${name}: its metadata log amounts to another state than the active controller has: ` +
        difference(rebuilt, controller),
    )
  }
  for (const [brokerId, { running }] of cluster.brokers)
    hold(
      imageText(running!.image) === controller,
      `broker ${brokerId} knows another cluster than the controller`,
    )
}

/** What was acknowledged to the administrator is so. */
function verifyTopics({ world, admin }: Inhabitants): void {
  const image = world.cluster.controllerImage()
  for (const topic of world.topics.values()) {
    const found = image.topicsById.get(topic.topicId)
    hold(!topic.isDeleted || found === undefined, `${topic.name} was deleted and is there`)
    if (topic.deletionAsked) continue
    hold(found !== undefined, `${topic.name} was created and is not there`)
    hold(
      found.partitions.length >= topic.partitions.length,
      `${topic.name} has ${found.partitions.length} partitions, not ${topic.partitions.length}`,
    )
    for (const [name, value] of admin.configs.get(topic) ?? []) {
      if (value === null) continue
      const held = image.topicConfigs(topic.name).get(name) ?? '(default)'
      hold(held === value, `${topic.name}: ${name} is ${held}, was set to ${value}`)
    }
  }
}

async function verifyRecords(
  world: World,
  { client }: SimulatedClient,
): Promise<Map<PartitionHistory, Whole>> {
  const found = new Map<PartitionHistory, Whole>()
  for (const topic of world.liveTopics())
    for (const partition of topic.partitions) {
      const whole = await tryAgain(
        world,
        () => readWhole(world, client, partition),
        () => client.forget(),
      )
      partition.verifyWhole(whole)
      found.set(partition, whole)
    }
  await verifyCommits(world, client)
  return found
}

/** Retention may take away what is being read: read again, a few times. */
async function tryAgain<T>(world: World, work: () => Promise<T>, between: () => void): Promise<T> {
  for (let left = 20; ; left--)
    try {
      return await work()
    } catch (error) {
      if (!isExpected(error) || left === 0) throw error
      between()
      await world.time.sleep(500)
    }
}

async function verifyCommits(world: World, client: SimulatedClient['client']): Promise<void> {
  for (const group of world.groups.values())
    for (const topic of world.stableTopics())
      for (const partition of topic.partitions)
        await tryAgain(
          world,
          async () => {
            const learn = group.asks(partition.name)
            const offset = await committedOffset(client, group.groupId, partition)
            learn(offset)
          },
          () => client.forget(),
        )
}

async function committedOffset(
  client: SimulatedClient['client'],
  groupId: string,
  { topicId, topic, index, name }: PartitionHistory,
): Promise<bigint> {
  const answer = await client.request(
    { type: 'group-coordinator', groupId },
    apis.offsetFetch,
    { groups: [{ groupId, topics: [{ topicId, name: topic, partitionIndexes: [index] }] }] },
    { timeoutMs: 2_000 },
  )
  const group = answer.groups[0]!
  const found = group.topics[0]?.partitions[0]
  const error = errorName(group.errorCode === 0 ? (found?.errorCode ?? -1) : group.errorCode)
  if (found === undefined || error !== 'NONE') throw new KafkaError(error, name)
  return found.committedOffset
}
