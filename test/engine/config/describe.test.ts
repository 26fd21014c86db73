import { describe, expect, test } from 'vitest'
import {
  describeBrokerConfigs,
  describeClusterBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from '../../../engine/config/describe.ts'
import { noBrokerConfigs } from '../../../engine/config/settings.ts'
import { topicConfigs } from '../../../engine/config/topic-configs.ts'

const all = { includeSynonyms: true, includeDocumentation: true }
const configs = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries))

describe('describeTopicConfigs', () => {
  test('lists every configuration, as Apache Kafka does', () => {
    const names = describeTopicConfigs(new Map()).map(config => config.name)
    expect(names).toEqual(Object.keys(topicConfigs))
  })

  test('shows where a value comes from and what is behind it, the nearest first', () => {
    const layers = {
      dynamicBroker: configs({ 'log.retention.ms': '300000' }),
      dynamicDefault: configs({ 'log.retention.ms': '400000' }),
      staticBroker: configs({ 'log.retention.minutes': '7' }),
    }
    const overrides = configs({ 'retention.ms': '1000' })
    const [described] = describeTopicConfigs(overrides, layers, { ...all, keys: ['retention.ms'] })
    expect(described).toEqual({
      name: 'retention.ms',
      value: '1000',
      readOnly: false,
      configSource: 1,
      isSensitive: false,
      synonyms: [
        { name: 'retention.ms', value: '1000', source: 1 },
        { name: 'log.retention.ms', value: '300000', source: 2 },
        { name: 'log.retention.ms', value: '400000', source: 3 },
        { name: 'log.retention.minutes', value: '7', source: 4 },
        { name: 'log.retention.hours', value: '168', source: 5 },
      ],
      configType: 5,
      documentation: topicConfigs['retention.ms'].documentation,
    })
  })

  test.each([
    ['segment.bytes', ' 1048576 ', '1048576'],
    ['cleanup.policy', 'compact, compact', 'compact'],
    ['min.cleanable.dirty.ratio', '0.50', '0.5'],
    ['preallocate', 'TRUE', 'true'],
    ['leader.replication.throttled.replicas', '0:1, 0:1', '0:1,0:1'],
  ])('%s set as “%s” is told as it is read: %s', (name, set, told) => {
    const [described] = describeTopicConfigs(configs({ [name]: set }), noBrokerConfigs, {
      ...all,
      keys: [name],
    })
    expect(described?.value).toBe(told)
    expect(described?.synonyms[0]).toEqual({ name, value: told, source: 1 })
  })

  test("a broker's value is shown in the topic's unit, with its own source", () => {
    const layers = { ...noBrokerConfigs, staticBroker: configs({ 'log.retention.minutes': '7' }) }
    const [described] = describeTopicConfigs(new Map(), layers, { keys: ['retention.ms'] })
    expect(described).toMatchObject({ value: '420000', configSource: 4, synonyms: [] })
  })

  test.each([
    ['segment.bytes', [{ name: 'log.segment.bytes', value: '1073741824', source: 5 }]],
    ['segment.ms', []],
    ['retention.ms', []],
    ['remote.storage.enable', []],
    ['min.insync.replicas', [{ name: 'min.insync.replicas', value: '1', source: 5 }]],
  ])('synonyms of an untouched %s are those Apache Kafka 4.3 lists', (name, synonyms) => {
    const [described] = describeTopicConfigs(new Map(), noBrokerConfigs, { ...all, keys: [name] })
    expect(described).toMatchObject({ configSource: 5, synonyms })
  })

  test('entries come in the order asked for; names that do not exist are left out', () => {
    const keys = ['segment.ms', 'no.such', 'cleanup.policy', 'segment.ms']
    const names = describeTopicConfigs(new Map(), noBrokerConfigs, { keys }).map(each => each.name)
    expect(names).toEqual(['segment.ms', 'cleanup.policy'])
  })

  test('documentation and synonyms are given when asked for', () => {
    const [described] = describeTopicConfigs(new Map())
    expect(described).toMatchObject({ documentation: null, synonyms: [] })
  })
})

describe('describeBrokerConfigs', () => {
  const layers = {
    dynamicBroker: configs({ 'log.retention.ms': '300000', 'plugin.password': 'secret' }),
    dynamicDefault: configs({ 'message.max.bytes': '2000000' }),
    staticBroker: configs({ 'node.id': '1', 'group.initial.rebalance.delay.ms': '0' }),
  }
  const one = (name: string) =>
    describeBrokerConfigs(layers, { includeSynonyms: true, keys: [name] })[0]

  test('a value set when the broker started is static, and read-only where Kafka has it so', () => {
    expect(one('group.initial.rebalance.delay.ms')).toEqual({
      name: 'group.initial.rebalance.delay.ms',
      value: '0',
      readOnly: true,
      configSource: 4,
      isSensitive: false,
      synonyms: [
        { name: 'group.initial.rebalance.delay.ms', value: '0', source: 4 },
        { name: 'group.initial.rebalance.delay.ms', value: '3000', source: 5 },
      ],
      configType: 3,
      documentation: null,
    })
  })

  test('a value set while it runs is dynamic, and can be changed', () => {
    expect(one('log.retention.ms')).toMatchObject({
      value: '300000',
      readOnly: false,
      configSource: 2,
      synonyms: [
        { name: 'log.retention.ms', value: '300000', source: 2 },
        { name: 'log.retention.hours', value: '168', source: 5 },
      ],
    })
    expect(one('message.max.bytes')).toMatchObject({ value: '2000000', configSource: 3 })
  })

  test('a finer unit that is not set has no value, though a coarser one has', () => {
    expect(one('log.roll.ms')).toMatchObject({ value: null, configSource: 5, synonyms: [] })
  })

  test('a configuration that no table knows is shown without its value', () => {
    expect(one('plugin.password')).toEqual({
      name: 'plugin.password',
      value: null,
      readOnly: true,
      configSource: 2,
      isSensitive: true,
      synonyms: [{ name: 'plugin.password', value: null, source: 2 }],
      configType: 0,
      documentation: null,
    })
  })

  test('of all brokers together only what is set is listed', () => {
    expect(describeClusterBrokerConfigs(layers.dynamicDefault, { includeSynonyms: true })).toEqual([
      {
        name: 'message.max.bytes',
        value: '2000000',
        readOnly: false,
        configSource: 3,
        isSensitive: false,
        synonyms: [{ name: 'message.max.bytes', value: '2000000', source: 3 }],
        configType: 3,
        documentation: null,
      },
    ])
  })
})

describe('describeGroupConfigs', () => {
  test("a group's own value is before the brokers'", () => {
    const overrides = configs({ 'consumer.session.timeout.ms': '50000' })
    const options = { includeSynonyms: true, keys: ['consumer.session.timeout.ms'] }
    expect(describeGroupConfigs(overrides, noBrokerConfigs, options)[0]).toMatchObject({
      value: '50000',
      configSource: 8,
      synonyms: [
        { name: 'consumer.session.timeout.ms', value: '50000', source: 8 },
        { name: 'group.consumer.session.timeout.ms', value: '45000', source: 5 },
      ],
    })
  })
})
