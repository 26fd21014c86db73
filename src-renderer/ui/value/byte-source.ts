/** Bytes to be looked at by their offsets, all of them at hand or fetched where one looks. */
import { Store, type Readable } from '../store.ts'

export interface ByteSource extends Readable<number> {
  readonly sizeBytes: number
  /** Null while they are on their way. */
  at(from: number, to: number): Uint8Array | null
  /** These are looked at now: fetches what is missing. */
  want(from: number, to: number): void
}

/** Bytes that are all at hand. */
export class HeldBytes extends Store<number> implements ByteSource {
  readonly sizeBytes: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    super(0)
    this.#bytes = bytes
    this.sizeBytes = bytes.length
  }

  at(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to)
  }

  want(): void {}
}

export const CHUNK_BYTES = 65_536
/** 32 MiB; what was not looked at for longest is let go. */
const CHUNKS_MAX = 512

export interface RangedBytesOptions {
  readonly sizeBytes: number
  /** The beginning, as far as it is known. */
  readonly first: Uint8Array
  readonly fetch: (from: number, length: number) => Promise<Uint8Array>
}

/** Bytes of which only what is looked at is fetched, in chunks. */
export class RangedBytes extends Store<number> implements ByteSource {
  readonly sizeBytes: number
  readonly #fetch: RangedBytesOptions['fetch']
  /** In the order in which they were last wanted. Null while a chunk is on its way. */
  readonly #chunks = new Map<number, Uint8Array | null>()

  constructor({ sizeBytes, first, fetch }: RangedBytesOptions) {
    super(0)
    this.sizeBytes = sizeBytes
    this.#fetch = fetch
    for (let at = 0; at < first.length; at += CHUNK_BYTES) {
      const chunk = first.subarray(at, at + CHUNK_BYTES)
      const whole = Math.min(CHUNK_BYTES, sizeBytes - at)
      if (chunk.length === whole) this.#chunks.set(at / CHUNK_BYTES, chunk)
    }
  }

  at(from: number, to: number): Uint8Array | null {
    const index = Math.floor(from / CHUNK_BYTES)
    const start = index * CHUNK_BYTES
    const chunk = this.#chunks.get(index) ?? null
    if (chunk === null || to <= start + CHUNK_BYTES)
      return chunk?.subarray(from - start, to - start) ?? null
    const rest = this.at(start + CHUNK_BYTES, to)
    if (rest === null) return null
    const joined = new Uint8Array(to - from)
    joined.set(chunk.subarray(from - start))
    joined.set(rest, start + CHUNK_BYTES - from)
    return joined
  }

  want(from: number, to: number): void {
    const last = Math.floor((Math.min(to, this.sizeBytes) - 1) / CHUNK_BYTES)
    for (let index = Math.floor(from / CHUNK_BYTES); index <= last; index += 1) {
      const known = this.#chunks.get(index)
      if (known === undefined) void this.#load(index)
      else if (known !== null) {
        this.#chunks.delete(index)
        this.#chunks.set(index, known)
      }
    }
    for (const index of this.#chunks.keys()) {
      if (this.#chunks.size <= CHUNKS_MAX) break
      this.#chunks.delete(index)
    }
  }

  async #load(index: number): Promise<void> {
    this.#chunks.set(index, null)
    const from = index * CHUNK_BYTES
    try {
      const bytes = await this.#fetch(from, Math.min(CHUNK_BYTES, this.sizeBytes - from))
      this.#chunks.set(index, bytes)
      this.replace(this.snapshot() + 1)
    } catch {
      // Asked for again when it is looked at again; the panel shows why records cannot be read.
      this.#chunks.delete(index)
    }
  }
}
