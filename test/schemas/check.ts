/**
 * Compares every message the engine declares with Apache Kafka's own schemas, and the API keys with
 * them. Needs Maven, once; prints each difference, and exits with 1 if there is any.
 *
 * Run: node test/schemas/check.ts
 */
import { apiKeys } from '../../engine/protocol/api-keys.ts'
import { KAFKA, kafkaJars, OLDER_KAFKA, olderKafkaJars } from './artifacts.ts'
import { differences } from './compare.ts'
import { findDeclarations } from './declarations.ts'
import { readSchemas, type KafkaSchema } from './kafka-schema.ts'

/** Far fewer than there are, far more than none: an empty check must not pass. */
const SCHEMAS_MIN = 150
const DECLARATIONS_MIN = 100

const current = readSchemas(kafkaJars)
const older = readSchemas(olderKafkaJars)
const declarations = await findDeclarations()

const found = [
  ...declarations.flatMap(({ message }) => differences(message, { current, older })),
  ...keyDifferences(current),
  ...tooFew('schemas of the current Kafka', current.size, SCHEMAS_MIN),
  ...tooFew('schemas of the older Kafka', older.size, SCHEMAS_MIN),
  ...tooFew('declarations', declarations.length, DECLARATIONS_MIN),
]
const versions = declarations.reduce(
  (sum, { message }) => sum + message.versions[1] - message.versions[0] + 1,
  0,
)
for (const line of found) console.log(line)
console.log(
  `${declarations.length} declarations with ${versions} versions compared with Apache Kafka ` +
    `${KAFKA} and ${OLDER_KAFKA}: ${found.length} differences`,
)
process.exitCode = found.length === 0 ? 0 : 1

function tooFew(what: string, count: number, least: number): string[] {
  return count < least ? [`${count} ${what}, fewer than ${least}`] : []
}

function keyDifferences(schemas: ReadonlyMap<string, KafkaSchema>): string[] {
  const kafka = new Map<string, number | null>()
  for (const { name, apiKey } of schemas.values())
    if (name.endsWith('Request'))
      kafka.set(name.slice(0, 1).toLowerCase() + name.slice(1, -'Request'.length), apiKey)
  const ours = new Map<string, number>(Object.entries(apiKeys))
  return [
    ...[...kafka]
      .filter(([name, key]) => ours.get(name) !== key)
      .map(([name, key]) => `key of ${name} is ${ours.get(name)}, in Kafka ${key}`),
    ...[...ours].filter(([name]) => !kafka.has(name)).map(([name]) => `Kafka has no API ${name}`),
  ]
}
