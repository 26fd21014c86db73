/**
 * Which decoder fits, in a fixed order:
 *
 * 1. the format of an internal topic, by its name;
 * 2. `json`, where the bytes begin as an object or an array: a bare number or word is text;
 * 3. `text`, UTF-8 without control characters;
 * 4. `confluent`, a schema registry's header: magic byte 0 and a likely schema id;
 * 5. `messagepack`, then `cbor`, where the whole is a map with text keys, or an array of such;
 * 6. `protobuf`, where every byte belongs to a field and one holds readable text.
 *
 * Whatever is left is bytes. It guesses no more than that: eight bytes may be an integer, a double
 * or half of a UUID, so those are candidates and never chosen. A reading that is possible but not
 * likely is a candidate too.
 */
import type {
  DecodeAbout,
  DecodeCandidate,
  DecodeFailure,
  DecoderName,
} from '../contract/model/decode.ts'
import { doubtHeader } from './confluent.ts'
import { decoders } from './decoders.ts'
import { internalDecoder } from './internal-topics.ts'
import { KEYS_NOTE } from './value-reader.ts'
import { readWire } from './protobuf.ts'
import type { Read, Reading, Recognised } from './reading.ts'

export type AutoReading =
  | { readonly decoder: DecoderName; readonly reading: Read }
  | {
      readonly decoder: null
      /** What the bytes are, where that is known and no more. */
      readonly recognised: { readonly decoder: DecoderName; readonly reading: Recognised } | null
      readonly doubted: readonly DecodeCandidate[]
      readonly failures: readonly DecodeFailure[]
    }

const CANDIDATE_CHARS_MAX = 200
/** Fields of real messages are numbered by hand. */
const FIELD_NUMBER_MAX = 2_000
const READABLE_CHARS_MIN = 3

interface Step {
  readonly decoder: DecoderName
  readonly read: (bytes: Uint8Array) => Reading
  /** Why such bytes are not even tried, or null. */
  readonly before?: (bytes: Uint8Array) => string | null
  /** Why what was read is not to be trusted, or null. */
  readonly doubt?: (reading: Read) => string | null
}

const about: DecodeAbout = { topic: '', part: 'value' }
const plainly = (decoder: DecoderName) => (bytes: Uint8Array) => decoders[decoder](bytes, about)

const order: readonly Step[] = [
  {
    decoder: 'json',
    read: plainly('json'),
    before: bytes => (beginsJson(bytes) ? null : 'begins neither as an object nor as an array'),
  },
  { decoder: 'text', read: plainly('text') },
  { decoder: 'confluent', read: plainly('confluent'), before: doubtHeader },
  { decoder: 'messagepack', read: plainly('messagepack'), doubt: doubtMap },
  { decoder: 'cbor', read: plainly('cbor'), doubt: doubtMap },
  { decoder: 'protobuf', read: readLikelyProtobuf },
]

/** Whether the first byte that is no white space opens an object or an array. */
export function beginsJson(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x7b || byte === 0x5b) return true
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false
  }
  return false
}

export function autoReading(bytes: Uint8Array, { topic, part, key }: DecodeAbout): AutoReading {
  const failures: DecodeFailure[] = []
  const doubted: DecodeCandidate[] = []
  const internal = part === 'header' ? null : internalDecoder(topic)
  if (internal !== null) {
    const reading = decoders[internal](bytes, {
      topic,
      part,
      ...(key === undefined ? {} : { key }),
    })
    if (reading.type === 'read') return { decoder: internal, reading }
    failures.push({ decoder: internal, reason: reading.reason, atByte: reading.atByte })
  }
  for (const { decoder, read, before, doubt } of order) {
    const unlikely = before?.(bytes) ?? null
    if (unlikely !== null) {
      failures.push({ decoder, reason: unlikely, atByte: 0 })
      continue
    }
    const reading = read(bytes)
    if (reading.type !== 'read') {
      const { reason, atByte } = reading
      failures.push({ decoder, reason, atByte })
      if (reading.type === 'refused') continue
      return { decoder: null, recognised: { decoder, reading }, doubted, failures }
    }
    const reason = doubt?.(reading) ?? null
    if (reason === null) return { decoder, reading }
    failures.push({ decoder, reason, atByte: null })
    doubted.push({ decoder, text: reading.text.slice(0, CANDIDATE_CHARS_MAX) })
  }
  return { decoder: null, recognised: null, doubted, failures }
}

/** A map whose first key is a name, or an array that begins with one: hardly ever by accident. */
const NAMED = /^\[*\{"[\p{L}_@][^"\\]*":/u

function doubtMap({ text, notes }: Read): string | null {
  if (notes.includes(KEYS_NOTE)) return 'it would be a map with keys that are no strings'
  return NAMED.test(text)
    ? null
    : `it would be ${text.length > 40 ? `${text.slice(0, 40)}…` : text}, which any bytes can be by accident`
}

function readLikelyProtobuf(bytes: Uint8Array): Reading {
  const { reading, signs } = readWire(bytes)
  if (reading.type !== 'read') return reading
  if (signs.fieldNumberMax > FIELD_NUMBER_MAX)
    return {
      type: 'refused',
      reason: `it would have a field number ${signs.fieldNumberMax}, which is hardly ever so`,
      atByte: null,
    }
  if (signs.textCharsMax < READABLE_CHARS_MIN)
    return {
      type: 'refused',
      reason: 'it could be, but no field holds readable text; pick it to see the fields',
      atByte: null,
    }
  return reading
}
