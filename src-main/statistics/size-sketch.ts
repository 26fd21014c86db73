/**
 * Sizes in buckets whose widths grow with them, so that every percentile is within one percent of
 * the true one, whatever the sizes are (the idea of DDSketch). Least, greatest and sum are exact.
 */
import type { Percentile, SizeStatistics } from '../contract/model/statistics.ts'

/** Of a percentile, in percent. */
export const SIZE_ERROR_PERCENT = 1
const ACCURACY = SIZE_ERROR_PERCENT / 100
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
const LOG_GAMMA = Math.log(GAMMA)
/** Up to 2^31 bytes, which no record exceeds. */
const BUCKETS = Math.ceil(Math.log(2 ** 31) / LOG_GAMMA) + 2
const PERCENTS = [50, 75, 90, 95, 99, 99.9]
/** Most sizes are small, and looked up. */
const TABLE_SIZES = 8_192
const table = Uint16Array.from({ length: TABLE_SIZES }, (_, size) => computedBucket(size))

function computedBucket(size: number): number {
  return size === 0 ? 0 : 1 + Math.ceil(Math.log(size) / LOG_GAMMA)
}

function bytesOfBucket(bucket: number): number {
  return bucket === 0 ? 0 : Math.round((2 * GAMMA ** (bucket - 1)) / (GAMMA + 1))
}

/** A sketch as plain data, for the way between threads. */
export interface SizeSketchState {
  /** Bucket and count, in turn, of buckets that hold anything. */
  readonly buckets: readonly number[]
  readonly count: number
  readonly sum: number
  readonly least: number
  readonly greatest: number
}

export class SizeSketch {
  readonly #buckets = new Float64Array(BUCKETS)
  #count = 0
  #sum = 0
  #least = Infinity
  #greatest = -Infinity

  add(size: number): void {
    this.#buckets[size < TABLE_SIZES ? table[size]! : computedBucket(size)]! += 1
    this.#count += 1
    this.#sum += size
    if (size < this.#least) this.#least = size
    if (size > this.#greatest) this.#greatest = size
  }

  merge({ buckets, count, sum, least, greatest }: SizeSketchState): void {
    for (let at = 0; at < buckets.length; at += 2) this.#buckets[buckets[at]!]! += buckets[at + 1]!
    this.#count += count
    this.#sum += sum
    if (count === 0) return
    this.#least = Math.min(this.#least, least)
    this.#greatest = Math.max(this.#greatest, greatest)
  }

  state(): SizeSketchState {
    const buckets: number[] = []
    for (const [bucket, count] of this.#buckets.entries())
      if (count > 0) buckets.push(bucket, count)
    const [least, greatest] = this.#count === 0 ? [0, 0] : [this.#least, this.#greatest]
    return { buckets, count: this.#count, sum: this.#sum, least, greatest }
  }

  statistics(): SizeStatistics {
    const { count, sum, least, greatest } = this.state()
    return {
      count: BigInt(count),
      leastBytes: least,
      greatestBytes: greatest,
      meanBytes: count === 0 ? 0 : sum / count,
      percentiles: count === 0 ? [] : PERCENTS.map(percent => this.#percentile(percent)),
      errorPercent: SIZE_ERROR_PERCENT,
    }
  }

  /** The size that so many percent of all do not exceed. */
  #percentile(percent: number): Percentile {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count))
    let passed = 0
    for (const [bucket, count] of this.#buckets.entries()) {
      passed += count
      if (passed < rank) continue
      const bytes = Math.min(Math.max(bytesOfBucket(bucket), this.#least), this.#greatest)
      return { percent, bytes }
    }
    return { percent, bytes: this.#greatest }
  }
}
