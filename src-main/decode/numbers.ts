/** Numbers of a fixed width, big endian as Kafka's own serializers write them, and exact. */
import { float32Text, float64Text } from './json-text.ts'
import { readAsJson, readAsText, refused, type Decoder, type Reading } from './reading.ts'

function fixedWidth(bytesCount: number, name: string, read: (view: DataView) => Reading): Decoder {
  return bytes => {
    if (bytes.length !== bytesCount)
      return refused(`${bytes.length} bytes, ${name} takes ${bytesCount}`)
    return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  }
}

function integer(bits: 8 | 16 | 32 | 64, read: (view: DataView) => number | bigint): Decoder {
  return fixedWidth(bits / 8, `an integer of ${bits} bits`, view => readAsJson(`${read(view)}`))
}

export const readInt8 = integer(8, view => view.getInt8(0))
export const readInt16 = integer(16, view => view.getInt16(0))
export const readInt32 = integer(32, view => view.getInt32(0))
export const readInt64 = integer(64, view => view.getBigInt64(0))
export const readUint8 = integer(8, view => view.getUint8(0))
export const readUint16 = integer(16, view => view.getUint16(0))
export const readUint32 = integer(32, view => view.getUint32(0))
export const readUint64 = integer(64, view => view.getBigUint64(0))

export const readFloat32 = fixedWidth(4, 'a float', view => {
  const value = view.getFloat32(0)
  return Number.isFinite(value) ? readAsJson(float32Text(value)) : readAsText(String(value))
})

export const readFloat64 = fixedWidth(8, 'a double', view => {
  const value = view.getFloat64(0)
  return Number.isFinite(value) ? readAsJson(float64Text(value)) : readAsText(String(value))
})
