/** How much one page may read. A page that reaches it has fewer rows than asked for. */

export const PAGE_BYTES_MAX = 16 * 1024 * 1024
const ROUND_BYTES_MAX = 4 * 1024 * 1024
const PARTITION_BYTES_MIN = 16 * 1024
const PARTITION_BYTES_FIRST = 64 * 1024
const PARTITION_BYTES_MAX = 1024 * 1024

export class ReadBudget {
  readonly #maxBytes: number
  #rounds = 0
  readBytes = 0

  constructor(maxBytes = PAGE_BYTES_MAX) {
    this.#maxBytes = maxBytes
  }

  spend(bytes: number): void {
    this.readBytes += bytes
  }

  /**
   * What to ask of each partition when so many are read at once. The first round asks for little,
   * since brokers send whole batches anyway and a page often needs no more.
   */
  nextBytes(partitionCount: number): number {
    const grown = Math.min(PARTITION_BYTES_FIRST * 4 ** this.#rounds, PARTITION_BYTES_MAX)
    this.#rounds += 1
    const share = Math.floor(ROUND_BYTES_MAX / partitionCount)
    return Math.max(PARTITION_BYTES_MIN, Math.min(share, grown))
  }

  get spent(): boolean {
    return this.readBytes >= this.#maxBytes
  }
}
