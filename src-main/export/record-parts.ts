/** Parts of records as text that more than one format writes. */

const SECOND_MS = 1_000
/** What a `Date` can say. */
const TIME_MS_MAX = 8_640_000_000_000_000n

/** Timestamps as ISO 8601. Records that follow each other mostly share a second. */
export class IsoTimes {
  #second = NaN
  /** `2026-11-21T14:02:11.` */
  #begin = ''

  /** Null where the producer gave none, or one that no calendar has. */
  textOf(timestampMs: bigint): string | null {
    if (timestampMs < 0n || timestampMs > TIME_MS_MAX) return null
    const time = Number(timestampMs)
    const second = Math.floor(time / SECOND_MS)
    if (second !== this.#second) {
      this.#second = second
      this.#begin = new Date(second * SECOND_MS).toISOString().slice(0, -4)
    }
    const ms = time - second * SECOND_MS
    return `${this.#begin}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
  }
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
