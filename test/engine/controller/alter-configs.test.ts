import { describe, expect, test } from 'vitest'
import { errorName, type ErrorName } from '../../../engine/protocol/errors.ts'
import { configOperations } from '../../../engine/controller/alter-configs.ts'
import { ControlledCluster } from './controlled-cluster.ts'

const { SET, DELETE, APPEND, SUBTRACT } = configOperations
const TOPIC = 2
const BROKER = 4
const GROUP = 32

type Change = readonly [operation: number, name: string, value: string | null]

function alter(
  some: ControlledCluster,
  resource: readonly [number, string],
  changes: readonly Change[],
  validateOnly = false,
): ErrorName {
  const [resourceType, resourceName] = resource
  const configs = changes.map(([configOperation, name, value]) => ({
    name,
    configOperation,
    value,
  }))
  const response = some.done(
    some.controller.handleIncrementalAlterConfigs({
      resources: [{ resourceType, resourceName, configs }],
      validateOnly,
    }),
  )
  return errorName(response.responses[0]!.errorCode)
}

function cluster(): ControlledCluster {
  const some = new ControlledCluster().startBrokers(1)
  some.create('orders')
  return some
}

const configsOf = (some: ControlledCluster) =>
  Object.fromEntries(some.controller.image.topicConfigs('orders'))

