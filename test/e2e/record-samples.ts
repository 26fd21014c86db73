/** Values as applications write them, in every format that the record panel reads. */
import { encode as encodeMessagePack } from '@msgpack/msgpack'
import { encode as encodeCbor } from 'cbor2'

export const SNOWFLAKE = '1899405567123456789'

export const order = `{"id": ${SNOWFLAKE}, "amount": 12.50, "rate": 0.1000000000000000055511151231257827, "status": "paid", "customer": {"name": "Jörg Müller", "vip": true}, "items": [{"sku": "A-1", "qty": 2, "price": 3.20}, {"sku": "B-7", "qty": 1, "price": 6.10}], "note": null}`

export const shipped = order
  .replace('"paid"', '"shipped"')
  .replace('"qty": 1', '"qty": 3')
  .replace('"note": null', '"note": null, "carrier": "DHL"')

export function messagePack(): Buffer {
  const value = {
    id: BigInt(SNOWFLAKE),
    name: 'Zoë',
    when: new Date(Date.UTC(2026, 10, 21)),
    raw: Uint8Array.of(1, 2, 255),
    ratio: 1.5,
  }
  return Buffer.from(encodeMessagePack(value, { useBigInt64: true }))
}

export function cbor(): Buffer {
  const value = { id: 2n ** 70n, big: BigInt(SNOWFLAKE), at: new Date(0), tags: ['a', 'b'] }
  return Buffer.from(encodeCbor(value))
}

/** `{1: "hello, protobuf", 2: 150, 3: 1.5f, 4: {1: 1}}` on the wire. */
export const protobuf = Buffer.from(
  '0a0f68656c6c6f2c2070726f746f6275661096011d0000c03f22020801',
  'hex',
)

/** A registry's header with schema id 42, then a record of Avro that ends in the middle. */
export const brokenAvro = Buffer.from('000000002a0c6f7264657273024e', 'hex')

export const jsonSchema = Buffer.concat([
  Buffer.from('0000000007', 'hex'),
  Buffer.from('{"id": 1, "state": "new"}'),
])

export const emoji = '👩‍👩‍👧 שלום עולם — مرحبا — Grüße 🎉'
