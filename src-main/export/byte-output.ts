/** A file's bytes while they are written: one buffer that grows, and no object for a record. */

const SIZE_BYTES_FIRST = 64 * 1024
const ZERO = 0x30
const SHORT_BYTES = 24

export class ByteOutput {
  #bytes = Buffer.allocUnsafe(SIZE_BYTES_FIRST)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Characters below 128 only. Short ones are quicker here than through a call into the runtime. */
  ascii(text: string): void {
    this.#reserve(text.length)
    for (let index = 0; index < text.length; index++)
      this.#bytes[this.#length++] = text.charCodeAt(index)
  }

  utf8(text: string): void {
    this.#reserve(text.length * 3)
    this.#length += this.#bytes.write(text, this.#length, 'utf8')
  }

  /** A whole number from 0 to 2^53. */
  digits(value: number): void {
    this.#reserve(16)
    let count = 1
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) count++
    let rest = value
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const next = Math.floor(rest / 10)
      this.#bytes[at] = ZERO + (rest - next * 10)
      rest = next
    }
    this.#length += count
  }

  copy(bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.#reserve(to - from)
    const count = to - from
    // Setting one array into another is worth its call only where there is something to set.
    if (count > SHORT_BYTES)
      this.#bytes.set(count === bytes.length ? bytes : bytes.subarray(from, to), this.#length)
    else for (let at = 0; at < count; at++) this.#bytes[this.#length + at] = bytes[from + at]!
    this.#length += count
  }

  /** A part of what another one holds. */
  copyFrom(other: ByteOutput, from: number, to: number): void {
    this.copy(other.#bytes, from, to)
  }

  /** What was written since the last call. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return taken
  }

  clear(): void {
    this.#length = 0
  }

  #reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
