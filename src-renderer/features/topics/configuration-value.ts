/** A configuration as a person types it: a number with a unit, turned into what Kafka stores. */
import type { TopicConfigurationDefinition } from '../../../src-main/contract/model/configuration.ts'

const UNITS = {
  ms: { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 },
  bytes: { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 },
} as const

/** The units that a setting can be typed in, or none when it is a bare value. */
export function unitsOf(definition: TopicConfigurationDefinition): readonly string[] {
  const { unit } = definition
  return unit === 'ms' || unit === 'bytes' ? Object.keys(UNITS[unit]) : []
}

/** The largest unit in which the default is a whole number. */
export function unitAtFirst(definition: TopicConfigurationDefinition): string {
  return asTyped(definition.defaultValue, definition).unit
}

/** `604800000` of a setting in ms → `7` and `d`. */
export function asTyped(
  value: string,
  definition: TopicConfigurationDefinition,
): { readonly text: string; readonly unit: string } {
  const units = unitSizes(definition)
  const smallest = units[0]?.[0] ?? ''
  if (!/^\d+$/.test(value) || BigInt(value) === 0n) return { text: value, unit: smallest }
  const number = BigInt(value)
  const fitting = units.findLast(([, size]) => number % BigInt(size) === 0n)
  if (fitting === undefined) return { text: value, unit: smallest }
  return { text: (number / BigInt(fitting[1])).toString(), unit: fitting[0] }
}

/** `1.5` and `d` → `129600000`. What is not a number goes to the broker as it is, which explains. */
export function asStored(
  text: string,
  unit: string,
  definition: TopicConfigurationDefinition,
): string {
  const trimmed = text.trim()
  const size = unitSizes(definition).find(([name]) => name === unit)?.[1] ?? 1
  if (trimmed === '-1' || size === 1) return trimmed
  if (/^-?\d+$/.test(trimmed)) return (BigInt(trimmed) * BigInt(size)).toString()
  if (/^\d+\.\d+$/.test(trimmed)) return Math.round(Number(trimmed) * size).toString()
  return trimmed
}

function unitSizes({ unit }: TopicConfigurationDefinition): readonly (readonly [string, number])[] {
  return unit === 'ms' || unit === 'bytes' ? Object.entries(UNITS[unit]) : []
}
