import { describe, expect, test } from 'vitest'
import { brokerConfigs, engineBrokerConfigs } from '../../../engine/config/broker-configs.ts'
import {
  formatConfigValue,
  parseConfigValue,
  type ConfigDefinition,
  type ConfigTable,
} from '../../../engine/config/definition.ts'
import { groupConfigs } from '../../../engine/config/group-configs.ts'
import {
  brokerSettings,
  groupSettings,
  noBrokerConfigs,
  topicSettings,
  validateGroupConfigs,
  validateTopicConfigs,
  type BrokerConfigLayers,
} from '../../../engine/config/settings.ts'
import { topicConfigs } from '../../../engine/config/topic-configs.ts'
import { KafkaError } from '../../../engine/protocol/errors.ts'

const configs = (entries: Readonly<Record<string, string>> = {}) => new Map(Object.entries(entries))

function layers(given: {
  dynamicBroker?: Record<string, string>
  dynamicDefault?: Record<string, string>
  staticBroker?: Record<string, string>
}): BrokerConfigLayers {
  return {
    dynamicBroker: configs(given.dynamicBroker),
    dynamicDefault: configs(given.dynamicDefault),
    staticBroker: configs(given.staticBroker),
  }
}

const everything: readonly [string, ConfigDefinition][] = [
  topicConfigs,
  brokerConfigs,
  groupConfigs,
].flatMap((table: ConfigTable) => Object.entries(table))

describe('the tables', () => {
  test.each(everything)('the default of %s is a value that may be set', (name, definition) => {
    if (definition.default === null) return
    const text = formatConfigValue(definition.default)!
    expect(parseConfigValue(name, definition, text)).toEqual(definition.default)
  })

  test.each(everything)('%s is documented in a sentence', (_, { documentation }) => {
    expect(documentation).toMatch(/^[A-Z][^]{15,}\.$/)
  })

  test.each(Object.entries({ ...topicConfigs, ...groupConfigs } as ConfigTable))(
    'the default of %s is that of the broker configuration it falls back to',
    (_, { synonyms, default: byDefault, type }) => {
      const brokers: ConfigTable = brokerConfigs
      const known = synonyms.filter(({ name }) => brokers[name]!.default !== null)
      if (known.length === 0) return
      const { name, factor } = known[0]!
      const value = brokers[name]!.default
      const scaled = type === 'long' ? BigInt(value as number) * factor : value
      expect(scaled).toEqual(byDefault)
    },
  )

  test('our own starting values are values of the table', () => {
    for (const [name, text] of Object.entries(engineBrokerConfigs))
      parseConfigValue(name, (brokerConfigs as ConfigTable)[name]!, text)
  })
})

describe('topicSettings', () => {
  test("without anything set they are Apache Kafka 4.3's defaults", () => {
    expect(topicSettings(configs())).toEqual({
      cleanupPolicy: ['delete'],
      compressionGzipLevel: -1,
      compressionLz4Level: 9,
      compressionType: 'producer',
      compressionZstdLevel: 3,
      deleteRetentionMs: 86_400_000n,
      fileDeleteDelayMs: 60_000n,
      flushMessages: 9_223_372_036_854_775_807n,
      flushMs: 9_223_372_036_854_775_807n,
      followerReplicationThrottledReplicas: [],
      indexIntervalBytes: 4096,
      leaderReplicationThrottledReplicas: [],
      localRetentionBytes: -2n,
      localRetentionMs: -2n,
      maxCompactionLagMs: 9_223_372_036_854_775_807n,
      maxMessageBytes: 1_048_588,
      messageTimestampAfterMaxMs: 3_600_000n,
      messageTimestampBeforeMaxMs: 9_223_372_036_854_775_807n,
      messageTimestampType: 'CreateTime',
      minCleanableDirtyRatio: 0.5,
      minCompactionLagMs: 0n,
      minInsyncReplicas: 1,
      preallocate: false,
      remoteLogCopyDisable: false,
      remoteLogDeleteOnDisable: false,
      remoteStorageEnable: false,
      retentionBytes: -1n,
      retentionMs: 604_800_000n,
      segmentBytes: 1_073_741_824,
      segmentIndexBytes: 10_485_760,
      segmentJitterMs: 0n,
      segmentMs: 604_800_000n,
      uncleanLeaderElectionEnable: false,
    })
  })

  test("a topic's own value comes before its broker's, and that before the cluster's", () => {
    const all = layers({
      dynamicBroker: { 'log.retention.ms': '2' },
      dynamicDefault: { 'log.retention.ms': '3', 'message.max.bytes': '30' },
      staticBroker: {
        'log.retention.ms': '4',
        'message.max.bytes': '40',
        'log.segment.bytes': '4000000',
      },
    })
    expect(topicSettings(configs({ 'retention.ms': '1' }), all)).toMatchObject({
      retentionMs: 1n,
      maxMessageBytes: 30,
      segmentBytes: 4_000_000,
    })
    expect(topicSettings(configs(), all).retentionMs).toBe(2n)
  })

  test.each([
    [{ 'log.retention.hours': '2' }, 7_200_000n],
    [{ 'log.retention.hours': '2', 'log.retention.minutes': '3' }, 180_000n],
    [{ 'log.retention.hours': '2', 'log.retention.minutes': '3', 'log.retention.ms': '4' }, 4n],
    [{ 'log.retention.hours': '-1' }, -1n],
  ])('retention.ms of a broker with %j is %s', (staticBroker, retentionMs) => {
    expect(topicSettings(configs(), layers({ staticBroker })).retentionMs).toBe(retentionMs)
  })

  test('a value that is none fails, naming key, value and what is allowed', () => {
    const overrides = configs({ 'segment.bytes': '100' })
    expect(() => topicSettings(overrides)).toThrow(
      new KafkaError(
        'INVALID_CONFIG',
        "invalid value for segment.bytes: '100' must be at least 1048576",
      ),
    )
  })
})