describe('IncrementalAlterConfigs', () => {
  test('sets, replaces and deletes', () => {
    const some = cluster()
    alter(
      some,
      [TOPIC, 'orders'],
      [
        [SET, 'retention.ms', '1'],
        [SET, 'segment.ms', '2'],
      ],
    )
    alter(
      some,
      [TOPIC, 'orders'],
      [
        [SET, 'retention.ms', '3'],
        [DELETE, 'segment.ms', null],
      ],
    )
    expect(configsOf(some)).toEqual({ 'retention.ms': '3' })
  })

  test('adds to a list, from its default on, and takes away from it', () => {
    const some = cluster()
    alter(some, [TOPIC, 'orders'], [[APPEND, 'cleanup.policy', 'compact']])
    expect(configsOf(some)).toEqual({ 'cleanup.policy': 'delete,compact' })
    alter(some, [TOPIC, 'orders'], [[APPEND, 'cleanup.policy', 'compact']])
    expect(configsOf(some)).toEqual({ 'cleanup.policy': 'delete,compact' })
    alter(some, [TOPIC, 'orders'], [[SUBTRACT, 'cleanup.policy', 'delete']])
    expect(configsOf(some)).toEqual({ 'cleanup.policy': 'compact' })
  })

  test('writes no record for what is so already', () => {
    const some = cluster()
    alter(some, [TOPIC, 'orders'], [[SET, 'retention.ms', '1']])
    const length = some.log.length
    alter(
      some,
      [TOPIC, 'orders'],
      [
        [SET, 'retention.ms', '1'],
        [DELETE, 'segment.ms', null],
      ],
    )
    expect(some.log.length).toBe(length)
  })

  test.each<[readonly [number, string], Change, ErrorName]>([
    [[TOPIC, 'nope'], [SET, 'retention.ms', '1'], 'UNKNOWN_TOPIC_OR_PARTITION'],
    [[TOPIC, ''], [SET, 'retention.ms', '1'], 'INVALID_REQUEST'],
    [[TOPIC, 'orders'], [SET, 'no.such', '1'], 'INVALID_CONFIG'],
    [[TOPIC, 'orders'], [SET, 'retention.ms', null], 'INVALID_REQUEST'],
    [[TOPIC, 'orders'], [SET, 'retention.ms', '-5'], 'INVALID_CONFIG'],
    [[TOPIC, 'orders'], [DELETE, 'no.such', null], 'NONE'],
    [[TOPIC, 'orders'], [APPEND, 'retention.ms', '1'], 'INVALID_CONFIG'],
    [[TOPIC, 'orders'], [APPEND, 'cleanup.policy', 'foo'], 'INVALID_CONFIG'],
    [[TOPIC, 'orders'], [SUBTRACT, 'cleanup.policy', 'foo'], 'NONE'],
    [[TOPIC, 'orders'], [SET, 'min.insync.replicas', '5'], 'NONE'],
    [[TOPIC, 'orders'], [SET, 'remote.storage.enable', 'true'], 'INVALID_CONFIG'],
    [[TOPIC, 'orders'], [9, 'retention.ms', '1'], 'INVALID_REQUEST'],
    [[BROKER, '1'], [SET, 'node.id', '3'], 'INVALID_REQUEST'],
    [[BROKER, '1'], [SET, 'log.retention.ms', '300000'], 'NONE'],
    [[BROKER, '1'], [SET, 'log.retention.ms', 'abc'], 'INVALID_REQUEST'],
    [[BROKER, '1'], [SET, 'plugin.knows', 'abc'], 'NONE'],
    [[BROKER, ''], [SET, 'log.retention.ms', '400000'], 'NONE'],
    [[BROKER, ''], [SET, 'log.retention.hours', '4'], 'INVALID_REQUEST'],
    [[BROKER, ''], [SET, 'message.max.bytes', '-4'], 'INVALID_REQUEST'],
    [[BROKER, ''], [SET, 'listeners', 'PLAINTEXT://:1'], 'INVALID_REQUEST'],
    [[BROKER, 'x'], [SET, 'log.retention.ms', '1'], 'INVALID_REQUEST'],
    [[BROKER, '77'], [SET, 'log.retention.ms', '1'], 'BROKER_ID_NOT_REGISTERED'],
    [[GROUP, 'g'], [SET, 'consumer.session.timeout.ms', '50000'], 'NONE'],
    [[GROUP, 'g'], [SET, 'consumer.session.timeout.ms', '10'], 'INVALID_CONFIG'],
    [[GROUP, 'g'], [SET, 'no.such', '10'], 'INVALID_CONFIG'],
    [[GROUP, ''], [SET, 'consumer.session.timeout.ms', '50000'], 'INVALID_REQUEST'],
    [[16, 'metrics'], [SET, 'interval.ms', '1000'], 'INVALID_REQUEST'],
  ])('%j: %j is answered with %s', (resource, change, error) => {
    const some = cluster()
    const length = some.log.length
    expect(alter(some, resource, [change])).toBe(error)
    if (error !== 'NONE') expect(some.log.length).toBe(length)
  })

  test('one bad change keeps the others of its resource back, but not its neighbour', () => {
    const some = cluster()
    some.create('payments')
    const configs = [{ name: 'retention.ms', configOperation: SET, value: '7' }]
    const bad = { name: 'segment.bytes', configOperation: SET, value: '1' }
    const { responses } = some.done(
      some.controller.handleIncrementalAlterConfigs({
        resources: [
          { resourceType: TOPIC, resourceName: 'orders', configs: [...configs, bad] },
          { resourceType: TOPIC, resourceName: 'payments', configs },
        ],
        validateOnly: false,
      }),
    )
    expect(responses.map(response => [response.errorCode, response.errorMessage])).toEqual([
      [40, "invalid value for segment.bytes: '1' must be at least 1048576"],
      [0, null],
    ])
    expect(configsOf(some)).toEqual({})
    expect(some.controller.image.topicConfigs('payments').get('retention.ms')).toBe('7')
  })

  test('a list does not grow past what a record can hold', () => {
    const some = cluster()
    const pairs = (first: number): string =>
      Array.from({ length: 3000 }, (_, index) => `${first + index}:1`).join(',')
    const name = 'leader.replication.throttled.replicas'
    expect(alter(some, [TOPIC, 'orders'], [[APPEND, name, pairs(10_000)]])).toBe('NONE')
    expect(alter(some, [TOPIC, 'orders'], [[APPEND, name, pairs(20_000)]])).toBe('INVALID_CONFIG')
  })

  test('a refusal quotes no more of a value than a response can hold', () => {
    const some = cluster()
    const { responses } = some.controller.handleIncrementalAlterConfigs({
      resources: [
        {
          resourceType: TOPIC,
          resourceName: 'orders',
          configs: [{ name: 'retention.ms', configOperation: SET, value: '9'.repeat(32_767) }],
        },
      ],
      validateOnly: false,
    }).response
    expect(responses[0]!.errorCode).toBe(40)
    expect(responses[0]!.errorMessage!.length).toBeLessThan(1100)
  })

  test('a key given twice is refused', () => {
    const changes: Change[] = [
      [SET, 'retention.ms', '1'],
      [DELETE, 'retention.ms', null],
    ]
    expect(alter(cluster(), [TOPIC, 'orders'], changes)).toBe('INVALID_REQUEST')
  })

  test('a request that only validates changes nothing', () => {
    const some = cluster()
    expect(alter(some, [TOPIC, 'orders'], [[SET, 'retention.ms', '1']], true)).toBe('NONE')
    expect(configsOf(some)).toEqual({})
  })

  test("a default of all brokers becomes that of new topics' answers", () => {
    const some = cluster()
    alter(some, [BROKER, ''], [[SET, 'log.retention.ms', '400000']])
    const { topics } = some.createTopics(['later'])
    expect(topics[0]!.configs!.find(config => config.name === 'retention.ms')).toMatchObject({
      value: '400000',
      configSource: 3,
    })
  })

  test('a deleted topic takes its configurations along', () => {
    const some = cluster()
    alter(some, [TOPIC, 'orders'], [[SET, 'retention.ms', '1']])
    const { topicId } = some.controller.image.topicsByName.get('orders')!
    const request = { topics: [{ name: null, topicId }], topicNames: [], timeoutMs: 0 }
    some.done(some.controller.handleDeleteTopics(request, some.context(6)))
    some.create('orders')
    expect(configsOf(some)).toEqual({})
  })
})

describe('AlterConfigs', () => {
  test('what is not named goes back to its default', () => {
    const some = cluster()
    alter(
      some,
      [TOPIC, 'orders'],
      [
        [SET, 'retention.ms', '1'],
        [SET, 'segment.ms', '2'],
      ],
    )
    some.done(
      some.controller.handleAlterConfigs({
        resources: [
          {
            resourceType: TOPIC,
            resourceName: 'orders',
            configs: [{ name: 'segment.ms', value: '5' }],
          },
        ],
        validateOnly: false,
      }),
    )
    expect(configsOf(some)).toEqual({ 'segment.ms': '5' })
  })
})
