/**
 * Compares a declaration with Apache Kafka's schema of it, field by field in every version the
 * declaration has, and says in words what differs.
 *
 * A version is compared as what it puts on the wire: which fields, in which order, of which type,
 * nullable or not, tagged or not; then what a reader finds in the fields that it does not have.
 */
import { isDeepStrictEqual } from 'node:util'
import { defaultOf, ZERO_UUID } from '../../engine/protocol/message-codec.ts'
import type { Field, Fields, Message } from '../../engine/protocol/schema.ts'
import { includes, type KafkaField, type KafkaSchema } from './kafka-schema.ts'

export interface Schemas {
  /** The Kafka that is followed. */
  readonly current: ReadonlyMap<string, KafkaSchema>
  /** The Kafka that still has the versions removed since. */
  readonly older: ReadonlyMap<string, KafkaSchema>
}

/** What differs; nothing where the declaration is right. */
export function differences(message: Message, schemas: Schemas): string[] {
  const current = schemas.current.get(message.name)
  if (current === undefined) return [`${message.name}: Kafka has no such schema`]
  const older = schemas.older.get(message.name)
  const found: string[] = []
  if (message.apiKey !== undefined && message.apiKey !== current.apiKey)
    found.push(`${message.name}: key ${message.apiKey}, in Kafka ${current.apiKey}`)
  found.push(...versionDifferences(message, current))

  const [first, last] = message.versions
  const reachesBack = !includes(current.versions, first)
  for (let version = first; version <= last; version++) {
    const schema = includes(current.versions, version) ? current : older
    if (schema === undefined || !includes(schema.versions, version)) {
      found.push(`${message.name} version ${version}: no Kafka has it`)
      continue
    }
    const at = `${message.name} version ${version}`
    if (message.flexible(version) !== includes(schema.flexible, version))
      found.push(`${at}: flexible is ${message.flexible(version)}`)
    const context = { version, flexible: message.flexible(version), found }
    compareFields(message.fields, schema.fields, { ...context, at })
    const known = reachesBack ? [schema, current, older] : [current]
    compareAbsent(
      message.fields,
      known.map(each => each?.fields ?? []),
      { ...context, at },
    )
  }
  return found
}

/** A declaration may reach further back than Kafka 4 does, never less, and ends where it does. */
function versionDifferences(message: Message, schema: KafkaSchema): string[] {
  const [first, last] = message.versions
  const [kafkaFirst, kafkaLast] = schema.versions ?? [NaN, NaN]
  if (first <= kafkaFirst && last === kafkaLast) return []
  return [`${message.name}: versions ${first} to ${last}, in Kafka ${kafkaFirst} to ${kafkaLast}`]
}

interface Context {
  readonly version: number
  readonly flexible: boolean
  readonly at: string
  readonly found: string[]
}

function compareFields(declared: Fields, kafka: readonly KafkaField[], context: Context): void {
  const { version, at, found } = context
  const ours = Object.entries(declared).filter(([, field]) => isPresent(field, version))
  const theirs = kafka.filter(field => includes(field.versions, version))
  // The order of tagged fields is that of their tags, which are compared one by one.
  const ourOrder = names(ours.filter(([, field]) => tagOf(field, version) === null))
  const theirOrder = theirs
    .filter(field => kafkaTagOf(field, version) === null)
    .map(field => field.name)
  if (!isDeepStrictEqual(ourOrder, theirOrder))
    found.push(`${at}: fields ${ourOrder.join(', ')}; in Kafka ${theirOrder.join(', ')}`)

  for (const [name, field] of ours) {
    const theirField = theirs.find(each => each.name === name)
    if (theirField === undefined) found.push(`${at}: no field ${name} in Kafka`)
    else compareField(field, theirField, { ...context, at: `${at}, ${name}` })
  }
  const declaredNames = new Set(names(ours))
  for (const { name } of theirs)
    if (!declaredNames.has(name)) found.push(`${at}: field ${name} is not declared`)
}

function names(fields: readonly (readonly [string, unknown])[]): string[] {
  return fields.map(([name]) => name)
}

