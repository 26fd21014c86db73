/** What the bytes of one record mean. */
import { integer, literal, object, offset, optional, union } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import { DECODER_NAMES, type DecodedPart, type DecodeExplanation } from '../model/decode.ts'
import { cluster, INT32_MAX, partition, topic } from './names.ts'

/** When nothing else is said a value up to this is decoded whole, and the beginning of a larger. */
export const DECODE_BYTES_FIRST = 1_048_576
export const DECODE_BYTES_BEGINNING = 262_144
/** What can be asked for. */
export const DECODE_BYTES_MAX = 33_554_432

export const decoderChoice = literal('auto', ...DECODER_NAMES)

const part = union({ key: {}, value: {}, header: { index: integer({ min: 0, max: INT32_MAX }) } })
const record = { cluster, topic, partition, offset, part }
const bytesMax = optional(integer({ min: 1, max: DECODE_BYTES_MAX }))

export const decodeApi = {
  commands: {
    /** One part with one decoder. Of a longer one only the first `bytesMax` bytes are decoded. */
    'record.decode': {
      input: object({ ...record, decoder: decoderChoice, bytesMax }),
      output: returns<DecodedPart>(),
    },
    /** Every decoder on the same bytes, each with what it reads or why it does not. */
    'record.explain': {
      input: object({ ...record, bytesMax }),
      output: returns<DecodeExplanation>(),
    },
  },
  streams: {},
  events: {},
} as const satisfies Contract
