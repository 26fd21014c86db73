/**
 * Which decoder fits, in a fixed order:
 *
 * 1. the format of an internal topic, by its name;
 * 2. `json`, where the bytes begin as an object or an array: a bare number or word is text;
 * 3. `text`, UTF-8 without control characters;
 * 4. `confluent`, a schema registry's header: magic byte 0 and a likely schema id;
 * 5. `messagepack`, then `cbor`, where the whole is a map with text keys, or an array of such;
 * 6. `protobuf`, where every byte belongs to a field and there is readable text in one.
 *
 * Whatever is left is bytes. It guesses no more than that: eight bytes may be an integer, a double
 * or half of a UUID, so those are candidates and never chosen.
 */
import type { DecodeAbout, DecodeFailure, DecoderName } from '../contract/model/decode.ts'
import { decoders } from './decoders.ts'
import { internalDecoder } from './internal-topics.ts'
import type { Reading } from './reading.ts'

export type AutoReading =
  | { readonly decoder: DecoderName; readonly reading: Extract<Reading, { type: 'read' }> }
  | { readonly decoder: null; readonly failures: readonly DecodeFailure[] }

type Likely = (bytes: Uint8Array, reading: Extract<Reading, { type: 'read' }>) => string | null

/** Before a decoder is asked, and after it read something: why it is not to be trusted with it. */
const order: readonly {
  readonly decoder: DecoderName
  readonly before?: (bytes: Uint8Array) => string | null
  readonly after?: Likely
}[] = [
  {
    decoder: 'json',
    before: bytes => (beginsJson(bytes) ? null : 'begins neither as an object nor as an array'),
  },
  { decoder: 'text' },
]

/** Whether the first byte that is no white space opens an object or an array. */
export function beginsJson(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x7b || byte === 0x5b) return true
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false
  }
  return false
}

export function autoReading(bytes: Uint8Array, about: DecodeAbout): AutoReading {
  const failures: DecodeFailure[] = []
  const internal = internalDecoder(about.topic)
  if (internal !== null && about.part !== 'header') {
    const reading = decoders[internal](bytes, about)
    if (reading.type === 'read') return { decoder: internal, reading }
    failures.push({ decoder: internal, reason: reading.reason, atByte: reading.atByte })
  }
  for (const { decoder, before, after } of order) {
    const unlikely = before?.(bytes) ?? null
    if (unlikely !== null) {
      failures.push({ decoder, reason: unlikely, atByte: 0 })
      continue
    }
    const reading = decoders[decoder](bytes, about)
    if (reading.type === 'refused') {
      failures.push({ decoder, reason: reading.reason, atByte: reading.atByte })
      continue
    }
    const doubt = after?.(bytes, reading) ?? null
    if (doubt === null) return { decoder, reading }
    failures.push({ decoder, reason: doubt, atByte: null })
  }
  return { decoder: null, failures }
}
