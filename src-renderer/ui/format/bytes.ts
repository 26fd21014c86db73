/** Sizes in powers of 1024, as file systems and Kafka's own settings count them. */
import { threeDigits, UNKNOWN } from './number.ts'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** 1536 → `1.5 KiB`. `null` is unknown and shows as a dash. */
export function formatBytes(bytes: bigint | number | null | undefined): string {
  if (bytes === null || bytes === undefined) return UNKNOWN
  let value = Number(bytes)
  let unit = 0
  while (Math.abs(value) >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : threeDigits(value)} ${UNITS[unit]}`
}

export function formatByteRate(bytesPerSecond: number | null | undefined): string {
  if (bytesPerSecond === null || bytesPerSecond === undefined) return UNKNOWN
  return `${formatBytes(Math.round(bytesPerSecond))}/s`
}
