/** Amounts as a person types them, `7 d` or `1.5 GiB`, and as Kafka stores them: a bare number. */
import type { ConfigurationUnit } from '../../../src-main/contract/model/configuration.ts'

const SIZES: Readonly<Record<'ms' | 'bytes', Readonly<Record<string, number>>>> = {
  ms: { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
  bytes: {
    B: 1,
    KiB: 1_024,
    MiB: 1_048_576,
    GiB: 1_073_741_824,
    TiB: 1_099_511_627_776,
    kB: 1_000,
    MB: 1_000_000,
    GB: 1_000_000_000,
  },
}
/** Those that amounts are shown in; the others are only understood. */
const SHOWN: Readonly<Record<'ms' | 'bytes', readonly string[]>> = {
  ms: ['d', 'h', 'min', 's'],
  bytes: ['GiB', 'MiB', 'KiB'],
}
/** Kafka's "for ever": the greatest number that the setting can hold. */
const NEVER = new Set(['9223372036854775807', '2147483647'])

export function hasUnit(unit: ConfigurationUnit | null): unit is 'ms' | 'bytes' {
  return unit === 'ms' || unit === 'bytes'
}

/** The stored text of what was typed. What is no amount goes as it is: the broker explains. */
export function readAmount(typed: string, unit: ConfigurationUnit | null): string {
  const text = typed.trim()
  if (!hasUnit(unit)) return text
  const bare = text.replaceAll(/[\s,_]/g, '')
  if (/^-?\d+$/.test(bare)) return BigInt(bare).toString()
  // `1 d 12 h` is a sum, as it is shown elsewhere.
  const parts = [...text.matchAll(/(\d+(?:[.]\d+)?)\s*([a-zA-Z]+)\s*/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return text
  let sum = 0n
  for (const [, number, name] of parts) {
    const size = sizeOf(unit, name!)
    if (size === null) return text
    sum += scaled(number!, size)
  }
  return sum.toString()
}

/** In the largest unit that says exactly as much: `604800000` → `7 d`, `1048588` → `1048588`. */
export function writeAmount(stored: string, unit: ConfigurationUnit | null): string {
  if (!hasUnit(unit) || !/^\d+$/.test(stored) || NEVER.has(stored)) return stored
  const number = BigInt(stored)
  if (number === 0n) return stored
  const name = SHOWN[unit].find(each => number % BigInt(SIZES[unit][each]!) === 0n)
  return name === undefined ? stored : `${number / BigInt(SIZES[unit][name]!)} ${name}`
}

export function isNever(stored: string): boolean {
  return NEVER.has(stored)
}

function sizeOf(unit: 'ms' | 'bytes', name: string): number | null {
  const lower = name.toLowerCase()
  const found = Object.entries(SIZES[unit]).find(([each]) => each.toLowerCase() === lower)
  return found?.[1] ?? null
}

/** Exact: `1.1` of something is not left to binary fractions. */
function scaled(number: string, size: number): bigint {
  const [whole = '0', fraction = ''] = number.split('.')
  const denominator = 10n ** BigInt(fraction.length)
  const numerator = BigInt(whole + fraction) * BigInt(size)
  return (numerator + denominator / 2n) / denominator
}
