/**
 * Memory that is used again. The first touch of fresh pages costs more than anything else that
 * happens to a byte on its way, so large buffers go round instead of being allocated.
 */

const CLASS_BYTES_MIN = 4 * 1024

/** The idle buffers of one size. */
interface SizeClass {
  readonly idle: Buffer[]
  /** So many lay idle all the time since the last trim. */
  unusedCount: number
}

export class BufferPool {
  readonly #idleBytesMax: number
  readonly #classes = new Map<number, SizeClass>()
  #idleBytes = 0
  #lentBytes = 0

  constructor(options: { readonly idleBytesMax: number }) {
    this.#idleBytesMax = options.idleBytesMax
  }

  /** What lies ready. */
  get idleBytes(): number {
    return this.#idleBytes
  }

  /** What was acquired and not given back. */
  get lentBytes(): number {
    return this.#lentBytes
  }

  /** A buffer of at least that many bytes, with anything in it. */
  acquire(bytes: number): Buffer {
    const size = classOf(bytes)
    this.#lentBytes += size
    const known = this.#classes.get(size)
    const buffer = known?.idle.pop()
    if (known === undefined || buffer === undefined) return Buffer.allocUnsafeSlow(size)
    known.unusedCount = Math.min(known.unusedCount, known.idle.length)
    this.#idleBytes -= size
    return buffer
  }

  /** Gives back what `acquire` gave; nobody may hold a view of it any more. */
  release(buffer: Buffer): void {
    const size = buffer.length
    this.#lentBytes -= size
    if (this.#idleBytes + size > this.#idleBytesMax) return
    const known = this.#classes.get(size)
    if (known === undefined) this.#classes.set(size, { idle: [buffer], unusedCount: 0 })
    else known.idle.push(buffer)
    this.#idleBytes += size
  }

  /** Lets go of what nobody has needed since the last time: what a burst took does not stay. */
  trim(): void {
    for (const [size, known] of this.#classes) {
      this.#idleBytes -= known.unusedCount * size
      // The longest unused lie at the front.
      known.idle.splice(0, known.unusedCount)
      known.unusedCount = known.idle.length
    }
  }
}

function classOf(bytes: number): number {
  let size = CLASS_BYTES_MIN
  while (size < bytes) size *= 2
  return size
}
