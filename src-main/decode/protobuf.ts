/**
 * Protobuf without its schema: the wire format alone, which has field numbers for names and five
 * shapes for types. What a field most likely is stands in the JSON; what else its bytes may be is
 * told in the notes. Groups, deprecated since proto3, are read like messages.
 */
import { bytesText, float32Text, float64Text, stringText } from './json-text.ts'
import { readAsJson, refused, type Reading } from './reading.ts'
import { surveyText, utf8Text } from './utf8.ts'

/** Guessing reads the inside of a field again at each depth, so this bounds the work as well. */
const NESTING_MAX = 32
const FIELD_NUMBER_MAX = 536_870_911
const VARINT_BYTES_MAX = 10
const ALTERNATIVES_MAX = 12
/** A double or float of everyday size is likelier than an integer with these bits. */
const EVERYDAY_MIN = 1e-6
const EVERYDAY_MAX = 1e13

export const SCHEMALESS_NOTE =
  'read without a schema: field numbers stand for names, and the types are guesses'

/** What `auto` judges a reading by. */
export interface ProtobufSigns {
  fieldNumberMax: number
  /** Length of the longest text in it. */
  textCharsMax: number
}

export function readProtobuf(bytes: Uint8Array): Reading {
  const header = bytes[0] === 0 ? registryHeaderBytes(bytes) : 0
  const reading = readWire(bytes.subarray(header), header).reading
  if (header === 0 || reading.type !== 'read') return reading
  return {
    ...reading,
    notes: [`after a schema registry's header of ${header} bytes`, ...reading.notes],
  }
}

export function readWire(
  bytes: Uint8Array,
  base = 0,
): { readonly reading: Reading; readonly signs: ProtobufSigns } {
  const signs: ProtobufSigns = { fieldNumberMax: 0, textCharsMax: 0 }
  const alternatives: string[] = []
  const wire = new Wire(bytes, signs, alternatives)
  const text = wire.message(bytes.length, 0, '', null)
  if (text === null) return { reading: refused(wire.reason, wire.at + base), signs }
  const more = alternatives.length - ALTERNATIVES_MAX
  return {
    reading: readAsJson(text, [
      SCHEMALESS_NOTE,
      ...alternatives.slice(0, ALTERNATIVES_MAX),
      ...(more > 0 ? [`${more} more fields may be something else`] : []),
    ]),
    signs,
  }
}

/** Magic byte, schema id, and the indexes of the message in its schema, a count before them. */
function registryHeaderBytes(bytes: Uint8Array): number {
  let at = 5
  const count = bytes[at] ?? 0
  at += 1
  // Zigzag: a count of n is written 2n; 0 stands for the first message.
  for (let left = count >> 1; left > 0 && at < bytes.length; left -= 1) {
    while ((bytes[at] ?? 0) >= 0x80) at += 1
    at += 1
  }
  return Math.min(at, bytes.length)
}

class Wire {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #signs: ProtobufSigns
  readonly #alternatives: string[]
  at = 0
  reason = ''

