/** Buckets of a histogram as bars, and places on it as moments. Pure. */
import type { RecordHistogram } from '../../../../src-main/contract/model/record.ts'

export interface Bar {
  readonly index: number
  /** 0 to 1, of the highest. */
  readonly height: number
}

/** Bars by square root: a bucket with one record still shows beside one with a million. */
export function barsOf(counts: readonly bigint[]): readonly Bar[] {
  const most = counts.reduce((most, count) => (count > most ? count : most), 0n)
  if (most === 0n) return []
  return counts.flatMap((count, index) =>
    count === 0n ? [] : { index, height: Math.sqrt(Number(count) / Number(most)) },
  )
}

export function bucketAt(share: number, histogram: RecordHistogram): number {
  const last = histogram.counts.length - 1
  return Math.min(Math.max(Math.floor(share * histogram.counts.length), 0), Math.max(last, 0))
}

export interface TimeRange {
  readonly fromMs: bigint
  /** Exclusive. */
  readonly toMs: bigint
}

/** The time of buckets `a` to `b`, both included, in whichever order they were given. */
export function rangeOf(a: number, b: number, histogram: RecordHistogram): TimeRange {
  const low = BigInt(Math.min(a, b))
  const high = BigInt(Math.max(a, b))
  const end = histogram.fromMs + (high + 1n) * histogram.bucketMs
  return {
    fromMs: histogram.fromMs + low * histogram.bucketMs,
    toMs: end < histogram.toMs ? end : histogram.toMs,
  }
}

export function countIn(a: number, b: number, histogram: RecordHistogram): bigint {
  return histogram.counts
    .slice(Math.min(a, b), Math.max(a, b) + 1)
    .reduce((sum, count) => sum + count, 0n)
}

export function totalOf(histogram: RecordHistogram): bigint {
  return countIn(0, histogram.counts.length, histogram)
}
