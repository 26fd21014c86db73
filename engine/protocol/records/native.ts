/**
 * The one file that names native packages. Each is taken when it loads and is `null` when it does
 * not (a platform without a prebuilt binary), so that the fallbacks written in TypeScript step in.
 *
 * Only what is safe on foreign bytes is let through: lz4-napi's frame calls, never its block calls
 * (those trust a size the sender wrote), and snappy with its output copied, because external
 * buffers pile up until the event loop turns.
 */
import { createRequire } from 'node:module'
import type * as Zlib from 'node:zlib'
import { undisturbed, type EndCell } from '../../support/thread-end.ts'

const load = createRequire(import.meta.url)

export const nativeCrc32c = lazily(
  () => (loaded('@node-rs/crc32') as typeof import('@node-rs/crc32') | null)?.crc32c ?? null,
)

export const nativeLz4 = lazily(() => {
  const lz4 = loaded('lz4-napi') as typeof import('lz4-napi') | null
  if (lz4 === null) return null
  return {
    compressFrame: (bytes: Buffer): Uint8Array => lz4.compressFrameSync(bytes),
    decompressFrame: (bytes: Buffer): Uint8Array => lz4.decompressFrameSync(bytes),
  }
})

export const nativeSnappy = lazily(() => {
  const snappy = loaded('snappy') as typeof import('snappy') | null
  if (snappy === null) return null
  return {
    compress: (bytes: Uint8Array): Uint8Array =>
      snappy.compressSync(bytes, { copyOutputData: true }),
    decompress: (bytes: Uint8Array): Uint8Array =>
      snappy.uncompressSync(bytes, { asBuffer: true, copyOutputData: true }) as Buffer,
  }
})

/**
 * Loads every package now. Opening a shared library is not safe in two threads at once, so the
 * parent of worker threads does it before they can come to need one.
 */
export function loadNativePackages(): void {
  nativeCrc32c()
  nativeLz4()
  nativeSnappy()
}

const zlib = lazily(() => load('node:zlib') as typeof Zlib)

let endCell: EndCell | null = null

/** For a thread that others may end: they wait until it is in none of zlib's calls. */
export function holdEndsOff(cell: EndCell): void {
  endCell = cell
}

export const gzip = {
  compress: (bytes: Uint8Array): Uint8Array => undisturbed(endCell, () => zlib().gzipSync(bytes)),
  decompress: (bytes: Uint8Array, maxBytes: number): Uint8Array =>
    undisturbed(endCell, () => zlib().gunzipSync(bytes, { maxOutputLength: maxBytes })),
}

export interface ZstdCodec {
  compress(bytes: Uint8Array): Uint8Array
  /** Throws when the result would be longer than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}

let registeredZstd: ZstdCodec | null = null

/** Node has zstd from 22.15 on; where it has not, another implementation is registered. */
const nodeZstd = lazily((): ZstdCodec | null => {
  const { zstdCompressSync, zstdDecompressSync } = zlib()
  if (typeof zstdDecompressSync !== 'function') return null
  return {
    compress: bytes => undisturbed(endCell, () => zstdCompressSync(bytes)),
    decompress: (bytes, maxBytes) =>
      undisturbed(endCell, () => zstdDecompressSync(bytes, { maxOutputLength: maxBytes })),
  }
})

export function registerZstd(codec: ZstdCodec): void {
  registeredZstd = codec
}

export function zstdCodec(): ZstdCodec | null {
  return registeredZstd ?? nodeZstd()
}

/** A thread that never meets a codec does not pay for loading it. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function loaded(name: string): unknown {
  try {
    return load(name)
  } catch {
    // Waits for "cannot find module" or a binary that does not load here; both have a fallback.
    return null
  }
}
