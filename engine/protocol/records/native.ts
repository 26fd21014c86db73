/**
 * The one file that names native packages. Each is taken when it loads and is `null` when it does
 * not (a platform without a prebuilt binary), so that the fallbacks written in TypeScript step in.
 *
 * Only what is safe on foreign bytes is let through: lz4-napi's frame calls, never its block calls
 * (those trust a size the sender wrote), and snappy with its output copied, because external
 * buffers pile up until the event loop turns.
 */
import { createRequire } from 'node:module'
import * as zlib from 'node:zlib'

const load = createRequire(import.meta.url)

export const nativeCrc32c =
  (loaded('@node-rs/crc32') as typeof import('@node-rs/crc32') | null)?.crc32c ?? null

const lz4 = loaded('lz4-napi') as typeof import('lz4-napi') | null
export const nativeLz4 =
  lz4 === null
    ? null
    : {
        compressFrame: (bytes: Buffer): Uint8Array => lz4.compressFrameSync(bytes),
        decompressFrame: (bytes: Buffer): Uint8Array => lz4.decompressFrameSync(bytes),
      }

const snappy = loaded('snappy') as typeof import('snappy') | null
export const nativeSnappy =
  snappy === null
    ? null
    : {
        compress: (bytes: Uint8Array): Uint8Array =>
          snappy.compressSync(bytes, { copyOutputData: true }),
        decompress: (bytes: Uint8Array): Uint8Array =>
          snappy.uncompressSync(bytes, { asBuffer: true, copyOutputData: true }) as Buffer,
      }

export const gzip = {
  compress: (bytes: Uint8Array): Uint8Array => zlib.gzipSync(bytes),
  decompress: (bytes: Uint8Array, maxBytes: number): Uint8Array =>
    zlib.gunzipSync(bytes, { maxOutputLength: maxBytes }),
}

export interface ZstdCodec {
  compress(bytes: Uint8Array): Uint8Array
  /** Throws when the result would be longer than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}

/** Node has zstd from 22.15 on; where it has not, another implementation is registered. */
let zstd: ZstdCodec | null =
  typeof zlib.zstdDecompressSync === 'function'
    ? {
        compress: bytes => zlib.zstdCompressSync(bytes),
        decompress: (bytes, maxBytes) =>
          zlib.zstdDecompressSync(bytes, { maxOutputLength: maxBytes }),
      }
    : null

export function registerZstd(codec: ZstdCodec): void {
  zstd = codec
}

export function zstdCodec(): ZstdCodec | null {
  return zstd
}

function loaded(name: string): unknown {
  try {
    return load(name)
  } catch {
    // Waits for "cannot find module" or a binary that does not load here; both have a fallback.
    return null
  }
}
