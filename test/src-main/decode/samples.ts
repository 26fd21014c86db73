/** Plain values for codecs, and the exact JSON that each of them is. */
import fc from 'fast-check'

const INT64_MIN = -(2n ** 63n)
const UINT64_MAX = 2n ** 64n - 1n

export type Plain = string | bigint | boolean | null | readonly Plain[] | { [key: string]: Plain }

export const plain: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }).filter(each => each.isWellFormed()),
    fc.bigInt({ min: INT64_MIN, max: UINT64_MAX }),
    fc.bigInt({ min: -200n, max: 70_000n }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(
      fc.string().filter(each => each !== '__proto__'),
      tie('value'),
      { maxKeys: 20 },
    ),
  ),
})).value

/** Written apart from the decoders, so that they can disagree. */
export function exact(value: Plain): string {
  if (typeof value === 'bigint' || value === null || typeof value === 'boolean')
    return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(exact).join(',')}]`
  const entries = Object.entries(value as Record<string, Plain>)
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${exact(each)}`).join(',')}}`
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}
