/** Records by the hour of their timestamps. */
import type { HourCount } from '../contract/model/statistics.ts'

export const HOUR_MS = 3_600_000
/** Two years of hours. Timestamps that run wild must not fill the memory. */
const HOURS_MAX = 17_568

/** Hour, records and bytes, in turn. */
export type HourState = readonly number[]

export class HourTally {
  readonly #hours = new Map<number, { records: number; bytes: number }>()
  others = 0

  add(timestampMs: number, bytes: number, records = 1): void {
    if (timestampMs < 0) return
    const hour = Math.floor(timestampMs / HOUR_MS)
    const known = this.#hours.get(hour)
    if (known !== undefined) {
      known.records += records
      known.bytes += bytes
    } else if (this.#hours.size < HOURS_MAX) this.#hours.set(hour, { records, bytes })
    else this.others += records
  }

  state(): HourState {
    return [...this.#hours].flatMap(([hour, { records, bytes }]) => [hour, records, bytes])
  }

  merge(state: HourState): void {
    for (let at = 0; at < state.length; at += 3)
      this.add(state[at]! * HOUR_MS, state[at + 2]!, state[at + 1])
  }

  counts(): readonly HourCount[] {
    return [...this.#hours]
      .sort(([a], [b]) => a - b)
      .map(([hour, { records, bytes }]) => ({
        hourMs: BigInt(hour * HOUR_MS),
        records: BigInt(records),
        bytes: BigInt(bytes),
      }))
  }
}
