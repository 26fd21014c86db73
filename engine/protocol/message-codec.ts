/**
 * Compiles the fields of a declaration, for one version, into a reader and a writer: a list of
 * closures, in which no question about versions is left.
 *
 * It knows the wire format of Kafka's types and of tagged fields (KIP-482), and no message.
 */
import { assert } from '../support/assert.ts'
import { KafkaError } from './errors.ts'
import { InvalidFrameError } from './invalid-frame.ts'
import { Reader } from './reader.ts'
import type { Field, Fields } from './schema.ts'
import { Writer } from './writer.ts'

/** The id that stands for "none": sixteen zero bytes. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

export interface Codec {
  /** No value takes fewer bytes, so that an array's length can be refused before it is read. */
  readonly bytesMin: number
  read(reader: Reader): unknown
  write(writer: Writer, value: any): void
}

interface FieldCodec extends Codec {
  readonly name: string
  readonly default: unknown
}

interface TaggedCodec extends FieldCodec {
  readonly tag: number
}

interface AbsentField {
  readonly name: string
  readonly default: unknown
  readonly ignorable: boolean
}

type Values = Record<string, unknown>

/** Told where each field of a message lies while it is read; see traced-message.ts. */
export interface FieldTracer {
  /** `name` is null for an element of an array; a tagged field has its tag. */
  enter(field: Field<unknown>, name: string | null, position: number): void
  leave(position: number, value: unknown): void
}

/** How one field is compiled: its message's version, its length prefixes and its full name. */
interface Scope {
  readonly version: number
  readonly flexible: boolean
  /**
   * Values of fields that the version lacks are dropped. So with responses: the asker chose the
   * version, and gets what it can hold. A request would ask for something else than was meant.
   */
  readonly dropsAbsent: boolean
  readonly path: string
  /** Only for a codec that is made to show its message; others are not slowed by it. */
  readonly tracer?: FieldTracer
}

export function structCodec(fields: Fields, scope: Scope): Codec {
  const { plain, tagged, absent } = sorted(fields, scope)
  const taggedByNumber = new Map(tagged.map(field => [field.tag, field]))
  // A copy of it has every field in place, which is faster than adding them one by one.
  const defaults: Values = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, defaultOf(field)]),
  )
  return {
    bytesMin: plain.reduce((sum, field) => sum + field.bytesMin, scope.flexible ? 1 : 0),
    read(reader) {
      const value: Values = { ...defaults }
      for (const field of plain) value[field.name] = field.read(reader)
      if (scope.flexible) readTaggedFields(reader, taggedByNumber, value)
      return value
    },
    write(writer, value: Values) {
      for (const field of plain) {
        const given = value[field.name]
        field.write(writer, given === undefined ? field.default : given)
      }
      for (const field of absent) {
        const given = value[field.name]
        if (scope.dropsAbsent || given === undefined || field.ignorable) continue
        if (same(given, field.default)) continue
        throw new KafkaError(
          'UNSUPPORTED_VERSION',
          `${scope.path} version ${scope.version} has no field ${field.name}`,
        )
      }
      if (scope.flexible) writeTaggedFields(writer, tagged, value)
    },
  }
}

/** The fields of one version: on the wire in order, on the wire by tag, and not on the wire. */
function sorted(fields: Fields, scope: Scope) {
  const { version, flexible, path } = scope
  const plain: FieldCodec[] = []
  const tagged: TaggedCodec[] = []
  const absent: AbsentField[] = []
  for (const [name, field] of Object.entries(fields)) {
    const { since = 0, until = Infinity, tag } = field.options
    const byDefault = defaultOf(field)
    if (version < since || version > until) {
      absent.push({ name, default: byDefault, ignorable: field.options.ignorable === true })
      continue
    }
    const inner: Scope = {
      ...scope,
      flexible: flexible && field.options.flexible !== false,
      path: `${path}.${name}`,
    }
    const codec = fieldCodec(field, inner, name)
    if (tag !== undefined && isTagged(field, version))
      tagged.push({ name, tag, default: byDefault, ...codec })
    else plain.push({ name, default: byDefault, ...codec })
  }
  tagged.sort((a, b) => a.tag - b.tag)
  return { plain, tagged, absent }
}

