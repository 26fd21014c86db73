import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigurationEntry } from '../../../../src-main/contract/model/configuration.ts'
import { readAmount, writeAmount } from '../../../../src-renderer/ui/configuration/amount.ts'
import {
  configsLine,
  createTopicLine,
  deleteRecordsLine,
  quoted,
} from '../../../../src-renderer/ui/configuration/command-line.ts'
import {
  changeTo,
  elementsOf,
  inverseOf,
  valueAfter,
} from '../../../../src-renderer/ui/configuration/prepared.ts'
import { topicWarnings } from '../../../../src-renderer/ui/configuration/warnings.ts'

const resource = { type: 'topic', name: 'orders' } as const

function entry(overrides: Partial<ConfigurationEntry> = {}): ConfigurationEntry {
  return {
    name: 'retention.ms',
    value: '604800000',
    source: 'default',
    inheritedValue: '604800000',
    readOnly: false,
    sensitive: false,
    type: 'long',
    unit: 'ms',
    documentation: null,
    synonyms: [],
    facts: null,
    ...overrides,
  }
}

function list(value: string, overrides: Partial<ConfigurationEntry> = {}): ConfigurationEntry {
  return entry({ name: 'cleanup.policy', type: 'list', unit: null, value, ...overrides })
}

describe('an amount', () => {
  test('is stored as the number it was read from, for any int64', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -1n, max: 2n ** 63n - 1n }),
        fc.constantFrom('ms' as const, 'bytes' as const, 'count' as const, null),
        (value, unit) => {
          expect(readAmount(writeAmount(value.toString(), unit), unit)).toBe(value.toString())
        },
      ),
    )
  })

  test.each([
    ['7 d', 'ms', '604800000'],
    ['1.5d', 'ms', '129600000'],
    ['1 d 12 h', 'ms', '129600000'],
    ['604,800,000', 'ms', '604800000'],
    ['-1', 'ms', '-1'],
    ['0.1 s', 'ms', '100'],
    ['1 GiB', 'bytes', '1073741824'],
    ['10 mb', 'bytes', '10000000'],
    ['soon', 'ms', 'soon'],
    ['7 parsecs', 'ms', '7 parsecs'],
    ['7 d', null, '7 d'],
  ] as const)('%s of %s is %s', (typed, unit, stored) => {
    expect(readAmount(typed, unit)).toBe(stored)
  })

  test('is written in the largest unit that is exact', () => {
    expect(writeAmount('604800000', 'ms')).toBe('7 d')
    expect(writeAmount('90000', 'ms')).toBe('90 s')
    expect(writeAmount('1048588', 'bytes')).toBe('1048588')
    expect(writeAmount('9223372036854775807', 'ms')).toBe('9223372036854775807')
  })
})

describe('a prepared change', () => {
  test('of a list that only gains or only loses is no replacement of the list', () => {
    expect(changeTo(list('delete'), 'delete,compact', resource)).toEqual({
      operation: 'append',
      value: 'compact',
    })
    expect(changeTo(list('compact,delete'), 'compact', resource)).toEqual({
      operation: 'subtract',
      value: 'delete',
    })
    expect(changeTo(list('delete'), 'compact', resource)).toEqual({
      operation: 'set',
      value: 'compact',
    })
  })

  test('comes to what was wanted, for any two lists', () => {
    const lists = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'))
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const from = list(before.join())
        const change = changeTo(from, after.join(), resource)
        const result = elementsOf(valueAfter(from, change ?? undefined))
        expect([...result].sort()).toEqual([...after].sort())
      }),
    )
  })

  test('back to the value that it has is none', () => {
    expect(changeTo(entry(), '604800000', resource)).toBeNull()
    expect(changeTo(entry({ source: 'dynamic-topic' }), '604800000', resource)).toBeNull()
  })

  test('is undone by the value that was set, or by a reset where none was', () => {
    const own = entry({ name: 'segment.ms', value: '1000', source: 'dynamic-topic' })
    const changes = ['retention.ms', 'segment.ms'].map(name => ({
      name,
      operation: 'set' as const,
      value: '5',
    }))
    expect(inverseOf([entry(), own], changes, resource)).toEqual([
      { name: 'retention.ms', operation: 'reset', value: null },
      { name: 'segment.ms', operation: 'set', value: '1000' },
    ])
  })
})

