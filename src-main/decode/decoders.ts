/** Every decoder by its name. */
import type { DecoderName } from '../contract/model/decode.ts'
import { readBase64, readHex } from './binary.ts'
import { refused, type Decoder } from './reading.ts'
import { readJson, readLatin1, readText, readUtf16be, readUtf16le } from './text.ts'

const later: Decoder = () => refused('not built yet')

export const decoders: Readonly<Record<DecoderName, Decoder>> = {
  json: readJson,
  text: readText,
  latin1: readLatin1,
  utf16le: readUtf16le,
  utf16be: readUtf16be,
  int8: later,
  int16: later,
  int32: later,
  int64: later,
  uint8: later,
  uint16: later,
  uint32: later,
  uint64: later,
  float32: later,
  float64: later,
  uuid: later,
  base64: readBase64,
  hex: readHex,
  messagepack: later,
  cbor: later,
  protobuf: later,
  confluent: later,
  'consumer-offsets': later,
  'transaction-state': later,
}
