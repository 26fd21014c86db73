import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'
import { ControlledCluster, directory } from './controlled-cluster.ts'

const cluster = (configs: Readonly<Record<string, string>> = {}) =>
  new ControlledCluster(configs).startBrokers(1, 2, 3)

describe('CreateTopics', () => {
  test('a created topic has its partitions led by their only replica', () => {
    const some = cluster()
    const { topics } = some.createTopics([{ name: 'orders', numPartitions: 3 }])
    const topic = some.controller.image.topicsByName.get('orders')!
    expect(topics[0]).toMatchObject({
      name: 'orders',
      topicId: topic.topicId,
      errorCode: 0,
      errorMessage: null,
      numPartitions: 3,
      replicationFactor: 1,
    })
    for (const partition of topic.partitions) {
      const [leader] = partition.replicas
      expect(partition).toEqual({
        replicas: [leader],
        isr: [leader],
        removingReplicas: [],
        addingReplicas: [],
        leader,
        leaderRecoveryState: 0,
        leaderEpoch: 0,
        partitionEpoch: 0,
        directories: [directory(leader!)],
        eligibleLeaderReplicas: [],
        lastKnownElr: [],
      })
    }
  })

  test('partitions are spread evenly over the brokers that are not fenced', () => {
    const some = cluster()
    some.heartbeat(2, { wantFence: true })
    some.create({ name: 'spread', numPartitions: 10 })
    const leaders = some.controller.image.topicsByName.get('spread')!.partitions.map(p => p.leader)
    expect([1, 2, 3].map(id => leaders.filter(leader => leader === id).length)).toEqual([5, 0, 5])
  })

  test('topics do not all begin at the same broker', () => {
    const some = cluster()
    for (let topic = 0; topic < 60; topic++) some.create(`t${topic}`)
    const first = [...some.controller.image.topicsByName.values()].map(t => t.partitions[0]!.leader)
    for (const id of [1, 2, 3])
      expect(first.filter(leader => leader === id).length).toBeGreaterThan(8)
  })

  test.each([
    ['', 'INVALID_TOPIC_EXCEPTION'],
    ['.', 'INVALID_TOPIC_EXCEPTION'],
    ['..', 'INVALID_TOPIC_EXCEPTION'],
    ['with space', 'INVALID_TOPIC_EXCEPTION'],
    ['ümlaut', 'INVALID_TOPIC_EXCEPTION'],
    ['x'.repeat(250), 'INVALID_TOPIC_EXCEPTION'],
    ['x'.repeat(249), 'NONE'],
    ['...', 'NONE'],
    ['A-z_0.9', 'NONE'],
    ['__cluster_metadata', 'INVALID_REQUEST'],
    ['__consumer_offsets', 'NONE'],
  ] as const)('the name %j is answered with %s', (name, error) => {
    expect(cluster().create(name)).toBe(error)
  })

  test("names that differ only in '.' and '_' collide, also within one request", () => {
    const some = cluster()
    some.create('a.b')
    const { topics } = some.createTopics(['a_b', 'a.b', 'x_y', 'x.y', 'ab'])
    expect(topics.map(topic => errorName(topic.errorCode))).toEqual([
      'INVALID_TOPIC_EXCEPTION',
      'TOPIC_ALREADY_EXISTS',
      'NONE',
      'INVALID_TOPIC_EXCEPTION',
      'NONE',
    ])
    expect(topics[0]!.errorMessage).toContain("collides with topic 'a.b'")
  })

  test('a deleted topic no longer collides', () => {
    const some = cluster()
    some.create('a.b')
    const request = { topics: [{ name: 'a.b', topicId: ZERO_UUID }], topicNames: [], timeoutMs: 0 }
    some.done(some.controller.handleDeleteTopics(request, some.context(6)))
    expect(some.create('a_b')).toBe('NONE')
  })

  test('a bad topic leaves its neighbours alone', () => {
    const some = cluster()
    const { topics } = some.createTopics(['good', 'not good', { name: 'better', numPartitions: 2 }])
    expect(topics.map(topic => errorName(topic.errorCode))).toEqual([
      'NONE',
      'INVALID_TOPIC_EXCEPTION',
      'NONE',
    ])
    expect([...some.controller.image.topicsByName.keys()]).toEqual(['good', 'better'])
  })

  test('a name given twice is refused once, and created not at all', () => {
    const some = cluster()
    const { topics } = some.createTopics(['twice', 'once', 'twice'])
    expect(topics.map(topic => [topic.name, errorName(topic.errorCode)])).toEqual([
      ['twice', 'INVALID_REQUEST'],
      ['once', 'NONE'],
    ])
    expect([...some.controller.image.topicsByName.keys()]).toEqual(['once'])
  })

  test.each([
    [{ numPartitions: 0 }, 'INVALID_PARTITIONS'],
    [{ numPartitions: -2 }, 'INVALID_PARTITIONS'],
    [{ replicationFactor: 0 }, 'INVALID_REPLICATION_FACTOR'],
    [{ replicationFactor: -2 }, 'INVALID_REPLICATION_FACTOR'],
    [{ replicationFactor: 4 }, 'INVALID_REPLICATION_FACTOR'],
    [{ numPartitions: 10_001 }, 'POLICY_VIOLATION'],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [7] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ assignments: [{ partitionIndex: 1, brokerIds: [1] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }] }, 'NONE'],
    [{ replicationFactor: 3 }, 'NONE'],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [2] }] }, 'NONE'],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [2] }], numPartitions: 1 }, 'INVALID_REQUEST'],
    [{ configs: [{ name: 'no.such', value: '1' }] }, 'INVALID_CONFIG'],
    [{ configs: [{ name: 'retention.ms', value: '-2' }] }, 'INVALID_CONFIG'],
    [{ configs: [{ name: 'retention.ms', value: null }] }, 'INVALID_CONFIG'],
    [{ configs: [{ name: 'retention.ms', value: '-1' }] }, 'NONE'],
  ] as const)('%j is answered with %s', (wanted, error) => {
    const some = cluster()
    expect(some.create({ name: 'topic', ...wanted })).toBe(error)
    expect(some.controller.image.topicsByName.has('topic')).toBe(error === 'NONE')
  })

  test('more replicas than brokers are refused with the reason', () => {
    const { topics } = cluster().createTopics([{ name: 'safe', replicationFactor: 4 }])
    expect(topics[0]!.errorMessage).toBe(
      'replication factor 4 needs as many brokers, and 3 can take replicas',
    )
  })

  test('who is away when a partition is created is no member of its ISR', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.register(3)
    expect(some.create({ name: 'safe', replicationFactor: 3 })).toBe('NONE')
    const { replicas, isr, leader } = some.partition('safe')
    expect(replicas[2]).toBe(3)
    expect(isr).toEqual(replicas.slice(0, 2))
    expect(leader).toBe(isr[0])
    some.heartbeat(3)
    expect(some.altered('safe', [...isr, 3])).toBe('NONE')
  })

  test('racks share out the replicas of each partition', () => {
    const some = new ControlledCluster()
    for (const brokerId of [1, 2, 3, 4]) {
      some.register(brokerId, { rack: brokerId <= 2 ? 'left' : 'right' })
      some.heartbeat(brokerId)
    }
    some.create({ name: 'spread', numPartitions: 12, replicationFactor: 2 })
    const { partitions } = some.controller.image.topicsByName.get('spread')!
    for (const { replicas } of partitions) expect(replicas.filter(id => id <= 2).length).toBe(1)
  })

  test("-1 stands for the brokers' defaults", () => {
    const some = cluster({ 'num.partitions': '4' })
    const { topics } = some.createTopics([
      { name: 'default', numPartitions: -1, replicationFactor: -1 },
    ])
    expect(topics[0]).toMatchObject({ errorCode: 0, numPartitions: 4, replicationFactor: 1 })
  })

  test('without a broker that may lead, nothing is created', () => {
    const some = new ControlledCluster()
    some.register(1)
    const { topics } = some.createTopics(['early'])
    expect(topics[0]).toMatchObject({ errorMessage: 'every broker is fenced or shutting down' })
    expect(errorName(topics[0]!.errorCode)).toBe('INVALID_REPLICATION_FACTOR')
  })

  test('a request that only validates answers the same and changes nothing', () => {
    const some = cluster()
    const { topics } = some.createTopics(['maybe', 'not good'], true)
    expect(topics.map(topic => errorName(topic.errorCode))).toEqual([
      'NONE',
      'INVALID_TOPIC_EXCEPTION',
    ])
    expect(some.controller.image.topicsByName.size).toBe(0)
  })

  test('the answer lists every configuration, with those of the request as its own', () => {
    const { topics } = cluster({ 'log.segment.bytes': '2000000' }).createTopics([
      { name: 'topic', configs: [{ name: 'retention.ms', value: '1000' }] },
    ])
    const configs = topics[0]!.configs!
    expect(configs.find(config => config.name === 'retention.ms')).toEqual({
      name: 'retention.ms',
      value: '1000',
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    })
    expect(configs.find(config => config.name === 'segment.bytes')).toMatchObject({
      value: '2000000',
      configSource: 4,
    })
  })

  test('ten thousand topics stand side by side, five hundred to a request', () => {
    const some = cluster()
    for (let first = 0; first < 10_000; first += 500)
      some.createTopics(Array.from({ length: 500 }, (_, index) => `topic.${first + index}`))
    expect(some.controller.image.topicsByName.size).toBe(10_000)
  })
})
