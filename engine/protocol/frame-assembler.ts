/**
 * Cuts a stream of bytes into Kafka's frames: an int32 length, then that many bytes.
 *
 * A frame that lies whole in the bytes received is handed on as a view of them. Only a frame that
 * straddles two reads is collected, in memory that grows with what has arrived and not with what
 * the length promises: a length that lies costs nothing. All connections of a thread take turns with
 * it, for few of them are in the middle of a long frame at once.
 */
import { BufferPool } from '../support/buffer-pool.ts'
import { InvalidFrameError } from './invalid-frame.ts'

const LENGTH_BYTES = 4
const COLLECTED_BYTES_FIRST = 64 * 1024
const IDLE_BYTES_MAX = 8 * 1024 * 1024
const DIRECT_BYTES_MIN = 32 * 1024

/** Memory for frames that are being collected; whoever runs the thread trims it now and then. */
export const frameMemory = new BufferPool({ idleBytesMax: IDLE_BYTES_MAX })

export class FrameAssembler {
  readonly #frameBytesMax: number
  readonly #onFrame: (frame: Uint8Array) => void
  /** The frame that is being collected, and how much of it there is. */
  #collected: Buffer | null = null
  #collectedBytes = 0
  /** Length of the frame being collected; -1 while its own four bytes are incomplete. */
  #frameBytes = -1
  readonly #lengthBytes = Buffer.alloc(LENGTH_BYTES)
  #lengthBytesSeen = 0

  /** `onFrame` gets a view that is valid during the call only. */
  constructor(options: {
    readonly frameBytesMax: number
    readonly onFrame: (frame: Uint8Array) => void
  }) {
    this.#frameBytesMax = options.frameBytesMax
    this.#onFrame = options.onFrame
  }

  /**
   * Where the rest of the frame being collected belongs, or null between frames and where so
   * little is missing that copying it costs less than a read of its own.
   */
  target(): Uint8Array | null {
    if (this.#frameBytes - this.#collectedBytes < DIRECT_BYTES_MIN) return null
    return this.#roomFor(this.#collectedBytes + 1).subarray(this.#collectedBytes)
  }

  /** Throws an `InvalidFrameError` for a length that no request has. */
  push(bytes: Uint8Array): void {
    let at = 0
    if (this.#frameBytes >= 0) at = this.#collect(bytes, at)
    while (at < bytes.length) {
      const rest = bytes.length - at
      if (this.#lengthBytesSeen === 0 && rest >= LENGTH_BYTES) {
        const frameBytes = this.#checkedLength(int32At(bytes, at))
        at += LENGTH_BYTES
        if (bytes.length - at >= frameBytes) {
          this.#onFrame(bytes.subarray(at, at + frameBytes))
          at += frameBytes
        } else {
          this.#frameBytes = frameBytes
          at = this.#collect(bytes, at)
        }
        continue
      }
      this.#lengthBytes[this.#lengthBytesSeen++] = bytes[at++]!
      if (this.#lengthBytesSeen < LENGTH_BYTES) continue
      this.#lengthBytesSeen = 0
      this.#frameBytes = this.#checkedLength(this.#lengthBytes.readInt32BE(0))
      at = this.#collect(bytes, at)
    }
  }

  /** Adds to the collected frame, hands it on when it is whole, and returns where to go on. */
  #collect(bytes: Uint8Array, from: number): number {
    const taken = Math.min(bytes.length - from, this.#frameBytes - this.#collectedBytes)
    const collected = this.#roomFor(this.#collectedBytes + taken)
    const inPlace =
      bytes.buffer === collected.buffer &&
      bytes.byteOffset + from === collected.byteOffset + this.#collectedBytes
    if (!inPlace) collected.set(bytes.subarray(from, from + taken), this.#collectedBytes)
    this.#collectedBytes += taken
    if (this.#collectedBytes < this.#frameBytes) return from + taken
    const frame = collected.subarray(0, this.#frameBytes)
    this.#frameBytes = -1
    this.#collectedBytes = 0
    this.#collected = null
    try {
      this.#onFrame(frame)
    } finally {
      // What was received behind the frame may lie in it, and is read before anything is written.
      frameMemory.release(collected)
    }
    return from + taken
  }

  #roomFor(bytes: number): Buffer {
    const current = this.#collected
    if (current !== null && current.length >= bytes) return current
    const doubled = Math.max(COLLECTED_BYTES_FIRST, (current?.length ?? 0) * 2, bytes)
    const larger = frameMemory.acquire(Math.min(doubled, Math.max(this.#frameBytes, bytes)))
    this.#collected = larger
    if (current === null) return larger
    current.copy(larger, 0, 0, this.#collectedBytes)
    frameMemory.release(current)
    return larger
  }

  #checkedLength(length: number): number {
    if (length < 0 || length > this.#frameBytesMax)
      throw new InvalidFrameError(`frame of ${length} bytes, over ${this.#frameBytesMax}`)
    return length
  }
}

function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}
