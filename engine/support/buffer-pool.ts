/**
 * Memory that is used again. The first touch of fresh pages costs more than anything else that
 * happens to a byte on its way, so large buffers go round instead of being allocated.
 */

const CLASS_BYTES_MIN = 4 * 1024

export class BufferPool {
  readonly #idleBytesMax: number
  readonly #idle = new Map<number, Buffer[]>()
  #idleBytes = 0
  #lentBytes = 0

  constructor(options: { readonly idleBytesMax: number }) {
    this.#idleBytesMax = options.idleBytesMax
  }

  /** What was acquired and not given back. */
  get lentBytes(): number {
    return this.#lentBytes
  }

  /** A buffer of at least that many bytes, with anything in it. */
  acquire(bytes: number): Buffer {
    const size = classOf(bytes)
    this.#lentBytes += size
    const buffer = this.#idle.get(size)?.pop()
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size)
    this.#idleBytes -= size
    return buffer
  }

  /** Gives back what `acquire` gave; nobody may hold a view of it any more. */
  release(buffer: Buffer): void {
    const size = buffer.length
    this.#lentBytes -= size
    if (this.#idleBytes + size > this.#idleBytesMax) return
    const idle = this.#idle.get(size)
    if (idle === undefined) this.#idle.set(size, [buffer])
    else idle.push(buffer)
    this.#idleBytes += size
  }
}

function classOf(bytes: number): number {
  let size = CLASS_BYTES_MIN
  while (size < bytes) size *= 2
  return size
}
