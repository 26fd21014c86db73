/**
 * Whatever brokers, leaders and people do in whatever order, every partition keeps its rules, and
 * the metadata log alone gives the same partitions again.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_LEADER, type PartitionImage } from '../../../engine/controller/image-entries.ts'
import { ControlledCluster } from './controlled-cluster.ts'

const brokerIds = [1, 2, 3, 4]
const names = ['one', 'two', 'three'] as const
type Name = (typeof names)[number]

type Move = (some: ControlledCluster) => void

const anyBroker = fc.constantFrom(...brokerIds)
const anyName = fc.constantFrom(...names)
const anyBrokers = fc.shuffledSubarray(brokerIds, { minLength: 1 })

const exists = (some: ControlledCluster, name: string): boolean =>
  some.controller.image.topicsByName.has(name)
const registered = (some: ControlledCluster, id: number): boolean =>
  some.controller.image.brokers.has(id)

const onTopic = (name: Name, move: Move): Move => {
  return some => {
    if (exists(some, name)) move(some)
  }
}
const onBroker = (id: number, move: Move): Move => {
  return some => {
    if (registered(some, id)) move(some)
  }
}

const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.tuple(anyName, anyBrokers, fc.constantFrom('1', '2', '3')).map(([name, ids, minIsr]) => {
    return (some: ControlledCluster) => {
      const assignments = [{ partitionIndex: 0, brokerIds: ids }]
      const configs = [{ name: 'min.insync.replicas', value: minIsr }]
      some.create({ name, assignments, configs })
    }
  }),
  anyBroker.map(id => onBroker(id, some => some.lose(id))),
  anyBroker.map(id => onBroker(id, some => some.heartbeat(id))),
  anyBroker.map(id => onBroker(id, some => some.heartbeat(id, { wantShutDown: true }))),
  fc.tuple(anyBroker, fc.constantFrom('clean' as const, 'unclean' as const)).map(([id, after]) =>
    onBroker(id, some => {
      some.nowMs += 9000
      some.restart(id, after)
    }),
  ),
  anyBroker.map(id => (some: ControlledCluster) => {
    if (registered(some, id)) some.done(some.controller.handleUnregisterBroker({ brokerId: id }))
    else some.register(id)
  }),
  fc.tuple(anyName, anyBrokers, fc.boolean()).map(([name, isr, own]) =>
    onTopic(name, some => {
      const { leader } = some.partition(name)
      some.alterPartition(name, own ? [leader, ...isr.filter(id => id !== leader)] : isr)
    }),
  ),
  fc
    .tuple(anyName, fc.option(anyBrokers))
    .map(([name, replicas]) => onTopic(name, some => some.reassign(name, replicas))),
  fc
    .tuple(anyName, fc.constantFrom(0, 1))
    .map(([name, type]) => onTopic(name, some => some.elect(name, type))),
  fc.tuple(anyName, fc.constantFrom('true', 'false')).map(([name, value]) =>
    onTopic(name, some => {
      some.configure(name, 'unclean.leader.election.enable', value)
    }),
  ),
  fc.tuple(anyName, fc.constantFrom('1', '2')).map(([name, value]) =>
    onTopic(name, some => {
      some.configure(name, 'min.insync.replicas', value)
    }),
  ),
  fc.constantFrom(0, 1).map(level => (some: ControlledCluster) => {
    some.updateFeature('eligible.leader.replicas.version', level, level === 0 ? 2 : 1)
  }),
  fc.constant((some: ControlledCluster) => {
    some.nowMs += 300_000
    for (const { brokerId, fenced } of some.controller.image.brokers.values())
      if (!fenced) some.heartbeat(brokerId)
    some.tick()
  }),
)

function all(some: ControlledCluster): ReadonlyMap<string, PartitionImage> {
  const topics = some.controller.image.topicsById.values()
  return new Map([...topics].map(topic => [topic.topicId, topic.partitions[0]!]))
}

function checkPartition(some: ControlledCluster, partition: PartitionImage): void {
  const { leader, isr, replicas, eligibleLeaderReplicas, lastKnownElr } = partition
  expect(replicas.length).toBeGreaterThan(0)
  expect(new Set(replicas).size).toBe(replicas.length)
  expect(partition.directories.length).toBe(replicas.length)
  expect(new Set(isr).size).toBe(isr.length)
  expect(replicas).toEqual(expect.arrayContaining([...isr]))
  expect(isr.filter(id => eligibleLeaderReplicas.includes(id))).toEqual([])
  expect(replicas).toEqual(expect.arrayContaining([...eligibleLeaderReplicas]))
  expect(isr.length + eligibleLeaderReplicas.length + lastKnownElr.length).toBeGreaterThan(0)
  expect(replicas).toEqual(expect.arrayContaining([...partition.addingReplicas]))
  expect(replicas).toEqual(expect.arrayContaining([...partition.removingReplicas]))
  if (leader === NO_LEADER) return
  expect(isr).toContain(leader)
  expect(some.controller.image.brokers.get(leader)).toMatchObject({
    fenced: false,
    inControlledShutdown: false,
  })
}

function checkStep(before: PartitionImage, after: PartitionImage): void {
  if (before === after) return
  const { leaderEpoch, partitionEpoch, leader } = after
  expect(partitionEpoch).toBeGreaterThan(before.partitionEpoch)
  expect(leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch)
  if (leader !== before.leader) expect(leaderEpoch).toBeGreaterThan(before.leaderEpoch)
}

test('partitions keep their rules through any series of moves, and replay gives them again', () => {
  const series = fc.array(moves, { minLength: 5, maxLength: 40 })
  fc.assert(
    fc.property(series, steps => {
      const some = new ControlledCluster().startBrokers(...brokerIds)
      some.createOn('one', [1, 2, 3], { 'min.insync.replicas': '2' })
      for (const step of steps) {
        const before = all(some)
        step(some)
        for (const [topicId, partition] of all(some)) {
          checkPartition(some, partition)
          const former = before.get(topicId)
          if (former !== undefined) checkStep(former, partition)
        }
      }
      const replayed = some.replayed()
      expect(replayed.image.topicsById).toEqual(some.controller.image.topicsById)
      expect(replayed.image.brokers).toEqual(some.controller.image.brokers)
    }),
    { numRuns: 300 },
  )
})
