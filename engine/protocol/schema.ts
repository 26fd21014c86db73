/**
 * Kafka messages as data. A declaration lists a message's fields in Kafka's own order, with the
 * versions each exists in; the TypeScript type, the reader and the writer of every version follow
 * from it, so the two directions cannot drift apart.
 *
 * A declaration is compiled once for each version that is used: see message-codec.ts.
 * Vocabulary (versions, flexible, tagged, nullable, ignorable): Apache Kafka, message/README.md.
 */
import { KafkaError } from './errors.ts'
import { InvalidFrameError } from './invalid-frame.ts'
import { structCodec, type Codec } from './message-codec.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

export interface FieldOptions<T> {
  /** First version that has the field; 0 when not given. */
  readonly since?: number
  /** Last version that has the field. */
  readonly until?: number
  /** First version in which null may be sent; the field's first version when not given. */
  readonly nullableSince?: number
  /** What a reader finds where the version lacks the field. */
  readonly default?: T
  /** A version without the field drops its value instead of refusing the message. */
  readonly ignorable?: boolean
  /** The tag number, from `taggedSince` on (or `since`, when not given). */
  readonly tag?: number
  readonly taggedSince?: number
  /** False for a field that keeps its old length prefix in flexible versions too. */
  readonly flexible?: boolean
}

type Kind =
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'boolean'
  | 'string'
  | 'bytes'
  | 'records'
  | 'uuid'
  | 'array'
  | 'struct'

/** One field. `Optional` says whether a writer may leave it out and so get its default. */
export interface Field<T, Optional extends boolean = boolean> {
  readonly kind: Kind
  readonly nullable: boolean
  readonly options: FieldOptions<T>
  /** The element of an array. */
  readonly element?: Field<unknown>
  /** The fields of a struct. */
  readonly fields?: Fields
  /** Exists for the type checker alone. */
  readonly '~type'?: T
  readonly '~optional'?: Optional
}

export type Fields = Readonly<Record<string, Field<any>>>

type Simplify<T> = { [K in keyof T]: T[K] }
type TypeOf<F> = F extends Field<infer T> ? T : never
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<any, true> ? K : never
}[keyof F]

/** What a reader gives: every field, with defaults for those that the version lacks. */
export type ValueOf<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> }

/** What a writer takes: fields with options may be left out. */
type WrittenField<T> = T extends readonly (infer E)[]
  ? readonly WrittenField<E>[]
  : T extends Uint8Array | bigint | string | number | boolean | null
    ? T
    : T extends { readonly '~input'?: infer I }
      ? NonNullable<I>
      : T
export type InputOf<F extends Fields> = Simplify<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: WrittenField<TypeOf<F[K]>> } & {
    readonly [K in OptionalKeys<F>]?: WrittenField<TypeOf<F[K]>>
  }
>

/** A struct's value remembers, for the type checker alone, what a writer of it must give. */
export type StructValue<F extends Fields> = ValueOf<F> & { readonly '~input'?: InputOf<F> }

type Maker<T> = {
  (): Field<T, false>
  (options: FieldOptions<T>): Field<T, true>
}

function primitive<T>(kind: Kind, nullable = false): Maker<T> {
  return (options: FieldOptions<T> = {}) => ({ kind, nullable, options })
}

export const int8 = primitive<number>('int8')
export const int16 = primitive<number>('int16')
export const uint16 = primitive<number>('uint16')
export const int32 = primitive<number>('int32')
export const uint32 = primitive<number>('uint32')
export const int64 = primitive<bigint>('int64')
export const float64 = primitive<number>('float64')
export const boolean = primitive<boolean>('boolean')
export const string = primitive<string>('string')
export const nullableString = primitive<string | null>('string', true)
export const bytes = primitive<Uint8Array>('bytes')
export const nullableBytes = primitive<Uint8Array | null>('bytes', true)
/** Record batches, left as they are. */
export const records = primitive<Uint8Array | null>('records', true)
/** An id in Kafka's notation: 22 characters of URL-safe base64. */
export const uuid = primitive<string>('uuid')

