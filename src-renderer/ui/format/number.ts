/** Numbers as the pages show them: grouped for reading, exact for hovering and copying. */

export const UNKNOWN = '–'

/** 1234567 → `1,234,567`. Works for any size of bigint, which `Intl` rounds on its way to a double. */
export function formatCount(value: bigint | number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  if (typeof value === 'number' && !Number.isFinite(value)) return UNKNOWN
  const text = typeof value === 'bigint' ? value.toString() : Math.round(value).toString()
  return text.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** 1234567 → `1.23 M`: for places too narrow for every digit. The exact value belongs in a tooltip. */
export function formatCompact(value: bigint | number): string {
  const number = Number(value)
  const magnitude = Math.abs(number)
  for (const [size, unit] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const)
    if (magnitude >= size) return `${threeDigits(number / (unit === 'k' ? 1e3 : size))} ${unit}`
  return formatCount(value)
}

/** A rate with one decimal while it is small, whole above: `0.4`, `12`, `1,204`. */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined || !Number.isFinite(perSecond)) return UNKNOWN
  if (perSecond === 0) return '0'
  if (perSecond < 0.1) return '< 0.1'
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)
}

/** 3 significant digits, without the zeros nobody measured. */
export function threeDigits(value: number): string {
  const magnitude = Math.abs(value)
  if (magnitude >= 100) return Math.round(value).toString()
  return value.toFixed(magnitude >= 10 ? 1 : 2).replace(/\.?0+$/, '')
}

export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return UNKNOWN
  const percent = (part / whole) * 100
  return `${percent > 0 && percent < 1 ? '< 1' : Math.round(percent)} %`
}
