/**
 * One value as one frame of bytes: a JSON head, then the byte strings it refers to.
 *
 *     format (1 byte) | head length (uint32) | head: [value, [lengths]] as UTF-8 | bytes …
 *
 * JSON, because the platform's own parser is the fastest there is in a page, and a frame stays
 * readable in the browser's network panel. Bytes apart, because base64 would cost a third more and
 * two copies, and record values are what most frames are made of. Every transport carries these
 * same bytes, so that none can differ in what it does to a bigint: `{"$n": "9007199254740993"}`.
 * Bytes are `{"$b": index}` and NaN and the infinities `{"$f": name}`; a key that begins with `$`
 * gets one more.
 */
import { ContractError, EncodedValue } from './define.ts'

const FORMAT = 1
const HEADER_BYTES = 5
const DEPTH_MAX = 64

/** Values in, bytes out. Fields that are undefined are left out, as in JSON. */
export function encodeFrame(value: unknown): Uint8Array {
  const parts: Parts = { attachments: [], encoded: [] }
  const packed = pack(value, parts, 0)
  const lengths = parts.attachments.map(each => each.length)
  const pieces = piecesOf(JSON.stringify([packed ?? null, lengths]), parts.encoded)
  const headBytes = pieces.reduce((total, { length }) => total + length, 0)

  let at = HEADER_BYTES
  const total = lengths.reduce((sum, length) => sum + length, HEADER_BYTES + headBytes)
  const frame = new Uint8Array(total)
  frame[0] = FORMAT
  new DataView(frame.buffer).setUint32(1, headBytes)
  for (const each of [...pieces, ...parts.attachments]) {
    frame.set(each, at)
    at += each.length
  }
  return frame
}

/** What does not stand in the head's JSON as it is. */
interface Parts {
  readonly attachments: Uint8Array[]
  /** JSON of values that somebody else has encoded. */
  readonly encoded: Uint8Array[]
}

/** No string holds this, since its quotes would be escaped, and no object, since its `$` would be. */
const ENCODED_PLACE = /\{"\$e":(\d+)\}/

/** The head, with encoded values in their places. */
function piecesOf(head: string, encoded: readonly Uint8Array[]): Uint8Array[] {
  const encoder = new TextEncoder()
  if (encoded.length === 0) return [encoder.encode(head)]
  // Texts and the numbers of what stands between them take turns.
  return head
    .split(ENCODED_PLACE)
    .map((piece, index) => (index % 2 === 0 ? encoder.encode(piece) : encoded[Number(piece)]!))
}

/** Bytes in the value are views of the frame. Throws `INVALID_INPUT` on what is no frame. */
export function decodeFrame(frame: Uint8Array): unknown {
  if (frame.length < HEADER_BYTES || frame[0] !== FORMAT) return refuse('unknown format')
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const headEnd = HEADER_BYTES + view.getUint32(1)
  if (headEnd > frame.length) return refuse(`head ends at ${headEnd} of ${frame.length}`)
  const [value, lengths] = parseHead(frame.subarray(HEADER_BYTES, headEnd))

  let at = headEnd
  const attachments = lengths.map(length => {
    if (!Number.isInteger(length) || length < 0 || length > frame.length - at)
      return refuse(`bytes of ${String(length)} with ${frame.length - at} left`)
    at += length
    return frame.subarray(at - length, at)
  })
  if (at !== frame.length) return refuse(`${frame.length - at} bytes are left over`)
  return unpack(value, attachments, 0)
}

