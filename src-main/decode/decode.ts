/**
 * Bytes to what they mean: by one decoder that was picked, or by the first of a fixed order that
 * fits. Pure, and without exceptions: bytes that nothing fits are an answer with reasons.
 */
import type {
  DecodeAbout,
  DecodeFailure,
  Decoded,
  DecoderChoice,
} from '../contract/model/decode.ts'
import { autoReading, beginsJson } from './auto.ts'
import { hexPairs } from './binary.ts'
import { candidatesOf } from './candidates.ts'
import { decoders } from './decoders.ts'
import { surveyJson } from './json-bytes.ts'

/** Bytes of a value that nothing fits, in its text. The rest can be read as bytes. */
export const FALLBACK_BYTES_MAX = 65_536

const NONE: readonly never[] = []
const NULL: Decoded = nothing('null', 'null')
const EMPTY: Decoded = nothing('empty', 'text')

function nothing(decoder: 'null' | 'empty', form: 'null' | 'text'): Decoded {
  return { decoder, form, text: '', notes: NONE, candidates: NONE, failures: NONE }
}

/** The whole value. JSON is as stored, white space included; `decodeLine` has the short form. */
export function decode(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: DecodeAbout,
): Decoded {
  if (bytes === null) return NULL
  if (bytes.length === 0) return EMPTY
  if (choice !== 'auto') {
    const reading = decoders[choice](bytes, about)
    if (reading.type === 'refused') {
      const { reason, atByte } = reading
      return undecoded(bytes, choice, [{ decoder: choice, reason, atByte }])
    }
    const { form, text, notes } = reading
    return { decoder: choice, form, text, notes, candidates: NONE, failures: NONE }
  }
  const auto = autoReading(bytes, about)
  if (auto.decoder === null) return undecoded(bytes, 'hex', auto.failures)
  const { form, text, notes } = auto.reading
  const broken = auto.decoder === 'text' && beginsJson(bytes) ? brokenJson(bytes) : NONE
  return {
    decoder: auto.decoder,
    form,
    text,
    notes: broken.length === 0 ? notes : [...notes, ...broken],
    candidates: NONE,
    failures: NONE,
  }
}

/** Text that nearly is JSON: its writer meant JSON, and wants to know. */
function brokenJson(bytes: Uint8Array): readonly string[] {
  const { errorAt, reason } = surveyJson(bytes)
  return [`begins like JSON, but is none: ${reason}, at byte ${errorAt}`]
}

function undecoded(
  bytes: Uint8Array,
  decoder: Decoded['decoder'],
  failures: readonly DecodeFailure[],
): Decoded {
  const shown = bytes.subarray(0, FALLBACK_BYTES_MAX)
  const notes =
    shown.length < bytes.length
      ? [`the first ${shown.length} of ${bytes.length} bytes; the view of bytes has all`]
      : NONE
  return {
    decoder,
    form: 'bytes',
    text: hexPairs(shown),
    notes,
    candidates: candidatesOf(bytes),
    failures,
  }
}
