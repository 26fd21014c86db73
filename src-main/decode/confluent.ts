/**
 * The header that serializers of a schema registry put before a value (Confluent's wire format):
 * magic byte 0 and a schema id. What comes after it is Avro, Protobuf or JSON by the schema, which
 * is not here; only JSON says by itself what it is.
 */
import { surveyJson } from './json-bytes.ts'
import { readAsJson, refused, type Reading } from './reading.ts'
import { hexByte, utf8Text } from './utf8.ts'

export const HEADER_BYTES = 5
/** Registries count ids up from 1; above this a zero byte is more likely something else. */
const LIKELY_ID_MAX = 0xff_ffff

export function readConfluent(bytes: Uint8Array): Reading {
  if (bytes[0] !== 0)
    return refused(
      `begins with 0x${hexByte(bytes[0] ?? 0)}, a schema registry's header with magic byte 0x00`,
      0,
    )
  if (bytes.length < HEADER_BYTES)
    return refused(
      `${bytes.length} bytes, a schema registry's header alone takes ${HEADER_BYTES}`,
      bytes.length,
    )
  const schemaId = schemaIdOf(bytes)
  const body = bytes.subarray(HEADER_BYTES)
  const { errorAt, reason } = surveyJson(body)
  if (errorAt < 0)
    return readAsJson(utf8Text(body), [
      `JSON Schema value with schema id ${schemaId}; no schema registry is connected, so it is not checked against its schema`,
    ])
  return {
    type: 'recognised',
    note: `Avro, Protobuf or JSON Schema value with schema id ${schemaId}; no schema registry is connected`,
    reason:
      `schema ${schemaId} is needed to tell its fields apart, and no schema registry is ` +
      `connected; what follows the header is no JSON either (${reason})`,
    atByte: HEADER_BYTES + errorAt,
  }
}

/** For `auto`: why such a beginning is more likely to be something else. */
export function doubtHeader(bytes: Uint8Array): string | null {
  if (bytes[0] !== 0 || bytes.length <= HEADER_BYTES) return null
  const schemaId = schemaIdOf(bytes)
  if (schemaId === 0) return 'schema id 0, and registries count from 1'
  if (schemaId > LIKELY_ID_MAX) return `schema id ${schemaId} is larger than registries get`
  return bytes.length === 8 ? '8 bytes are more likely a number; pick it if they are not' : null
}

function schemaIdOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1)
}
