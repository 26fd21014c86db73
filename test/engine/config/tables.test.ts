import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { brokerConfigs } from '../../../engine/config/broker-configs.ts'
import { formatConfigValue, type ConfigTable } from '../../../engine/config/definition.ts'
import { groupConfigs } from '../../../engine/config/group-configs.ts'
import { topicConfigs } from '../../../engine/config/topic-configs.ts'

/**
 * Read out of Apache Kafka 4.3.1 by reflection: LogConfig, AbstractKafkaConfig and GroupConfig with
 * their ConfigDefs, ServerTopicConfigSynonyms and DynamicBrokerConfig. Internal ones are left out.
 */
const captured = new URL('./captured/apache-kafka-4.3.1-configs.tsv', import.meta.url)

const rows = readFileSync(captured, 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map(line => line.split('\t'))

const tables: Readonly<Record<string, ConfigTable>> = {
  topic: topicConfigs,
  broker: brokerConfigs,
  group: groupConfigs,
}

const named = (kind: string): readonly string[] =>
  rows.filter(row => row[0] === kind).map(row => row[1]!)

/** We load no classes, so what Kafka would load by default is not set here. */
const ownDefaults = new Set(['principal.builder.class'])
/** Kafka checks these when it converts them to a topic's `segment.ms` and its jitter. */
const checkedLater = new Set(['log.roll.ms', 'log.roll.jitter.ms'])

describe("the tables beside Apache Kafka's own", () => {
  test.each(['topic', 'group'])('every %s configuration is there, and no other', kind => {
    expect(Object.keys(tables[kind]!).toSorted()).toEqual(named(kind).toSorted())
  })

  test('there is no broker configuration that Kafka does not have', () => {
    const known = new Set(named('broker'))
    expect(Object.keys(brokerConfigs).filter(name => !known.has(name))).toEqual([])
    expect(Object.keys(brokerConfigs).length).toBeGreaterThan(150)
  })

  const ours = rows.filter(([kind, name]) => Object.hasOwn(tables[kind!]!, name!))
  test.each(ours)(
    '%s configuration %s is as in Kafka',
    (kind, name, type, byDefault, atLeast, atMost, importance, update, synonyms) => {
      const definition = tables[kind]![name]!
      const bounded = !checkedLater.has(name)
      expect({
        type: definition.type,
        byDefault: ownDefaults.has(name) ? byDefault : formatConfigValue(definition.default),
        atLeast: bounded ? definition.atLeast : null,
        atMost: bounded ? definition.atMost : null,
        importance: definition.importance,
        update: kind === 'broker' ? definition.update : '',
        synonyms: definition.synonyms.map(synonym => synonym.name).join(' '),
      }).toEqual({
        type,
        byDefault: byDefault === 'null' || byDefault === '<none>' ? null : byDefault,
        atLeast: atLeast === '' ? null : Number(atLeast),
        atMost: atMost === '' ? null : Number(atMost),
        importance,
        update,
        synonyms,
      })
    },
  )
})
