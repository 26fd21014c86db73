/** What stored bytes mean: the decoders there are, and what one of them made of some bytes. */

/**
 * Every decoder that can be picked, in the order in which pickers list them. `auto` is no decoder:
 * it picks one, see `src-main/decode/auto.ts` for its order.
 */
export const DECODER_NAMES = [
  'json',
  'text',
  'latin1',
  'utf16le',
  'utf16be',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'uuid',
  'base64',
  'hex',
  'messagepack',
  'cbor',
  'protobuf',
  'confluent',
  'consumer-offsets',
  'transaction-state',
] as const

export type DecoderName = (typeof DECODER_NAMES)[number]
export type DecoderChoice = DecoderName | 'auto'

/** What was used: `null` and `empty` need no decoder and always win. */
export type DecoderUsed = DecoderName | 'null' | 'empty'

/**
 * What the text of a decoded value is.
 * - `json`: one JSON document, exact: integers beyond 2^53 and decimals as stored, repeated keys kept
 * - `text`: text as it is
 * - `bytes`: nothing fits; the text is hexadecimal pairs, as `00 2a ff`
 * - `null`: no bytes at all; the text is empty
 */
export type DecodedForm = 'json' | 'text' | 'bytes' | 'null'

export interface Decoded {
  readonly decoder: DecoderUsed
  readonly form: DecodedForm
  readonly text: string
  /** Sentences about the reading: guesses that were made, what a header says, what was left out. */
  readonly notes: readonly string[]
  /** Where `form` is `bytes`: what the bytes may be, as 8 bytes may be an integer or a double. */
  readonly candidates: readonly DecodeCandidate[]
  /** Where `form` is `bytes`: each decoder that was tried, and why it does not fit. */
  readonly failures: readonly DecodeFailure[]
}

export interface DecodeCandidate {
  readonly decoder: DecoderName
  readonly text: string
}

export interface DecodeFailure {
  readonly decoder: DecoderName
  /** In lower case, with the bytes or the value that do not fit. */
  readonly reason: string
  /** Place of the first byte that does not fit; null where the whole does not. */
  readonly atByte: number | null
}

/** A value in one line of a table: control characters shown, JSON without white space. */
export interface DecodedLine {
  readonly decoder: DecoderUsed
  readonly form: DecodedForm
  readonly text: string
  /** The value goes on after `text`. */
  readonly truncated: boolean
}

/** Whose bytes they are. Internal topics are recognised by name; their values need their key. */
export interface DecodeAbout {
  readonly topic: string
  readonly part: 'key' | 'value' | 'header'
  /** The record's key, for values of `__consumer_offsets` and `__transaction_state`. */
  readonly key?: Uint8Array | null
}

/** A key, value or header of one record, decoded. */
export interface DecodedPart {
  readonly decoded: Decoded
  /** As stored; 0 for null too. */
  readonly sizeBytes: number
  /** Bytes from the beginning that were decoded: fewer than `sizeBytes` for a large value. */
  readonly decodedBytes: number
}

/** What each decoder makes of the same bytes, in the order of `DECODER_NAMES`. */
export interface DecoderReport {
  readonly decoder: DecoderName
  /** `recognised`: it is this format, and cannot be read here. */
  readonly outcome: 'read' | 'recognised' | 'refused'
  /** The beginning of what was read, in one line; empty where nothing was. */
  readonly text: string
  /** Why nothing was read; null where something was. */
  readonly reason: string | null
  readonly atByte: number | null
}

export interface DecodeExplanation {
  readonly auto: DecoderUsed
  readonly sizeBytes: number
  readonly decodedBytes: number
  readonly reports: readonly DecoderReport[]
}
