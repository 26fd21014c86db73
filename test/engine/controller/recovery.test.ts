import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MetadataImage } from '../../../engine/controller/metadata-image.ts'
import type { PartitionImage } from '../../../engine/controller/image-entries.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'
import { ControlledCluster, creatable, incarnation } from './controlled-cluster.ts'

const brokerId = fc.integer({ min: 1, max: 3 })
/** Few names, so that they meet again; some collide, and one is illegal. */
const name = fc.constantFrom('a', 'a.b', 'a_b', 'no name')

/** What the world may do next, kept free of state so that a failing run shrinks well. */
const move = fc.oneof(
  fc.record({
    kind: fc.constant('register' as const),
    brokerId,
    run: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({
    kind: fc.constant('heartbeat' as const),
    brokerId,
    wantFence: fc.boolean(),
    wantShutDown: fc.boolean(),
    behind: fc.bigInt(0n, 6n),
  }),
  fc.record({ kind: fc.constant('heartbeat well' as const), brokerId }),
  fc.record({ kind: fc.constant('unregister' as const), brokerId }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12_000 }) }),
  fc.record({
    kind: fc.constant('create' as const),
    topics: fc.array(fc.record({ name, numPartitions: fc.constantFrom(-1, 0, 1, 2, 3, 4) }), {
      minLength: 1,
      maxLength: 3,
    }),
    validateOnly: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('delete' as const), names: fc.array(name, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('grow' as const),
    name,
    count: fc.integer({ min: 0, max: 8 }),
    assignment: fc.option(fc.array(brokerId, { maxLength: 4 })),
  }),
  fc.record({
    kind: fc.constant('configure' as const),
    resource: fc.oneof(
      fc.record({ resourceType: fc.constant(2), resourceName: name }),
      fc.record({ resourceType: fc.constant(4), resourceName: fc.constantFrom('', '1', '9') }),
    ),
    operation: fc.integer({ min: 0, max: 4 }),
    key: fc.constantFrom('retention.ms', 'cleanup.policy', 'log.retention.ms'),
    value: fc.option(fc.constantFrom('1', 'compact', 'x')),
  }),
  fc.record({ kind: fc.constant('take producer ids' as const), brokerId }),
  fc.record({ kind: fc.constant('another controller' as const) }),
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

describe('Controller', () => {
  test('whatever is asked of it, its image stays sound and is what the log says', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80, size: 'max' }), moves => {
        const some = new ControlledCluster().startBrokers(1, 2)
        const before = new Map<string, PartitionImage>()
        for (const next of moves) {
          make(some, next)
          expectSound(some.controller.image, before)
        }
        expect(contentOf(some.replayed().image)).toEqual(contentOf(some.controller.image))
      }),
      { numRuns: 150 },
    )
  })
})

function make(some: ControlledCluster, next: Move): void {
  const { controller } = some
  switch (next.kind) {
    case 'register':
      some.register(next.brokerId, { incarnationId: incarnation(next.brokerId, next.run) })
      break
    case 'heartbeat':
      some.heartbeat(next.brokerId, {
        wantFence: next.wantFence,
        wantShutDown: next.wantShutDown,
        currentMetadataOffset: BigInt(some.log.length - 1) - next.behind,
      })
      break
    case 'heartbeat well':
      some.heartbeat(next.brokerId)
      break
    case 'unregister':
      some.done(controller.handleUnregisterBroker({ brokerId: next.brokerId }))
      break
    case 'wait':
      some.nowMs += next.ms
      some.tick()
      break
    case 'create':
      some.createTopics(next.topics.map(creatable), next.validateOnly)
      break
    case 'delete': {
      const topics = next.names.map(name => ({ name, topicId: ZERO_UUID }))
      const request = { topics, topicNames: [], timeoutMs: 0 }
      some.done(controller.handleDeleteTopics(request, some.context(6)))
      break
    }
    case 'grow': {
      const assignments = next.assignment?.map(id => ({ brokerIds: [id] })) ?? null
      const topics = [{ name: next.name, count: next.count, assignments }]
      some.done(controller.handleCreatePartitions({ topics, timeoutMs: 0, validateOnly: false }))
      break
    }
    case 'configure': {
      const configs = [{ name: next.key, configOperation: next.operation, value: next.value }]
      const resources = [{ ...next.resource, configs }]
      some.done(controller.handleIncrementalAlterConfigs({ resources, validateOnly: false }))
      break
    }
    case 'take producer ids': {
      const { brokerEpoch = 0n } = controller.image.brokers.get(next.brokerId) ?? {}
      const request = { brokerId: next.brokerId, brokerEpoch }
      some.done(controller.handleAllocateProducerIds(request))
      break
    }
    case 'another controller':
      some.controller = some.replayed()
      some.controller.activate(some.nowMs)
  }
}

/** Written apart from the code under test, so that the two can disagree. */
function expectSound(image: MetadataImage, before: Map<string, PartitionImage>): void {
  expect(image.topicsByName.size).toBe(image.topicsById.size)
  const metricNames = [...image.topicsByName.keys()].map(each => each.replaceAll('.', '_'))
  expect(new Set(metricNames).size).toBe(metricNames.length)
  let partitionCount = 0
  for (const [topicId, topic] of image.topicsById) {
    expect(image.topicsByName.get(topic.name)).toBe(topic)
    expect(topic.partitions.length).toBeGreaterThan(0)
    for (const [index, partition] of topic.partitions.entries()) {
      partitionCount++
      expectSoundPartition(image, partition)
      const key = `${topicId} ${index}`
      expectForward(before.get(key), partition)
      before.set(key, partition)
    }
  }
  expect(image.partitionCount).toBe(partitionCount)
  for (const name of image.configuredResources(2)) expect(image.topicsByName.has(name)).toBe(true)
}

function expectSoundPartition(image: MetadataImage, partition: PartitionImage): void {
  const { replicas, isr, leader, eligibleLeaderReplicas, lastKnownElr } = partition
  expect(replicas.length).toBe(1)
  for (const id of [...isr, ...eligibleLeaderReplicas, ...lastKnownElr])
    expect(replicas).toContain(id)
  const alive = (id: number): boolean => {
    const broker = image.brokers.get(id)
    return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
  }
  if (leader === -1) expect(replicas.some(alive)).toBe(false)
  else expect(isr.includes(leader) && alive(leader)).toBe(true)
}

function expectForward(before: PartitionImage | undefined, after: PartitionImage): void {
  if (before === undefined || before === after) return
  if (after.partitionEpoch === before.partitionEpoch) expect(after).toEqual(before)
  expect(after.partitionEpoch).toBeGreaterThanOrEqual(before.partitionEpoch)
  expect(after.leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch)
  if (after.leader !== before.leader) expect(after.leaderEpoch).toBeGreaterThan(before.leaderEpoch)
}

function contentOf(image: MetadataImage): unknown {
  return {
    brokers: image.brokers,
    topics: image.topicsById,
    configs: [2, 4, 32].map(type =>
      image.configuredResources(type).map(each => [each, image.configs(type, each)]),
    ),
    features: image.features,
    nextProducerId: image.nextProducerId,
    lastOffset: image.lastOffset,
  }
}
