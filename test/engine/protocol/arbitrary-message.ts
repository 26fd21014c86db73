/** Random values of any declared message in any version, for properties over all of them. */
import fc from 'fast-check'
import { defaultOf } from '../../../engine/protocol/message-codec.ts'
import type { Field, Fields, Message } from '../../../engine/protocol/schema.ts'

type Value = Record<string, unknown>

/** A value with the fields that the version has, and no others. */
export function arbitraryMessage(message: Message, version: number): fc.Arbitrary<Value> {
  return arbitraryStruct(message.fields, version)
}

function arbitraryStruct(fields: Fields, version: number): fc.Arbitrary<Value> {
  const present = Object.entries(fields).filter(([, field]) => isPresent(field, version))
  return fc.record(
    Object.fromEntries(present.map(([name, field]) => [name, arbitraryField(field, version)])),
    { noNullPrototype: true },
  )
}

function arbitraryField(field: Field<unknown>, version: number): fc.Arbitrary<unknown> {
  const { since = 0, nullableSince = since } = field.options
  const value = arbitraryValue(field, version)
  const usual =
    'default' in field.options
      ? fc.oneof({ weight: 4, arbitrary: value }, fc.constant(defaultOf(field)))
      : value
  if (!field.nullable) return usual
  return version >= nullableSince
    ? fc.option(usual, { freq: 3 })
    : usual.filter(each => each !== null)
}

function arbitraryValue(field: Field<unknown>, version: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f })
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff })
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff })
    case 'int32':
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffff_ffff })
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    case 'float64':
      return fc.double({ noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 8 })
    case 'bytes':
    case 'records':
      return fc.uint8Array({ maxLength: 8 })
    case 'uuid':
      return fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map(bytes => Buffer.from(bytes).toString('base64url'))
    case 'array':
      return fc.array(arbitraryField(field.element!, version), { maxLength: 3 })
    case 'struct':
      return arbitraryStruct(field.fields!, version)
  }
}

/** The value a reader gives for what was written: absent fields come back as their defaults. */
export function asRead(fields: Fields, value: Value, version: number): Value {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      isPresent(field, version) ? fieldAsRead(field, value[name], version) : defaultOf(field),
    ]),
  )
}

function fieldAsRead(field: Field<unknown>, value: unknown, version: number): unknown {
  if (value === null) return null
  if (field.kind === 'struct') return asRead(field.fields!, value as Value, version)
  if (field.kind === 'array')
    return (value as unknown[]).map(each => fieldAsRead(field.element!, each, version))
  return value
}

/** Bytes as text, so that a view of a frame equals a copy of the same bytes. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, comparable(each)]))
  return value
}

export function isPresent({ options }: Field<unknown>, version: number): boolean {
  return version >= (options.since ?? 0) && version <= (options.until ?? Infinity)
}
