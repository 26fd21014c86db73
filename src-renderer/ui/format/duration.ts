/** Spans of time in words a person would use: `840 ms`, `1.2 s`, `3 min 20 s`, `7 d`. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Milliseconds as a length of time. Two units at most: the second is noise beyond that. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.abs(milliseconds)
  const sign = milliseconds < 0 ? '−' : ''
  if (ms < SECOND) return `${sign}${Math.round(ms)} ms`
  if (ms < 10 * SECOND && ms % SECOND !== 0) return `${sign}${(ms / SECOND).toFixed(1)} s`
  if (ms < MINUTE - 500) return `${sign}${Math.round(ms / SECOND)} s`
  if (ms < HOUR) return sign + twoUnits(ms, MINUTE, 'min', SECOND, 's')
  if (ms < DAY) return sign + twoUnits(ms, HOUR, 'h', MINUTE, 'min')
  return sign + twoUnits(ms, DAY, 'd', HOUR, 'h')
}

function twoUnits(
  ms: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const smalls = Math.round(ms / small)
  const perLarge = large / small
  const whole = Math.floor(smalls / perLarge)
  const rest = smalls % perLarge
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}
