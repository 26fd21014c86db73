/**
 * Bytes to what they mean: by one decoder that was picked, or by the first of a fixed order that
 * fits (see auto.ts). Pure, and without exceptions: bytes that nothing fits are an answer with
 * reasons.
 */
import type {
  DecodeAbout,
  DecodeCandidate,
  DecodeFailure,
  Decoded,
  DecoderChoice,
  DecoderUsed,
} from '../contract/model/decode.ts'
import { autoReading, beginsJson } from './auto.ts'
import { hexPairs } from './binary.ts'
import { candidatesOf } from './candidates.ts'
import { decoders } from './decoders.ts'
import { surveyJson } from './json-bytes.ts'
import { formatByMagic } from './magic.ts'
import type { Read } from './reading.ts'

/** Bytes of a value that nothing fits, in its text. The rest can be read as bytes. */
export const FALLBACK_BYTES_MAX = 65_536

const NONE: readonly never[] = []
const NULL: Decoded = nothing('null', 'null')
const EMPTY: Decoded = nothing('empty', 'text')

function nothing(decoder: 'null' | 'empty', form: 'null' | 'text'): Decoded {
  return { decoder, form, text: '', notes: NONE, candidates: NONE, failures: NONE }
}

/**
 * The whole value. JSON is as stored, white space included; `decodeLine` has the short form. Of
 * bytes that nothing fits the text has at most `fallbackBytesMax`.
 */
export function decode(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: DecodeAbout,
  fallbackBytesMax = FALLBACK_BYTES_MAX,
): Decoded {
  if (bytes === null) return NULL
  if (bytes.length === 0) return EMPTY
  const unread = { bytes, fallbackBytesMax }
  if (choice !== 'auto') {
    const reading = decoders[choice](bytes, about)
    if (reading.type === 'read') return read(choice, reading)
    const { reason, atByte } = reading
    const failures = [{ decoder: choice, reason, atByte }]
    const notes = reading.type === 'recognised' ? [reading.note] : []
    return undecoded(unread, choice, { failures, notes, doubted: NONE })
  }
  const auto = autoReading(bytes, about)
  if (auto.decoder !== null) {
    if (auto.decoder === 'text') return read('text', auto.reading, textNotes(bytes))
    return read(auto.decoder, auto.reading)
  }
  const { recognised, doubted, failures } = auto
  const magic = formatByMagic(bytes)
  const notes = [
    ...(recognised === null ? [] : [recognised.reading.note]),
    ...(magic === null ? [] : [`begins like ${magic}`]),
  ]
  return undecoded(unread, recognised?.decoder ?? 'hex', { failures, notes, doubted })
}

function read(decoder: DecoderUsed, reading: Read, notes: readonly string[] = NONE): Decoded {
  return {
    decoder,
    form: reading.form,
    text: reading.text,
    notes: notes.length === 0 ? reading.notes : [...reading.notes, ...notes],
    candidates: NONE,
    failures: NONE,
  }
}

/** Text that nearly is JSON: its writer meant JSON, and wants to know. */
function textNotes(bytes: Uint8Array): readonly string[] {
  if (!beginsJson(bytes)) return NONE
  const { errorAt, reason } = surveyJson(bytes)
  return [`begins like JSON and is none: ${reason}, at byte ${errorAt}`]
}

interface Reasons {
  readonly failures: readonly DecodeFailure[]
  readonly notes: readonly string[]
  readonly doubted: readonly DecodeCandidate[]
}

function undecoded(
  { bytes, fallbackBytesMax }: { bytes: Uint8Array; fallbackBytesMax: number },
  decoder: DecoderUsed,
  { failures, notes, doubted }: Reasons,
): Decoded {
  const shown = bytes.subarray(0, fallbackBytesMax)
  const cut = `the first ${shown.length} of ${bytes.length} bytes; the view of bytes has all`
  return {
    decoder,
    form: 'bytes',
    text: hexPairs(shown),
    notes: shown.length < bytes.length ? [...notes, cut] : notes,
    candidates: [...candidatesOf(bytes), ...doubted],
    failures,
  }
}
