/** Records by hour, put together into so many bars as there is room for, without gaps left out. */
import type { HourCount } from '../../../src-main/contract/model/statistics.ts'

const HOUR_MS = 3_600_000n
const BARS_MAX = 120
/** Lengths of a bar that a person reads at once, in hours. */
const STEPS = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2_160, 8_760]

export interface HourBars {
  /** Hours in one bar. */
  readonly hours: number
  readonly bars: readonly HourBar[]
}

export interface HourBar {
  readonly startMs: bigint
  readonly endMs: bigint
  readonly records: bigint
  readonly bytes: bigint
}

/** Null where no record has a timestamp. */
export function hourBars(counts: readonly HourCount[]): HourBars | null {
  const [first] = counts
  const last = counts.at(-1)
  if (first === undefined || last === undefined) return null
  const spanned = Number((last.hourMs - first.hourMs) / HOUR_MS) + 1
  const hours = STEPS.find(step => spanned / step <= BARS_MAX) ?? Math.ceil(spanned / BARS_MAX)
  const barMs = HOUR_MS * BigInt(hours)
  const firstMs = (first.hourMs / barMs) * barMs
  const count = Number((last.hourMs - firstMs) / barMs) + 1
  const bars = Array.from({ length: count }, (_, place) => {
    const startMs = firstMs + barMs * BigInt(place)
    return { startMs, endMs: startMs + barMs, records: 0n, bytes: 0n }
  })
  for (const { hourMs, records, bytes } of counts) {
    const bar = bars[Number((hourMs - firstMs) / barMs)]!
    bar.records += records
    bar.bytes += bytes
  }
  return { hours, bars }
}
