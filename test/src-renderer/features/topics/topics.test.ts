import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TopicConfigurationDefinition } from '../../../../src-main/contract/model/configuration.ts'
import type { TopicSummary } from '../../../../src-main/contract/model/topic.ts'
import { groupDefinitions } from '../../../../src-renderer/features/topics/configuration-groups.ts'
import { topicNameProblem } from '../../../../src-renderer/features/topics/topic-name.ts'
import { sortTopics, TopicRows } from '../../../../src-renderer/features/topics/topic-row.ts'

function definition(
  overrides: Partial<TopicConfigurationDefinition> = {},
): TopicConfigurationDefinition {
  return {
    name: 'retention.ms',
    type: 'long',
    unit: 'ms',
    defaultValue: '604800000',
    documentation: '',
    validValues: null,
    min: null,
    max: null,
    takesEffect: true,
    ...overrides,
  }
}

function topic(name: string, overrides: Partial<TopicSummary> = {}): TopicSummary {
  return {
    name,
    id: null,
    internal: false,
    partitionCount: 1,
    replicationFactor: 1,
    underReplicatedCount: 0,
    offlineCount: 0,
    problem: null,
    ...overrides,
  }
}

describe('a topic’s name', () => {
  test('is legal exactly where Kafka’s pattern says so', () => {
    const character = fc.constantFrom('a', 'Z', '0', '.', '_', '-', ' ', '/', 'é', '🧵')
    fc.assert(
      fc.property(fc.array(character, { maxLength: 260 }), characters => {
        const name = characters.join('')
        const legal = /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'
        expect(topicNameProblem(name, []) === null).toBe(legal)
      }),
    )
  })

  test('a name that differs only in dots and underscores collides', () => {
    expect(topicNameProblem('a.b', ['a_b'])).toEqual({ type: 'collides', with: 'a_b' })
    expect(topicNameProblem('a.b', ['a.b'])).toEqual({ type: 'taken' })
    expect(topicNameProblem('a-b', ['a_b'])).toBeNull()
  })

  test('a character outside of the basic plane is named whole', () => {
    expect(topicNameProblem('a🧵', [])).toEqual({ type: 'character', character: '🧵' })
  })
})

describe('the groups of configurations', () => {
  test('every definition is in exactly one group, those without effect in the last', () => {
    const names = ['segment.ms', 'retention.ms', 'cleanup.policy', 'new.thing', 'flush.ms']
    const grouped = groupDefinitions([
      ...names.map(name => definition({ name })),
      definition({ name: 'delete.retention.ms', takesEffect: false }),
    ])
    expect(grouped.flatMap(({ definitions }) => definitions).length).toBe(6)
    expect(grouped[0]?.definitions.map(({ name }) => name)).toEqual([
      'cleanup.policy',
      'retention.ms',
    ])
    expect(grouped.at(-1)?.group).toBe('without-effect')
  })
})

describe('the list of topics', () => {
  test('names are in the order that people count', () => {
    const names = ['t-10', 't-9', 'T-1', 'a'].map(name => topic(name))
    const sorted = sortTopics(names, new Map(), { column: 'name', direction: 'ascending' })
    expect(sorted.map(({ name }) => name)).toEqual(['a', 'T-1', 't-9', 't-10'])
  })

  test('what is unknown comes last in either direction', () => {
    const figures = new Map([
      ['small', sized('small', 1)],
      ['large', sized('large', 9)],
    ])
    const topics = ['unknown', 'small', 'large'].map(name => topic(name))
    const order = (direction: 'ascending' | 'descending') =>
      sortTopics(topics, figures, { column: 'size', direction }).map(({ name }) => name)
    expect(order('ascending')).toEqual(['small', 'large', 'unknown'])
    expect(order('descending')).toEqual(['large', 'small', 'unknown'])
  })

  test('a row stays the same object while nothing about it changed', () => {
    const rows = new TopicRows([topic('a')], new Map())
    expect(rows.at(0)).toBe(rows.at(0))
    expect(rows.at(1)).toBeUndefined()
    expect(rows.indexOf('a')).toBe(0)
  })
})

function sized(name: string, sizeBytes: number) {
  return {
    name,
    sizeBytes,
    replicatedSizeBytes: null,
    recordCount: null,
    cleanupPolicy: null,
    lastRecordTimestampMs: null,
    problem: null,
  }
}
