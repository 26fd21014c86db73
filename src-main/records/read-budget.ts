/** How much one page may read. A page that reaches it has fewer rows than asked for. */

export const PAGE_BYTES_MAX = 16 * 1024 * 1024
/** Decompressed, which a page's rows keep until they are shown. */
export const PAGE_UNPACKED_BYTES_MAX = 64 * 1024 * 1024
/** Decompressed in one go: some ten milliseconds in which nobody else has a turn. */
const BREATH_BYTES = 8 * 1024 * 1024
const ROUND_BYTES_MAX = 4 * 1024 * 1024
const PARTITION_BYTES_MIN = 16 * 1024
const PARTITION_BYTES_FIRST = 64 * 1024
const PARTITION_BYTES_MAX = 1024 * 1024

export class ReadBudget {
  readonly #maxBytes: number
  #rounds = 0
  #unpackedBytes = 0
  #breathBytes = 0
  readBytes = 0

  constructor(maxBytes = PAGE_BYTES_MAX) {
    this.#maxBytes = maxBytes
  }

  spend(bytes: number): void {
    this.readBytes += bytes
  }

  unpack(bytes: number): void {
    this.#unpackedBytes += bytes
    this.#breathBytes += bytes
  }

  /** Whether so much was decompressed since this was last true that others are due. */
  takeBreath(): boolean {
    if (this.#breathBytes < BREATH_BYTES) return false
    this.#breathBytes = 0
    return true
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
    return this.readBytes >= this.#maxBytes || this.#unpackedBytes >= PAGE_UNPACKED_BYTES_MAX
  }
}