function compareField(field: Field<unknown>, kafka: KafkaField, context: Context): void {
  const { version, at, found } = context
  const check = (what: string, ours: unknown, theirs: unknown) => {
    if (!isDeepStrictEqual(ours, theirs))
      found.push(`${at}: ${what} is ${shown(ours)}, in Kafka ${shown(theirs)}`)
  }
  check('type', typeOf(field), kafkaTypeOf(kafka))
  check(
    'nullable',
    field.nullable && version >= (field.options.nullableSince ?? 0),
    kafkaNullable(kafka, version),
  )
  check('tag', tagOf(field, version), kafkaTagOf(kafka, version))
  if (context.flexible) check('flexible', field.options.flexible ?? true, kafka.flexible)
  if (Object.keys(field.options).length > 0 || kafka.tag !== null)
    check('default', defaultOf(field), kafkaDefaultOf(kafka))

  const inner = field.kind === 'array' ? field.element : field
  if (inner?.kind === 'struct' && kafka.fields.length > 0)
    compareFields(inner.fields!, kafka.fields, context)
}

/** Fields that this version lacks, here or in Kafka's other versions, and structs' such fields. */
function compareAbsent(
  declared: Fields,
  kafkas: readonly (readonly KafkaField[])[],
  context: Context,
): void {
  const { version, at, found } = context
  for (const [name, field] of Object.entries(declared)) {
    const theirs = kafkas.map(fields => fields.find(each => each.name === name))
    const known = theirs.find(each => each !== undefined)
    if (known === undefined) {
      found.push(`${at}: no version of Kafka has ${name}`)
      continue
    }
    if (isPresent(field, version)) {
      const inner = field.kind === 'array' ? field.element : field
      if (inner?.kind === 'struct')
        compareAbsent(
          inner.fields!,
          theirs.map(each => each?.fields ?? []),
          { ...context, at: `${at}, ${name}` },
        )
      continue
    }
    const ignorable = field.options.ignorable ?? false
    if (ignorable !== known.ignorable)
      found.push(`${at}: absent ${name} is ${ignorable ? '' : 'not '}ignorable, unlike in Kafka`)
    if (!isDeepStrictEqual(defaultOf(field), kafkaDefaultOf(known)))
      found.push(
        `${at}: absent ${name} is ${shown(defaultOf(field))}, in Kafka ` +
          shown(kafkaDefaultOf(known)),
      )
  }
  for (const fields of kafkas)
    for (const { name, versions } of fields)
      if (!(name in declared) && versions !== null && reaches(versions, context))
        found.push(`${at}: field ${name} of another version is not declared`)
}

/** Fields of versions below the oldest declared one are no concern of the declaration. */
function reaches(versions: readonly [number, number], { version }: Context): boolean {
  return versions[1] >= version
}

function isPresent(field: Field<unknown>, version: number): boolean {
  const { since = 0, until = Infinity } = field.options
  return version >= since && version <= until
}

function tagOf({ options }: Field<unknown>, version: number): number | null {
  const taggedSince = options.taggedSince ?? options.since ?? 0
  return options.tag !== undefined && version >= taggedSince ? options.tag : null
}

function kafkaTagOf(field: KafkaField, version: number): number | null {
  return includes(field.tagged, version) ? field.tag : null
}

/** `records` is nullable with us; where it never is in Kafka, `bytes` says the same on the wire. */
function typeOf(field: Field<unknown>): string {
  return field.kind === 'array' ? `array of ${field.element?.kind}` : field.kind
}

function kafkaTypeOf(field: KafkaField): string {
  const type = /^[A-Z]/.test(field.type) ? 'struct' : field.type
  const named = type === 'bool' ? 'boolean' : type
  if (field.isArray) return `array of ${named}`
  return named === 'records' && field.nullable === null ? 'bytes' : named
}

function kafkaNullable(field: KafkaField, version: number): boolean {
  return includes(field.nullable, version)
}

/** The value that Kafka's own classes give a field which was not read (FieldSpec.java). */
function kafkaDefaultOf(field: KafkaField): unknown {
  if (field.default === 'null') return null
  if (field.isArray) return []
  switch (field.type) {
    case 'string':
      return field.default
    case 'bool':
      return field.default === 'true'
    case 'int64':
      return BigInt(field.default === '' ? 0 : field.default)
    case 'uuid':
      return ZERO_UUID
    case 'bytes':
      return new Uint8Array(0)
    case 'records':
      return field.nullable === null ? new Uint8Array(0) : null
    default:
      if (field.fields.length > 0)
        return Object.fromEntries(field.fields.map(each => [each.name, kafkaDefaultOf(each)]))
      return Number(field.default)
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? `${inner}n` : inner,
  )
}
