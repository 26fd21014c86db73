/**
 * Where the batches of an answer lie, and what cannot be read of them. Unlike `wholeBatches` it goes
 * on after a batch that is broken, as long as its length can be believed: one bad batch must not
 * hide what comes after it.
 */
import {
  BATCH_HEADER_BYTES,
  MAGIC_V2,
  baseOffsetOf,
  crcIsValid,
  lastOffsetOf,
  magicOf,
  sizeOf,
} from '../../engine/protocol/records/record-batch.ts'
import type { Problem } from '../contract/define.ts'
import { kafkaProblem } from '../contract/problem.ts'

/** The length of a batch that no broker exceeds in practice; more is taken for garbage. */
const BATCH_BYTES_MAX = 1024 * 1024 * 1024
const LEAST_HEADER_BYTES = 17

export interface PlacedBatch {
  readonly at: number
  readonly size: number
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  /** Why its records cannot be read; null when nothing speaks against it. */
  readonly problem: Problem | null
}

export interface PlacedBatches {
  readonly batches: readonly PlacedBatch[]
  /** After the last whole batch. */
  readonly end: number
  /** The bytes after `end` are no beginning of a batch: nothing behind them can be found. */
  readonly lost: Problem | null
}

/** Checksums are not looked at here: see `checksumProblem`. */
export function placeBatches(bytes: Uint8Array): PlacedBatches {
  const batches: PlacedBatch[] = []
  let at = 0
  while (bytes.length - at >= LEAST_HEADER_BYTES) {
    const size = sizeOf(bytes, at)
    if (size < LEAST_HEADER_BYTES || size > BATCH_BYTES_MAX)
      return { batches, end: at, lost: corrupt(`a batch of ${size} bytes`) }
    if (size > bytes.length - at) break
    const magic = magicOf(bytes, at)
    const whole = magic === MAGIC_V2 && size >= BATCH_HEADER_BYTES
    const baseOffset = baseOffsetOf(bytes, at)
    const lastOffset = whole ? lastOffsetOf(bytes, at) : baseOffset
    if (lastOffset < baseOffset || baseOffset < 0n)
      return { batches, end: at, lost: corrupt(`offsets ${baseOffset} to ${lastOffset}`) }
    batches.push({ at, size, baseOffset, lastOffset, problem: whole ? null : oldFormat(magic) })
    at += size
  }
  return { batches, end: at, lost: null }
}

export function checksumProblem(bytes: Uint8Array, at: number): Problem | null {
  return crcIsValid(bytes, at) ? null : corrupt('the checksum does not fit the bytes')
}

function oldFormat(magic: number): Problem {
  return magic === 0 || magic === 1
    ? kafkaProblem(
        'UNSUPPORTED_FOR_MESSAGE_FORMAT',
        `message format ${magic}, from before Kafka 0.11`,
      )
    : corrupt(`batch of magic ${magic}`)
}

function corrupt(reason: string): Problem {
  return kafkaProblem('CORRUPT_MESSAGE', reason)
}
