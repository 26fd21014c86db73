/** Durations as people write them, and moments as ISO 8601 does. Pure. */

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** `-15m`, `+1h`, `90s`; null for what is none. */
export function parseDurationMs(text: string): number | null {
  const found = /^([+-]?\d{1,12})(ms|s|m|h|d)$/.exec(text)
  return found === null ? null : Number(found[1]) * unitMs[found[2]!]!
}

const DATE_MS_MAX = 8_640_000_000_000_000

/** With milliseconds, in UTC; a time that no date has is given as its number. */
export function isoOf(atMs: number): string {
  return Math.abs(atMs) <= DATE_MS_MAX ? new Date(atMs).toISOString() : String(atMs)
}
