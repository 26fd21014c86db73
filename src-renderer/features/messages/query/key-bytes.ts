/** A key as a person gives it, and the bytes that a producer's serializer makes of it. */

/** Integers are big-endian, as Kafka's own serializers write them. */
export const KEY_FORMS = ['text', 'int32', 'int64', 'uuid', 'hex'] as const
export type KeyForm = (typeof KEY_FORMS)[number]

/** Null when the text has no such form. */
export function bytesOfKey(text: string, form: KeyForm): Uint8Array | null {
  switch (form) {
    case 'text':
      return new TextEncoder().encode(text)
    case 'int32':
      return integerBytes(text, 4)
    case 'int64':
      return integerBytes(text, 8)
    case 'uuid':
      return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text.trim())
        ? hexBytes(text.replaceAll('-', ''))
        : null
    case 'hex':
      return hexBytes(text)
  }
}

function integerBytes(text: string, size: 4 | 8): Uint8Array | null {
  if (!/^-?\d{1,19}$/.test(text.trim())) return null
  const value = BigInt(text.trim())
  const bound = 1n << BigInt(size * 8 - 1)
  if (value < -bound || value >= bound) return null
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  if (size === 4) view.setInt32(0, Number(value))
  else view.setBigInt64(0, value)
  return bytes
}

function hexBytes(text: string): Uint8Array | null {
  const digits = text.replaceAll(/\s|^0x/gi, '')
  if (digits === '' || digits.length % 2 !== 0 || !/^[\da-f]+$/i.test(digits)) return null
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16),
  )
}