describe('a command line', () => {
  test('of kafka-configs.sh brackets lists and sets the whole of them', () => {
    const prepared = new Map([
      ['cleanup.policy', { operation: 'append' as const, value: 'compact' }],
      ['retention.ms', { operation: 'set' as const, value: '7200000' }],
      ['segment.ms', { operation: 'reset' as const, value: null }],
    ])
    const entries = [list('delete'), entry()]
    expect(configsLine({ bootstrap: '127.0.0.1:9092', resource, entries, prepared })).toBe(
      'kafka-configs.sh --bootstrap-server 127.0.0.1:9092 --alter ' +
        '--entity-type topics --entity-name orders ' +
        "--add-config 'cleanup.policy=[delete,compact],retention.ms=7200000' " +
        '--delete-config segment.ms',
    )
  })

  test('of kafka-topics.sh leaves out what the cluster decides', () => {
    const line = createTopicLine({
      bootstrap: 'b:1',
      topic: 'orders',
      partitionCount: null,
      replicationFactor: 3,
      configurations: [{ name: 'cleanup.policy', value: 'compact,delete' }],
    })
    expect(line).toBe(
      'kafka-topics.sh --bootstrap-server b:1 --create --topic orders --replication-factor 3 ' +
        '--config cleanup.policy=compact,delete',
    )
  })

  test('of kafka-delete-records.sh holds JSON that a shell leaves whole', () => {
    const line = deleteRecordsLine('b:1', 'orders', [{ partition: 2, offset: 2n ** 62n }])
    const json = /'(.*)'/.exec(line)?.[1] ?? ''
    expect(json).toBe(
      '{"version":1,"partitions":[{"topic":"orders","partition":2,"offset":4611686018427387904}]}',
    )
  })

  test('quotes what a shell would read otherwise', () => {
    expect(quoted('a b')).toBe("'a b'")
    expect(quoted("it's")).toBe(`'it'\\''s'`)
    expect(quoted('$HOME')).toBe("'$HOME'")
    expect(quoted('a.b-c_d:9,e=f')).toBe('a.b-c_d:9,e=f')
  })
})

describe('a warning', () => {
  const defaults: Record<string, string> = {
    'cleanup.policy': 'delete',
    'retention.ms': '604800000',
    'retention.bytes': '-1',
    'segment.bytes': '1073741824',
    'segment.ms': '604800000',
    'max.message.bytes': '1048588',
    'min.insync.replicas': '1',
    'compression.type': 'producer',
    'flush.messages': '9223372036854775807',
    'delete.retention.ms': '86400000',
    'message.timestamp.before.max.ms': '9223372036854775807',
    'unclean.leader.election.enable': 'false',
  }
  const kinds = (set: Record<string, string>, replicationFactor = 3) =>
    topicWarnings(name => set[name] ?? defaults[name] ?? null, {
      replicationFactor,
      partitionCount: 1,
    }).map(({ kind }) => kind)

  test('is not given for Kafka’s defaults', () => {
    expect(kinds({})).toEqual([])
  })

  test.each([
    [{ 'retention.ms': '0' }, ['retentionZero']],
    [{ 'retention.ms': '60000' }, ['retentionShort']],
    [{ 'retention.bytes': '1048576' }, ['retentionBelowSegment']],
    [{ 'min.insync.replicas': '4' }, ['minIsrAboveFactor']],
    [{ 'min.insync.replicas': '3' }, ['minIsrIsFactor']],
    [{ 'max.message.bytes': '2097152' }, ['messageAboveFetch']],
    [{ 'max.message.bytes': '104857600' }, ['messageAboveClients']],
    [{ 'cleanup.policy': '' }, ['policyEmpty']],
    [
      { 'cleanup.policy': 'compact', 'segment.bytes': '2097152' },
      ['compactNeedsKeys', 'compactSmallSegments'],
    ],
    [{ 'cleanup.policy': 'compact', 'segment.ms': '86400000' }, ['compactNeedsKeys']],
    [{ 'compression.type': 'zstd' }, ['recompresses']],
  ])('of %j is %j', (set, expected) => {
    expect(kinds(set)).toEqual(expected)
  })
})
