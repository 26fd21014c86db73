/** Every decoder by its name. */
import type { DecoderName } from '../contract/model/decode.ts'
import { readBase64, readHex } from './binary.ts'
import { readCbor } from './cbor.ts'
import { readConfluent } from './confluent.ts'
import { readConsumerOffsets, readTransactionState } from './internal-records.ts'
import { readMessagePack } from './messagepack.ts'
import {
  readFloat32,
  readFloat64,
  readInt16,
  readInt32,
  readInt64,
  readInt8,
  readUint16,
  readUint32,
  readUint64,
  readUint8,
} from './numbers.ts'
import { readProtobuf } from './protobuf.ts'
import type { Decoder } from './reading.ts'
import { readJson, readLatin1, readText, readUtf16be, readUtf16le } from './text.ts'
import { readUuid } from './uuid.ts'

export const decoders: Readonly<Record<DecoderName, Decoder>> = {
  json: readJson,
  text: readText,
  latin1: readLatin1,
  utf16le: readUtf16le,
  utf16be: readUtf16be,
  int8: readInt8,
  int16: readInt16,
  int32: readInt32,
  int64: readInt64,
  uint8: readUint8,
  uint16: readUint16,
  uint32: readUint32,
  uint64: readUint64,
  float32: readFloat32,
  float64: readFloat64,
  uuid: readUuid,
  base64: readBase64,
  hex: readHex,
  messagepack: readMessagePack,
  cbor: readCbor,
  protobuf: readProtobuf,
  confluent: readConfluent,
  'consumer-offsets': readConsumerOffsets,
  'transaction-state': readTransactionState,
}
