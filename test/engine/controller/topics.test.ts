import { describe, expect, test } from 'vitest'
import { listConfigResources } from '../../../engine/controller/list-config-resources.ts'
import { autoCreatedTopic } from '../../../engine/controller/auto-created-topic.ts'
import { brokerSettings, noBrokerConfigs } from '../../../engine/config/settings.ts'
import { engineBrokerConfigs } from '../../../engine/config/broker-configs.ts'
import { errorName, type ErrorName } from '../../../engine/protocol/errors.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'
import { ControlledCluster } from './controlled-cluster.ts'

const cluster = (configs: Readonly<Record<string, string>> = {}) =>
  new ControlledCluster(configs).startBrokers(1, 2)

interface Given {
  readonly name?: string | null
  readonly topicId?: string
}

function remove(some: ControlledCluster, topics: readonly Given[], apiVersion = 6) {
  const { responses } = some.done(
    some.controller.handleDeleteTopics(
      {
        topics: topics.map(({ name = null, topicId = ZERO_UUID }) => ({ name, topicId })),
        topicNames: topics.map(({ name }) => name ?? ''),
        timeoutMs: 0,
      },
      some.context(apiVersion),
    ),
  )
  return responses.map(({ name, errorCode }) => [name, errorName(errorCode)])
}

const topicIdOf = (some: ControlledCluster, name: string): string =>
  some.controller.image.topicsByName.get(name)!.topicId

describe('DeleteTopics', () => {
  test('a topic is deleted by its name or by its id', () => {
    const some = cluster()
    some.createTopics(['one', 'two', 'three'])
    const topicId = topicIdOf(some, 'two')
    expect(remove(some, [{ name: 'one' }, { topicId }])).toEqual([
      ['one', 'NONE'],
      ['two', 'NONE'],
    ])
    expect([...some.controller.image.topicsByName.keys()]).toEqual(['three'])
    expect(some.controller.image.topicsById.has(topicId)).toBe(false)
    expect(some.controller.image.partitionCount).toBe(1)
  })

  test('versions before 6 give names alone', () => {
    const some = cluster()
    some.create('one')
    expect(remove(some, [{ name: 'one' }], 5)).toEqual([['one', 'NONE']])
  })

  test('what does not exist is said so, by name and by id', () => {
    const some = cluster()
    some.create('one')
    const topicId = 'QAAAAAAAAAAAAAAAAAAAAA'
    expect(remove(some, [{ name: 'none' }, { topicId }, { name: 'one' }, {}])).toEqual([
      ['none', 'UNKNOWN_TOPIC_OR_PARTITION'],
      [null, 'UNKNOWN_TOPIC_ID'],
      ['one', 'NONE'],
      [null, 'INVALID_REQUEST'],
    ])
  })

  test('a topic given twice, or by name and id, stays', () => {
    const some = cluster()
    some.createTopics(['one', 'two', 'three'])
    const one = { topicId: topicIdOf(some, 'one') }
    const both = { name: 'three', topicId: topicIdOf(some, 'three') }
    expect(remove(some, [{ name: 'one' }, one, { name: 'two' }, { name: 'two' }, both])).toEqual([
      ['one', 'INVALID_REQUEST'],
      [null, 'INVALID_REQUEST'],
      ['two', 'INVALID_REQUEST'],
      ['three', 'INVALID_REQUEST'],
    ])
    expect(some.controller.image.topicsByName.size).toBe(3)
  })

  test.each<[number, ErrorName]>([
    [6, 'TOPIC_DELETION_DISABLED'],
    [3, 'TOPIC_DELETION_DISABLED'],
    [2, 'INVALID_REQUEST'],
  ])('while deletion is switched off, version %i is answered with %s', (apiVersion, error) => {
    const some = cluster({ 'delete.topic.enable': 'false' })
    some.create('one')
    expect(remove(some, [{ name: 'one' }], apiVersion)).toEqual([['one', error]])
    expect(some.controller.image.topicsByName.size).toBe(1)
  })
})

function grow(
  some: ControlledCluster,
  topics: readonly { name: string; count: number; assignments?: readonly (readonly number[])[] }[],
  validateOnly = false,
) {
  const { results } = some.done(
    some.controller.handleCreatePartitions({
      topics: topics.map(({ name, count, assignments }) => ({
        name,
        count,
        assignments: assignments?.map(brokerIds => ({ brokerIds })) ?? null,
      })),
      timeoutMs: 0,
      validateOnly,
    }),
  )
  return results.map(({ errorCode }) => errorName(errorCode))
}

