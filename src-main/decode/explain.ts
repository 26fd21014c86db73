/** Every decoder on the same bytes: what each reads, and why the others do not. */
import {
  DECODER_NAMES,
  type DecodeAbout,
  type DecoderName,
  type DecoderReport,
} from '../contract/model/decode.ts'
import { decoders } from './decoders.ts'
import { minified, oneLine } from './line.ts'

const REPORT_CHARS_MAX = 160
/** Decoders that write every byte, whatever it is: their beginning is enough. */
const ANYTHING: ReadonlySet<DecoderName> = new Set(['latin1', 'base64', 'hex'])

export function explain(bytes: Uint8Array, about: DecodeAbout): readonly DecoderReport[] {
  return DECODER_NAMES.map(decoder => {
    const some = ANYTHING.has(decoder) ? bytes.subarray(0, REPORT_CHARS_MAX * 2) : bytes
    const reading = decoders[decoder](some, about)
    if (reading.type !== 'read') {
      const { type, reason, atByte } = reading
      return { decoder, outcome: type, text: '', reason, atByte }
    }
    const { text } =
      reading.form === 'json'
        ? minified(reading.text, REPORT_CHARS_MAX)
        : oneLine(reading.text, REPORT_CHARS_MAX)
    return { decoder, outcome: 'read', text, reason: null, atByte: null }
  })
}
