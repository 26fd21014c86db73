/**
 * Points of a lag's history. A lag stands from its point to the next one: a point is kept only
 * where something changed, so that fifteen thousand idle groups cost next to nothing. Pure.
 */

export interface LagPoint {
  readonly atMs: number
  /** Records; at the end of the step, where several points were put together. */
  readonly lag: number
  /** The highest within the step. */
  readonly peak: number
  /** Null where it is not known. */
  readonly lagTimeMs: number | null
}

/** A time without a pause in which every group was looked at. */
export interface WatchedSpan {
  readonly fromMs: number
  readonly untilMs: number
}

/** How long points are kept at which density, the densest first. */
export const TIERS = [
  { name: 'raw', stepMs: 0, slabMs: 15 * 60_000, keptMs: 65 * 60_000 },
  { name: 'minute', stepMs: 60_000, slabMs: 6 * 3_600_000, keptMs: 25 * 3_600_000 },
  { name: 'ten_minutes', stepMs: 600_000, slabMs: 86_400_000, keptMs: 8 * 86_400_000 },
] as const

export const KEPT_MS = TIERS[2].keptMs

/**
 * One point for each step that has any: the last lag, the highest peak, the longest wait. Points
 * come in the order of time.
 */
export function thinned(points: readonly LagPoint[], stepMs: number): LagPoint[] {
  const kept: LagPoint[] = []
  let step = Number.NaN
  for (const point of points) {
    const own = Math.floor(point.atMs / stepMs)
    const last = kept.at(-1)
    if (last === undefined || own !== step) kept.push(point)
    else
      kept[kept.length - 1] = {
        ...point,
        peak: Math.max(point.peak, last.peak),
        lagTimeMs: longer(point.lagTimeMs, last.lagTimeMs),
      }
    step = own
  }
  return kept
}

function longer(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}

export interface HistoryColumns {
  readonly timesMs: readonly number[]
  readonly lags: readonly (number | null)[]
  readonly peaks: readonly (number | null)[]
  readonly lagTimesMs: readonly (number | null)[]
  readonly stepMs: number | null
}

export interface Range {
  readonly fromMs: number
  readonly untilMs: number
  readonly pointsMax: number
}

/**
 * What a chart draws: the points of a range, that which stood at its beginning, and a gap wherever
 * nobody looked. `points` may begin before the range.
 */
export function columnsOfRange(
  points: readonly LagPoint[],
  spans: readonly WatchedSpan[],
  { fromMs, untilMs, pointsMax }: Range,
): HistoryColumns {
  const inside = points.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs)
  const stepMs = inside.length > pointsMax ? Math.ceil((untilMs - fromMs) / pointsMax) : null
  const drawn = stepMs === null ? inside : thinned(inside, stepMs)
  const rows: { atMs: number; point: LagPoint | null }[] = []
  let place = 0
  let before = points.findLast(({ atMs }) => atMs < fromMs) ?? null
  for (const span of spans) {
    const begin = Math.max(span.fromMs, fromMs)
    const end = Math.min(span.untilMs, untilMs)
    if (begin > end) continue
    // What stood before the range stands at its beginning, if somebody looked all the time.
    const carried = before !== null && before.atMs >= span.fromMs ? before : null
    if (rows.length > 0) rows.push({ atMs: begin - 1, point: null })
    while (place < drawn.length && drawn[place]!.atMs < begin) place++
    if (carried !== null && drawn[place]?.atMs !== begin)
      rows.push({ atMs: begin, point: { ...carried, peak: carried.lag } })
    let last = carried
    for (; place < drawn.length && drawn[place]!.atMs <= end; place++) {
      last = drawn[place]!
      rows.push({ atMs: last.atMs, point: last })
    }
    if (last !== null && rows.at(-1)!.atMs < end)
      rows.push({ atMs: end, point: { ...last, peak: last.lag } })
    if (last !== null) before = last
  }
  return {
    timesMs: rows.map(({ atMs }) => atMs),
    lags: rows.map(({ point }) => point?.lag ?? null),
    peaks: rows.map(({ point }) => point?.peak ?? null),
    lagTimesMs: rows.map(({ point }) => point?.lagTimeMs ?? null),
    stepMs,
  }
}
