/**
 * A value of which only the beginning is at hand. JSON and text are known by their beginning;
 * other formats need the whole, and their decoders say what is missing.
 */
import type { DecodeAbout, Decoded, DecoderChoice } from '../contract/model/decode.ts'
import { decode } from './decode.ts'
import { decodeLine } from './line.ts'

export function decodeBeginning(
  bytes: Uint8Array,
  choice: DecoderChoice,
  about: DecodeAbout,
  sizeBytes: number,
): Decoded {
  const cut = `decoded from the first ${bytes.length} of ${sizeBytes} bytes`
  const { decoder } = decodeLine(bytes, choice, about, { charsMax: 1, complete: false })
  if ((decoder !== 'json' && decoder !== 'text') || (choice !== 'auto' && choice !== decoder)) {
    const decoded = decode(bytes, choice, about)
    return { ...decoded, notes: [...decoded.notes, cut] }
  }
  // A character that the cut went through is left out.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
  return { decoder, form: 'text', text, notes: [cut], candidates: [], failures: [] }
}