function isTagged({ options }: Field<unknown>, version: number): boolean {
  return options.tag !== undefined && version >= (options.taggedSince ?? options.since ?? 0)
}

function readTaggedFields(
  reader: Reader,
  fields: ReadonlyMap<number, TaggedCodec>,
  value: Values,
): void {
  const count = reader.taggedFieldCount()
  for (let read = 0; read < count; read++) {
    const tag = reader.unsignedVarint()
    const size = reader.unsignedVarint()
    const start = reader.skip(size)
    const field = fields.get(tag)
    // An unknown tag is from a newer Kafka, and is skipped by design (KIP-482).
    if (field === undefined) continue
    const content = new Reader(reader.bytes, start, start + size)
    value[field.name] = field.read(content)
    if (content.remaining > 0)
      throw new InvalidFrameError(`tagged field ${field.name} leaves ${content.remaining} bytes`)
  }
}

function writeTaggedFields(writer: Writer, fields: readonly TaggedCodec[], value: Values): void {
  let count = 0
  for (const field of fields) if (isGiven(field, value)) count++
  writer.unsignedVarint(count)
  if (count === 0) return
  for (const field of fields) {
    if (!isGiven(field, value)) continue
    const content = new Writer()
    field.write(content, value[field.name])
    writer.unsignedVarint(field.tag)
    writer.unsignedVarint(content.position)
    writer.raw(content.finish())
  }
}

/** A tagged field is left out while it has its default. */
function isGiven(field: TaggedCodec, value: Values): boolean {
  const given = value[field.name]
  return given !== undefined && !same(given, field.default)
}

const scalarCodecs = {
  int8: { bytesMin: 1, read: r => r.int8(), write: (w, value: number) => w.int8(value) },
  int16: { bytesMin: 2, read: r => r.int16(), write: (w, value: number) => w.int16(value) },
  uint16: { bytesMin: 2, read: r => r.uint16(), write: (w, value: number) => w.uint16(value) },
  int32: { bytesMin: 4, read: r => r.int32(), write: (w, value: number) => w.int32(value) },
  uint32: { bytesMin: 4, read: r => r.uint32(), write: (w, value: number) => w.uint32(value) },
  int64: { bytesMin: 8, read: r => r.int64(), write: (w, value: bigint) => w.int64(value) },
  float64: { bytesMin: 8, read: r => r.float64(), write: (w, value: number) => w.float64(value) },
  boolean: { bytesMin: 1, read: r => r.boolean(), write: (w, value: boolean) => w.boolean(value) },
  uuid: { bytesMin: 16, read: r => r.uuid(), write: (w, value: string) => w.uuid(value) },
} as const satisfies Record<string, Codec>

function fieldCodec(field: Field<unknown>, scope: Scope, name: string | null): Codec {
  const codec = kindCodec(field, scope)
  const { tracer } = scope
  if (tracer === undefined) return codec
  return {
    ...codec,
    read(reader) {
      tracer.enter(field, name, reader.position)
      const value = codec.read(reader)
      tracer.leave(reader.position, value)
      return value
    },
  }
}

function kindCodec(field: Field<unknown>, scope: Scope): Codec {
  const { since = 0, nullableSince = since } = field.options
  const nullable = field.nullable && scope.version >= nullableSince
  switch (field.kind) {
    case 'string':
      return stringCodec(field, nullable, scope)
    case 'bytes':
    case 'records':
      return bytesCodec(field, nullable, scope)
    case 'array':
      return arrayCodec(field, nullable, scope)
    case 'struct': {
      const codec = structCodec(field.fields!, scope)
      if (!nullable) return codec
      return nullableStructCodec(codec, isTagged(field, scope.version) ? 0 : -1)
    }
    default:
      return scalarCodecs[field.kind]
  }
}

function stringCodec(field: Field<unknown>, nullable: boolean, scope: Scope): Codec {
  const { flexible, path } = scope
  return {
    bytesMin: flexible ? 1 : 2,
    read(reader) {
      const length = reader.stringLength(flexible)
      return length < 0 ? readNull(nullable, path) : reader.utf8(length)
    },
    write(writer, value: string | null) {
      if (value === null && !nullable) refuseNull(field, scope)
      writer.string(value, flexible)
    },
  }
}