export { ZERO_UUID } from './message-codec.ts'

export function array<T>(element: Field<T>): Field<readonly T[], false>
export function array<T>(
  element: Field<T>,
  options: FieldOptions<readonly T[]>,
): Field<readonly T[], true>
export function array<T>(element: Field<T>, options = {}): Field<readonly T[]> {
  return { kind: 'array', nullable: false, options, element }
}

export function nullableArray<T>(element: Field<T>): Field<readonly T[] | null, false>
export function nullableArray<T>(
  element: Field<T>,
  options: FieldOptions<readonly T[] | null>,
): Field<readonly T[] | null, true>
export function nullableArray<T>(element: Field<T>, options = {}): Field<readonly T[] | null> {
  return { kind: 'array', nullable: true, options, element }
}

export function struct<F extends Fields>(fields: F): Field<StructValue<F>, false>
export function struct<F extends Fields>(
  fields: F,
  options: FieldOptions<StructValue<F>>,
): Field<StructValue<F>, true>
export function struct<F extends Fields>(fields: F, options = {}): Field<StructValue<F>> {
  return { kind: 'struct', nullable: false, options, fields }
}

/** A struct or null, marked on the wire by one byte (KIP-893). */
export function nullableStruct<F extends Fields>(
  fields: F,
  options: FieldOptions<StructValue<F> | null> = {},
): Field<StructValue<F> | null, true> {
  return { kind: 'struct', nullable: true, options, fields }
}

export interface MessageOptions<F extends Fields> {
  /** Kafka's name of the message, such as `HeartbeatRequest`. */
  readonly name: string
  /** The API's key; records of internal topics have their type here, or nothing. */
  readonly apiKey?: number
  /** First and last version. */
  readonly versions: readonly [number, number]
  /** First version with compact lengths and tagged fields, or null for none. */
  readonly flexibleSince: number | null
  readonly fields: F
}

export interface Message<F extends Fields = Fields> extends MessageOptions<F> {
  read(reader: Reader, version: number): ValueOf<F>
  write(writer: Writer, value: InputOf<F>, version: number): void
  /** Reads a whole body, and refuses bytes that are left over. */
  decode(body: Uint8Array, version: number): ValueOf<F>
  /** The body alone, in a buffer of its own. */
  encode(value: InputOf<F>, version: number): Uint8Array
  flexible(version: number): boolean
}

/** The value a reader of this message gives. */
export type Infer<M> = M extends Message<infer F> ? ValueOf<F> : never
/** The value a writer of this message takes. */
export type Input<M> = M extends Message<infer F> ? InputOf<F> : never

export function message<F extends Fields>(options: MessageOptions<F>): Message<F> {
  const codecs = new Map<number, Codec>()
  const flexible = (version: number) =>
    options.flexibleSince !== null && version >= options.flexibleSince
  const codec = (version: number): Codec => {
    const known = codecs.get(version)
    if (known !== undefined) return known
    const [first, last] = options.versions
    if (version < first || version > last)
      throw new KafkaError(
        'UNSUPPORTED_VERSION',
        `${options.name} has versions ${first} to ${last}, not ${version}`,
      )
    const compiled = structCodec(options.fields, {
      version,
      flexible: flexible(version),
      dropsAbsent: options.name.endsWith('Response'),
      path: options.name,
    })
    codecs.set(version, compiled)
    return compiled
  }
  return {
    ...options,
    flexible,
    read: (reader, version) => codec(version).read(reader) as ValueOf<F>,
    write: (writer, value, version) => codec(version).write(writer, value),
    decode(body, version) {
      const reader = new Reader(body)
      const value = codec(version).read(reader) as ValueOf<F>
      if (reader.remaining > 0)
        throw new InvalidFrameError(
          `${options.name} version ${version} leaves ${reader.remaining} bytes unread`,
        )
      return value
    },
    encode(value, version) {
      const writer = new Writer()
      codec(version).write(writer, value)
      return writer.finish()
    },
  }
}