describe('parseConfigValue', () => {
  const table: ConfigTable = { ...brokerConfigs, ...topicConfigs }

  test.each([
    ['preallocate', ' TRUE ', true],
    ['retention.ms', '+5', 5n],
    ['retention.ms', ' 9223372036854775807 ', 9_223_372_036_854_775_807n],
    ['min.cleanable.dirty.ratio', '1e-1', 0.1],
    ['cleanup.policy', 'compact , delete', ['compact', 'delete']],
    ['cleanup.policy', '', []],
    ['offsets.topic.replication.factor', '32767', 32_767],
    ['group.consumer.migration.policy', 'Upgrade', 'Upgrade'],
    ['leader.replication.throttled.replicas', '*', ['*']],
    ['leader.replication.throttled.replicas', '0:1,1:2', ['0:1', '1:2']],
    ['compression.gzip.level', '-1', -1],
  ])('%s takes %j', (name, text, value) => {
    expect(parseConfigValue(name, table[name]!, text)).toEqual(value)
  })

  test.each([
    ['preallocate', 'maybe', 'must be true or false'],
    ['retention.ms', 'x', 'is no whole number of 64 bits'],
    ['retention.ms', '', 'is no whole number of 64 bits'],
    ['retention.ms', '9223372036854775808', 'is no whole number of 64 bits'],
    ['retention.ms', '1.5', 'is no whole number of 64 bits'],
    ['segment.bytes', '2147483648', 'is no whole number of 32 bits'],
    ['offsets.topic.replication.factor', '32768', 'is no whole number of 16 bits'],
    ['min.cleanable.dirty.ratio', '1.1', 'must be from 0 to 1'],
    ['min.cleanable.dirty.ratio', 'NaN', 'is no number'],
    ['cleanup.policy', 'delete,foo', "may hold compact, delete, not 'foo'"],
    ['compression.type', 'brotli', 'must be one of uncompressed'],
    ['compression.gzip.level', '0', 'must be from 1 to 9, or -1'],
    ['leader.replication.throttled.replicas', '*,0:1', "must be '*' or pairs"],
  ])('%s refuses %j', (name, text, complaint) => {
    expect(() => parseConfigValue(name, table[name]!, text)).toThrow(complaint)
  })
})

describe('validation', () => {
  test('an unknown name is refused', () => {
    expect(() => validateTopicConfigs(configs({ 'no.such': '1' }))).toThrow(
      'INVALID_CONFIG: unknown topic configuration: no.such',
    )
    expect(() => validateTopicConfigs(configs({ toString: '1' }))).toThrow('unknown topic')
  })

  test('the least compaction lag may not be above the largest, wherever each is set', () => {
    const staticBroker = { 'log.cleaner.max.compaction.lag.ms': '5' }
    const overrides = configs({ 'min.compaction.lag.ms': '10' })
    validateTopicConfigs(overrides)
    expect(() => validateTopicConfigs(overrides, layers({ staticBroker }))).toThrow(
      'min.compaction.lag.ms (10) is above max.compaction.lag.ms (5)',
    )
  })

  test("a group stays within the brokers' limits", () => {
    const overrides = configs({ 'consumer.session.timeout.ms': '44000' })
    expect(() => validateGroupConfigs(overrides)).toThrow('must be from 45000 to 60000')
    const staticBroker = { 'group.consumer.min.session.timeout.ms': '40000' }
    validateGroupConfigs(overrides, layers({ staticBroker }))
    expect(groupSettings(overrides).consumerSessionTimeoutMs).toBe(44_000)
  })
})

describe('brokerSettings', () => {
  test('the nearest layer counts', () => {
    const all = layers({
      dynamicBroker: { 'num.io.threads': '2' },
      dynamicDefault: { 'num.io.threads': '3', 'message.max.bytes': '30' },
      staticBroker: { 'num.io.threads': '4', 'message.max.bytes': '40', 'num.partitions': '5' },
    })
    expect(brokerSettings(all)).toMatchObject({
      numIoThreads: 2,
      messageMaxBytes: 30,
      numPartitions: 5,
      logRetentionMs: null,
      groupInitialRebalanceDelayMs: 3000,
    })
    expect(brokerSettings(noBrokerConfigs).numPartitions).toBe(1)
  })
})
