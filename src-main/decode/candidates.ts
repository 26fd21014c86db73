/** What bytes that nothing fits may be: readings that every value of that length has. */
import type { DecodeCandidate, DecoderName } from '../contract/model/decode.ts'
import { decoders } from './decoders.ts'

const byLength: Readonly<Record<number, readonly DecoderName[]>> = {
  1: ['int8', 'uint8'],
  2: ['int16'],
  4: ['int32', 'float32'],
  8: ['int64', 'float64', 'confluent'],
  16: ['uuid'],
}

export function candidatesOf(bytes: Uint8Array): readonly DecodeCandidate[] {
  const candidates: DecodeCandidate[] = []
  for (const decoder of byLength[bytes.length] ?? []) {
    const reading = decoders[decoder](bytes, { topic: '', part: 'value' })
    if (reading.type === 'read') candidates.push({ decoder, text: reading.text })
  }
  return candidates
}