function bytesCodec(field: Field<unknown>, nullable: boolean, scope: Scope): Codec {
  const { flexible, path } = scope
  return {
    bytesMin: flexible ? 1 : 4,
    read(reader) {
      const length = reader.bytesLength(flexible)
      return length < 0 ? readNull(nullable, path) : reader.view(length)
    },
    write(writer, value: Uint8Array | null) {
      if (value === null && !nullable) refuseNull(field, scope)
      writer.bytes(value, flexible)
    },
  }
}

function arrayCodec(field: Field<unknown>, nullable: boolean, scope: Scope): Codec {
  const { flexible, path } = scope
  const element = fieldCodec(field.element!, scope, null)
  // Else a few bytes could claim a million elements, and those in turn a million each.
  assert(element.bytesMin > 0, `every element of ${path} takes at least one byte`)
  return {
    bytesMin: flexible ? 1 : 4,
    read(reader) {
      const length = reader.arrayLength(flexible)
      if (length < 0) return readNull(nullable, path)
      if (length * element.bytesMin > reader.remaining)
        throw new InvalidFrameError(`${length} elements of ${path} in ${reader.remaining} bytes`)
      const elements: unknown[] = []
      for (let read = 0; read < length; read++) elements.push(element.read(reader))
      return elements
    },
    write(writer, value: readonly unknown[] | null) {
      if (value === null) {
        if (!nullable) refuseNull(field, scope)
        writer.arrayLength(-1, flexible)
        return
      }
      writer.arrayLength(value.length, flexible)
      for (const each of value) element.write(writer, each)
    },
  }
}

/** A struct after a 1, or the mark of null: -1, but 0 in a tagged field (KIP-893). */
function nullableStructCodec(codec: Codec, nullMark: 0 | -1): Codec {
  return {
    bytesMin: 1,
    read: reader => (reader.int8() <= nullMark ? null : codec.read(reader)),
    write(writer, value) {
      writer.int8(value === null ? nullMark : 1)
      if (value !== null) codec.write(writer, value)
    },
  }
}

function readNull(nullable: boolean, path: string): null {
  if (nullable) return null
  throw new InvalidFrameError(`${path} is null`)
}

/** Null where newer versions allow it is a question of the version; elsewhere it is our bug. */
function refuseNull(field: Field<unknown>, { version, path }: Scope): never {
  assert(field.nullable, `${path} is never null`)
  throw new KafkaError('UNSUPPORTED_VERSION', `${path} cannot be null in version ${version}`)
}

/** What a reader finds in a version that lacks the field, and what a writer may leave out. */
export function defaultOf(field: Field<unknown>): unknown {
  if (field.options.default !== undefined) return Object.freeze(field.options.default)
  if (field.nullable) return null
  switch (field.kind) {
    case 'int64':
      return 0n
    case 'boolean':
      return false
    case 'string':
      return ''
    case 'uuid':
      return ZERO_UUID
    case 'bytes':
    case 'records':
      return new Uint8Array(0)
    case 'array':
      return Object.freeze([])
    case 'struct':
      return Object.freeze(
        Object.fromEntries(
          Object.entries(field.fields!).map(([name, inner]) => [name, defaultOf(inner)]),
        ),
      )
    default:
      return 0
  }
}

/** Whether a value is its field's default, as Kafka compares them. */
function same(value: unknown, byDefault: unknown): boolean {
  if (value === byDefault) return true
  if (typeof value !== 'object' || typeof byDefault !== 'object') return false
  if (value === null || byDefault === null) return false
  if (value instanceof Uint8Array) return value.length === 0 && isEmpty(byDefault)
  if (Array.isArray(value)) return value.length === 0 && isEmpty(byDefault)
  return Object.entries(byDefault).every(([name, inner]) => {
    const given = (value as Values)[name]
    return given === undefined || same(given, inner)
  })
}

function isEmpty(value: object): boolean {
  return (Array.isArray(value) || value instanceof Uint8Array) && value.length === 0
}