describe('CreatePartitions', () => {
  test('new partitions come after the old, which stay as they are', () => {
    const some = cluster()
    some.create({ name: 'orders', numPartitions: 2 })
    const before = [...some.controller.image.topicsByName.get('orders')!.partitions]
    expect(grow(some, [{ name: 'orders', count: 5 }])).toEqual(['NONE'])
    const { partitions } = some.controller.image.topicsByName.get('orders')!
    expect(partitions.slice(0, 2)).toEqual(before)
    expect(partitions.length).toBe(5)
    for (const { leader, isr } of partitions) expect(isr).toEqual([leader])
  })

  test('an assignment by hand is followed', () => {
    const some = cluster()
    some.create('orders')
    expect(grow(some, [{ name: 'orders', count: 3, assignments: [[2], [1]] }])).toEqual(['NONE'])
    expect(some.partition('orders', 1).replicas).toEqual([2])
    expect(some.partition('orders', 2).replicas).toEqual([1])
  })

  test.each<[{ count: number; assignments?: number[][] }, ErrorName]>([
    [{ count: 2 }, 'INVALID_PARTITIONS'],
    [{ count: 1 }, 'INVALID_PARTITIONS'],
    [{ count: 0 }, 'INVALID_PARTITIONS'],
    [{ count: -1 }, 'INVALID_PARTITIONS'],
    [{ count: 10_003 }, 'POLICY_VIOLATION'],
    [{ count: 4, assignments: [[1]] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ count: 3, assignments: [[1], [1]] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ count: 3, assignments: [[9]] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ count: 3, assignments: [[1, 2]] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ count: 3, assignments: [[]] }, 'INVALID_REPLICA_ASSIGNMENT'],
  ])('of a topic with two partitions, %j is answered with %s', (wanted, error) => {
    const some = cluster()
    some.create({ name: 'orders', numPartitions: 2 })
    expect(grow(some, [{ name: 'orders', ...wanted }])).toEqual([error])
    expect(some.controller.image.partitionCount).toBe(2)
  })

  test('a bad topic leaves its neighbours alone, and validating changes nothing', () => {
    const some = cluster()
    some.createTopics(['one', 'two'])
    const wanted = [
      { name: 'none', count: 2 },
      { name: 'one', count: 2 },
      { name: 'two', count: 2 },
      { name: 'two', count: 3 },
    ]
    const expected = ['UNKNOWN_TOPIC_OR_PARTITION', 'NONE', 'INVALID_REQUEST']
    expect(grow(some, wanted, true)).toEqual(expected)
    expect(some.controller.image.partitionCount).toBe(2)
    expect(grow(some, wanted)).toEqual(expected)
    expect(some.controller.image.partitionCount).toBe(3)
  })
})

describe('AllocateProducerIds', () => {
  test('every block follows the one before, whoever asks', () => {
    const some = cluster()
    const allocate = (brokerId: number) => {
      const { brokerEpoch } = some.controller.image.brokers.get(brokerId)!
      return some.done(some.controller.handleAllocateProducerIds({ brokerId, brokerEpoch }))
    }
    const answer = { throttleTimeMs: 0, errorCode: 0, producerIdLen: 1000 }
    expect(allocate(1)).toEqual({ ...answer, producerIdStart: 0n })
    expect(allocate(2)).toEqual({ ...answer, producerIdStart: 1000n })
    some.controller = some.replayed()
    expect(allocate(1)).toEqual({ ...answer, producerIdStart: 2000n })
  })

  test('a broker of another epoch gets none', () => {
    const some = cluster()
    const request = { brokerId: 1, brokerEpoch: 0n }
    const { errorCode } = some.done(some.controller.handleAllocateProducerIds(request))
    expect(errorName(errorCode)).toBe('STALE_BROKER_EPOCH')
    expect(some.controller.image.nextProducerId).toBe(0n)
  })
})

describe('ListConfigResources', () => {
  const list = (some: ControlledCluster, resourceTypes: readonly number[], apiVersion = 1) =>
    listConfigResources(some.controller.image, { resourceTypes }, apiVersion)

  test('no type stands for all of them', () => {
    const some = cluster()
    some.create('orders')
    expect(list(some, []).configResources).toEqual([
      { resourceName: '1', resourceType: 8 },
      { resourceName: '2', resourceType: 8 },
      { resourceName: '1', resourceType: 4 },
      { resourceName: '2', resourceType: 4 },
      { resourceName: 'orders', resourceType: 2 },
    ])
    expect(list(some, [2]).configResources).toEqual([{ resourceName: 'orders', resourceType: 2 }])
  })

  test('version 0 asks for client metrics, of which there are none', () => {
    expect(list(cluster(), [], 0)).toEqual({ throttleTimeMs: 0, errorCode: 0, configResources: [] })
  })

  test('a type that does not exist is an unsupported version', () => {
    expect(errorName(list(cluster(), [3]).errorCode)).toBe('UNSUPPORTED_VERSION')
  })
})

describe('automatic creation', () => {
  const layers = { ...noBrokerConfigs, staticBroker: new Map(Object.entries(engineBrokerConfigs)) }

  test('__consumer_offsets is compacted, in fifty partitions with small segments', () => {
    const some = cluster()
    const topic = autoCreatedTopic('__consumer_offsets', brokerSettings(layers))
    expect(some.create(topic)).toBe('NONE')
    expect(some.controller.image.topicsByName.get(topic.name)!.partitions.length).toBe(50)
    expect(Object.fromEntries(some.controller.image.topicConfigs(topic.name))).toEqual({
      'cleanup.policy': 'compact',
      'compression.type': 'producer',
      'segment.bytes': '104857600',
    })
  })

  test('any other topic is as the defaults say', () => {
    const some = cluster({ 'num.partitions': '3' })
    expect(some.create(autoCreatedTopic('orders', brokerSettings(layers)))).toBe('NONE')
    expect(some.controller.image.topicsByName.get('orders')!.partitions.length).toBe(3)
  })
})