  constructor(bytes: Uint8Array, signs: ProtobufSigns, alternatives: string[]) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#signs = signs
    this.#alternatives = alternatives
  }

  /** Fields up to `end`, or up to the end of the group with this number. */
  message(end: number, depth: number, path: string, group: number | null): string | null {
    if (depth > NESTING_MAX) return this.#refuse(`nested deeper than ${NESTING_MAX}`, this.at)
    const fields = new Map<number, string[]>()
    for (;;) {
      if (this.at === end) {
        if (group !== null) return this.#refuse(`group ${group} is not closed`, this.at)
        return writeFields(fields)
      }
      const from = this.at
      const tag = this.#varint(end)
      if (tag === null) return null
      const number = Number(tag >> 3n)
      const wireType = Number(tag & 7n)
      if (number < 1 || number > FIELD_NUMBER_MAX)
        return this.#refuse(`${number} is no field number`, from)
      if (wireType === 4) {
        if (number !== group) return this.#refuse(`an end of group ${number} without it`, from)
        return writeFields(fields)
      }
      this.#signs.fieldNumberMax = Math.max(this.#signs.fieldNumberMax, number)
      const name = path === '' ? `${number}` : `${path}.${number}`
      const value = this.#field(wireType, { number, name, end, depth, from })
      if (value === null) return null
      const known = fields.get(number)
      if (known === undefined) fields.set(number, [value])
      else known.push(value)
    }
  }

  #field(
    wireType: number,
    place: { number: number; name: string; end: number; depth: number; from: number },
  ): string | null {
    const { number, name, end, depth, from } = place
    switch (wireType) {
      case 0: {
        const value = this.#varint(end)
        return value === null ? null : this.#integer(value, name)
      }
      case 1:
        return this.#take(8, end, at => this.#fixed64(at, name))
      case 2: {
        const length = this.#varint(end)
        if (length === null) return null
        const at = this.at
        if (length > BigInt(end - at))
          return this.#refuse(
            `field ${name} is to have ${length} bytes, ${end - at} are left`,
            from,
          )
        this.at += Number(length)
        return this.#delimited(at, this.at, depth, name)
      }
      case 3:
        return this.message(end, depth + 1, name, number)
      case 5:
        return this.#take(4, end, at => this.#fixed32(at, name))
      default:
        return this.#refuse(`field ${name} has wire type ${wireType}, which there is not`, from)
    }
  }

  /** Text, a message within, or bytes. Text that begins with white space is a message if it can be. */
  #delimited(from: number, to: number, depth: number, name: string): string {
    if (from === to) {
      this.#or(name, 'empty: text, bytes or a message')
      return '""'
    }
    const bytes = this.#bytes.subarray(from, to)
    const isText = surveyText(bytes).errorAt < 0
    const first = bytes[0] ?? 0
    if (isText && first > 0x20) return this.#string(bytes)

    const alternativesBefore = this.#alternatives.length
    const inner = new Wire(bytes, { ...this.#signs }, this.#alternatives)
    const message = inner.message(bytes.length, depth + 1, name, null)
    if (message !== null) {
      Object.assign(this.#signs, inner.#signs)
      return message
    }
    this.#alternatives.length = alternativesBefore
    if (isText) return this.#string(bytes)
    const packed = packedVarints(bytes)
    if (packed !== null) this.#or(name, `packed integers ${packed}`)
    return bytesText(bytes)
  }

  #string(bytes: Uint8Array): string {
    const text = utf8Text(bytes)
    this.#signs.textCharsMax = Math.max(this.#signs.textCharsMax, text.length)
    return stringText(text)
  }

  #integer(value: bigint, name: string): string {
    const signed = BigInt.asIntN(64, value)
    if (signed < 0n) this.#or(name, `uint64 ${value}`)
    else if (value > 1n) this.#or(name, `sint ${(value >> 1n) ^ -(value & 1n)}`)
    return `${signed}`
  }

  #fixed64(at: number, name: string): string {
    const double = this.#view.getFloat64(at, true)
    const integer = this.#view.getBigInt64(at, true)
    if (isEveryday(double)) {
      this.#or(name, `fixed64 ${integer}`)
      return float64Text(double)
    }
    this.#or(name, `double ${double}`)
    return `${integer}`
  }

  #fixed32(at: number, name: string): string {
    const float = this.#view.getFloat32(at, true)
    const integer = this.#view.getInt32(at, true)
    if (isEveryday(float)) {
      this.#or(name, `fixed32 ${integer}`)
      return float32Text(float)
    }
    this.#or(name, `float ${float}`)
    return `${integer}`
  }

  #or(name: string, alternative: string): void {
    this.#alternatives.push(`field ${name} may be ${alternative}`)
  }

  #varint(end: number): bigint | null {
    const from = this.at
    // Nearly all fit into 28 bits.
    let low = 0
    for (let place = 0; place < VARINT_BYTES_MAX; place += 1) {
      const byte = this.at < end ? this.#bytes[this.at] : undefined
      if (byte === undefined) return this.#refuse('the bytes end inside a number', from)
      this.at += 1
      if (place < 4) low += (byte & 0x7f) << (place * 7)
      if (byte < 0x80) return place < 4 ? BigInt(low) : this.#longVarint(from, this.at)
    }
    return this.#refuse(`a number is longer than ${VARINT_BYTES_MAX} bytes`, from)
  }

  #longVarint(from: number, to: number): bigint {
    let value = 0n
    for (let at = to - 1; at >= from; at -= 1)
      value = (value << 7n) | BigInt(this.#bytes[at]! & 0x7f)
    return BigInt.asUintN(64, value)
  }

  #take(length: number, end: number, read: (at: number) => string): string | null {
    const at = this.at
    if (length > end - at)
      return this.#refuse(`${length} bytes are due and ${end - at} are left`, at)
    this.at += length
    return read(at)
  }

  #refuse(reason: string, at: number): null {
    this.reason = reason
    this.at = at
    return null
  }
}

/** Fields in the order in which they first came; a repeated one is an array. */
function writeFields(fields: ReadonlyMap<number, readonly string[]>): string {
  const entries = [...fields].map(
    ([number, values]) =>
      `"${number}":${values.length === 1 ? values[0] : `[${values.join(',')}]`}`,
  )
  return `{${entries.join(',')}}`
}

function isEveryday(value: number): boolean {
  const size = Math.abs(value)
  return value === 0 || (size >= EVERYDAY_MIN && size <= EVERYDAY_MAX)
}

/** The numbers, where bytes are nothing but varints; as text, for a note. */
function packedVarints(bytes: Uint8Array): string | null {
  if (bytes.length > 64) return null
  const values: bigint[] = []
  let value = 0n
  let shift = 0n
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift
    shift += 7n
    if (byte >= 0x80) continue
    values.push(value)
    value = 0n
    shift = 0n
  }
  return shift === 0n && values.length > 0 ? `[${values.join(', ')}]` : null
}
