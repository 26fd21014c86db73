/**
 * The five codecs of record batches, over whole payloads.
 *
 * Whoever decompresses says how much may come out. The bound is checked before memory is spent
 * wherever the format tells (lz4, snappy), and by the decoder while it runs elsewhere.
 */
import { assertNever } from '../../support/assert.ts'
import { OperationalError } from '../../support/operational-error.ts'
import { KafkaError } from '../errors.ts'
import { compressLz4, decompressLz4 } from './lz4-frame.ts'
import { gzip, zstdCodec } from './native.ts'
import { compressXerial, decompressSnappy } from './xerial.ts'

/** By number, as the lowest three attribute bits give it. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Codec = (typeof codecs)[number]

/** What one batch may hold decompressed where the caller has no bound of its own. */
export const DECOMPRESSED_BYTES_MAX = 64 * 1024 * 1024

export function codecById(id: number): Codec {
  const codec = codecs[id]
  if (codec === undefined)
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `compression type ${id} is none of Kafka's`,
    )
  return codec
}

export function codecId(codec: Codec): number {
  return codecs.indexOf(codec)
}

export function compress(codec: Codec, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case 'none':
      return bytes
    case 'gzip':
      return gzip.compress(bytes)
    case 'snappy':
      return compressXerial(bytes)
    case 'lz4':
      return compressLz4(bytes)
    case 'zstd':
      return zstd().compress(bytes)
    default:
      return assertNever(codec)
  }
}

/** Throws INVALID_RECORD when the bytes are no such data, or more than `maxBytes` would result. */
export function decompress(
  codec: Codec,
  bytes: Uint8Array,
  { maxBytes = DECOMPRESSED_BYTES_MAX }: { readonly maxBytes?: number } = {},
): Uint8Array {
  switch (codec) {
    case 'none':
      return bytes
    case 'gzip':
      return guarded('gzip', () => gzip.decompress(bytes, maxBytes))
    case 'snappy':
      return guarded('snappy', () => decompressSnappy(bytes, maxBytes))
    case 'lz4':
      return guarded('lz4', () => decompressLz4(bytes, maxBytes))
    case 'zstd': {
      const codecHere = zstd()
      return guarded('zstd', () => codecHere.decompress(bytes, maxBytes))
    }
    default:
      return assertNever(codec)
  }
}

function zstd() {
  const codec = zstdCodec()
  if (codec === null)
    throw new OperationalError('this runtime has no zstd: node 22.15 or newer has, or register one')
  return codec
}

/** Whatever a decoder throws at foreign bytes means one thing here: the bytes are wrong. */
function guarded(codec: Codec, run: () => Uint8Array): Uint8Array {
  try {
    return run()
  } catch (error) {
    if (error instanceof KafkaError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new KafkaError('INVALID_RECORD', `${codec} data does not decompress: ${reason}`, {
      cause: error,
    })
  }
}
