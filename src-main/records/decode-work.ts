/** The part of the decoders' contract that is done in an inspect worker: records in, meaning out. */
import {
  DECODE_BYTES_BEGINNING,
  DECODE_BYTES_FIRST,
  type decodeApi,
} from '../contract/api/decode.ts'
import type { Handlers, InputOf } from '../contract/define.ts'
import type { DecodeAbout } from '../contract/model/decode.ts'
import { decodeBeginning } from '../decode/beginning.ts'
import { decode } from '../decode/decode.ts'
import { explain } from '../decode/explain.ts'
import { decodeLine } from '../decode/line.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import type { RecordDetails } from './record-detail.ts'

type ExplainInput = InputOf<typeof decodeApi, 'record.explain'>

export function decodeWork(
  { clientOf }: WorkContext,
  details: RecordDetails,
): Handlers<typeof decodeApi> {
  const load = async (input: ExplainInput, signal: AbortSignal) => {
    const { bytes, key } = await details.part(clientOf(input.cluster), input, signal)
    const about: DecodeAbout = { topic: input.topic, part: input.part.type, key }
    const shown = bytes?.subarray(0, input.bytesMax ?? bytesFirst(bytes.length)) ?? null
    return { bytes, shown, about }
  }
  return {
    commands: {
      'record.decode': async (input, signal) => {
        const { bytes, shown, about } = await load(input, signal)
        const sizeBytes = bytes?.length ?? 0
        const decoded =
          shown === null || shown.length === sizeBytes
            ? decode(bytes, input.decoder, about)
            : decodeBeginning(shown, input.decoder, about, sizeBytes)
        return { decoded, sizeBytes, decodedBytes: shown?.length ?? 0 }
      },
      'record.explain': async (input, signal) => {
        const { bytes, shown, about } = await load(input, signal)
        return {
          auto: decodeLine(shown, 'auto', about, { charsMax: 1 }).decoder,
          sizeBytes: bytes?.length ?? 0,
          decodedBytes: shown?.length ?? 0,
          reports: shown === null || shown.length === 0 ? [] : explain(shown, about),
        }
      },
    },
    streams: {},
  }
}

/** Up to a size whole; of what is larger, enough to see what it is. */
function bytesFirst(sizeBytes: number): number {
  return sizeBytes <= DECODE_BYTES_FIRST ? sizeBytes : DECODE_BYTES_BEGINNING
}