/** What a result and an item begin with, as `encodeFrame` writes them. */
const OPENING = /^\[\{"type":"(result|item)","id":(\d{1,16}),"value":/
const OPENING_BYTES_MAX = 64

export interface OpenedFrame {
  readonly type: 'result' | 'item'
  readonly id: number
  /** A view of the frame. */
  readonly value: EncodedValue
}

/** Reads whose a result or an item is and leaves its value encoded; null for any other frame. */
export function openFrame(frame: Uint8Array): OpenedFrame | null {
  if (frame.length < HEADER_BYTES || frame[0] !== FORMAT) return null
  const headBytes = new DataView(frame.buffer, frame.byteOffset).getUint32(1)
  const beginning = frame.subarray(HEADER_BYTES, HEADER_BYTES + OPENING_BYTES_MAX)
  const found = OPENING.exec(String.fromCharCode(...beginning))
  if (found === null || HEADER_BYTES + headBytes > frame.length) return null
  const [opening, type, id] = found
  const tail = frame.subarray(HEADER_BYTES + opening.length)
  return {
    type: type === 'item' ? 'item' : 'result',
    id: Number(id),
    value: new EncodedValue(tail, headBytes - opening.length),
  }
}

/** The same bytes as `encodeFrame({ type, id, value })`, where `value` is not encoded yet. */
export function spliceFrame(
  type: OpenedFrame['type'],
  id: number,
  { tail, headBytes }: EncodedValue,
): Uint8Array {
  const opening = new TextEncoder().encode(`[{"type":"${type}","id":${id},"value":`)
  const frame = new Uint8Array(HEADER_BYTES + opening.length + tail.length)
  frame[0] = FORMAT
  new DataView(frame.buffer).setUint32(1, opening.length + headBytes)
  frame.set(opening, HEADER_BYTES)
  frame.set(tail, HEADER_BYTES + opening.length)
  return frame
}

/** What follows a value without bytes in its frame's head: `},[]]`. */
const ENDING_BYTES = 5
const LIST_BEGINS = '['.charCodeAt(0)
const LIST_ENDS = ']'.charCodeAt(0)

/** For a value that is kept, or goes through many hands, before it is sent. */
export function encodeValue<T>(value: T): EncodedValue<T> {
  const opened = openFrame(encodeFrame({ type: 'result', id: 0, value }))
  return (opened ?? refuse('no value')).value as EncodedValue<T>
}

/** The value itself, for whoever wants to read what was left encoded. */
export function decodeValue<T>(encoded: EncodedValue<T>): T {
  return (decodeFrame(spliceFrame('result', 0, encoded)) as { value: T }).value
}

function parseHead(bytes: Uint8Array): [value: unknown, lengths: readonly number[]] {
  let head: unknown
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's words would only repeat what the sender wrote.
    return refuse('head is not JSON')
  }
  if (!Array.isArray(head) || head.length !== 2 || !Array.isArray(head[1]))
    return refuse('head is not a value with lengths')
  return [head[0], head[1]]
}

function refuse(reason: string): never {
  throw new ContractError({ code: 'INVALID_INPUT', message: `frame: ${reason}` })
}

/** Copies only what has to be written differently: most of what travels is plain already. */
function pack(value: unknown, parts: Parts, depth: number): unknown {
  if (typeof value === 'bigint') return { $n: value.toString() }
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $f: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_MAX) return refuse(`nested deeper than ${DEPTH_MAX}`)
  if (value instanceof EncodedValue) return packEncoded(value, parts, depth)
  if (value instanceof Uint8Array) return { $b: parts.attachments.push(value) - 1 }
  return Array.isArray(value)
    ? packArray(value, parts, depth)
    : packObject(value as Record<string, unknown>, parts, depth)
}

/** Bytes are numbered within their frame: a value that has some is taken apart and packed anew. */
function packEncoded(value: EncodedValue, parts: Parts, depth: number): unknown {
  const { tail, headBytes } = value
  // Bytes may be empty, so that it is the list of their lengths that tells.
  if (tail[headBytes - ENDING_BYTES + 2] !== LIST_BEGINS || tail[headBytes - 2] !== LIST_ENDS)
    return pack(decodeValue(value), parts, depth)
  return { $e: parts.encoded.push(tail.subarray(0, headBytes - ENDING_BYTES)) - 1 }
}

function packArray(values: readonly unknown[], parts: Parts, depth: number): unknown {
  let packed: unknown[] | null = null
  for (const [index, each] of values.entries()) {
    const inner = pack(each, parts, depth + 1)
    if (inner !== each) packed ??= values.slice(0, index)
    packed?.push(inner)
  }
  return packed ?? values
}

function packObject(
  fields: Readonly<Record<string, unknown>>,
  parts: Parts,
  depth: number,
): unknown {
  const keys = Object.keys(fields)
  let packed: Record<string, unknown> | null = null
  for (const [index, key] of keys.entries()) {
    const inner = pack(fields[key], parts, depth + 1)
    const escaped = key.startsWith('$')
    if (packed === null && (escaped || inner !== fields[key])) {
      packed = {}
      for (const before of keys.slice(0, index)) define(packed, before, fields[before])
    }
    if (packed !== null) define(packed, escaped ? `$${key}` : key, inner)
  }
  return packed ?? fields
}

function unpack(value: unknown, attachments: readonly Uint8Array[], depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_MAX) return refuse(`nested deeper than ${DEPTH_MAX}`)
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++)
      value[index] = unpack(value[index], attachments, depth + 1)
    return value
  }
  const fields = value as Record<string, unknown>
  for (const key in fields) if (key.startsWith('$')) return unpackTagged(fields, attachments, depth)
  for (const key in fields) {
    const inner = fields[key]
    if (typeof inner === 'object' && inner !== null)
      fields[key] = unpack(inner, attachments, depth + 1)
  }
  return fields
}

/** An object with a key that begins with `$`: a bigint, bytes, a number, or an escaped object. */
function unpackTagged(
  fields: Record<string, unknown>,
  attachments: readonly Uint8Array[],
  depth: number,
): unknown {
  const { $n, $b, $f } = fields
  if (typeof $n === 'string' && /^-?\d{1,4096}$/.test($n)) return BigInt($n)
  if (typeof $b === 'number') return attachments[$b] ?? refuse(`no bytes ${$b}`)
  if (typeof $f === 'string') return Number($f)

  const plain: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(fields)) {
    if (key.startsWith('$') && !key.startsWith('$$')) return refuse(`unknown tag ${key}`)
    const name = key.startsWith('$') ? key.slice(1) : key
    define(plain, name, unpack(inner, attachments, depth + 1))
  }
  return plain
}

/** Assignment to `__proto__` would change the object instead of adding a field. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  else target[key] = value
}
