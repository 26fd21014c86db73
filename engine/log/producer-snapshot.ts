/**
 * The `.snapshot` file: all producers of a partition at one offset (ProducerSnapshot, version 1).
 * Taken at every roll and at a clean stop, so that opening a log replays little or nothing. Only
 * the last batch of each producer is kept in it, as in Apache Kafka.
 */
import { Writer } from '../protocol/writer.ts'
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import { Reader } from '../protocol/reader.ts'
import { crc32c } from '../protocol/records/crc32c.ts'
import type { ProducerEntry } from './producer-state.ts'

const VERSION = 1
const ENTRIES_AT = 6

export function encodeProducerSnapshot(entries: readonly ProducerEntry[]): Uint8Array {
  const writer = new Writer(ENTRIES_AT + 4 + entries.length * 54)
  writer.int16(VERSION)
  writer.uint32(0)
  writer.int32(entries.length)
  for (const entry of entries) {
    const last = entry.batches.at(-1)
    writer.int64(entry.producerId)
    writer.int16(entry.producerEpoch)
    writer.int32(last?.lastSequence ?? -1)
    writer.int64(last?.lastOffset ?? -1n)
    writer.int32(last?.offsetDelta ?? 0)
    writer.int64(entry.lastTimestampMs)
    writer.int32(entry.coordinatorEpoch)
    writer.int64(entry.currentTxnFirstOffset ?? -1n)
  }
  const bytes = writer.finish()
  const crc = crc32c(bytes, ENTRIES_AT)
  bytes[2] = crc >>> 24
  bytes[3] = crc >>> 16
  bytes[4] = crc >>> 8
  bytes[5] = crc
  return bytes
}

/** The producers in a snapshot, or null where the file is damaged: an older one serves then. */
export function decodeProducerSnapshot(bytes: Uint8Array): ProducerEntry[] | null {
  try {
    const reader = new Reader(bytes)
    if (reader.int16() !== VERSION) return null
    if (reader.uint32() !== crc32c(bytes, ENTRIES_AT)) return null
    const count = reader.arrayLength(false)
    return Array.from({ length: Math.max(count, 0) }, () => readEntry(reader))
  } catch (error) {
    // Waits for a file cut short; what else goes wrong is not about its contents.
    if (error instanceof InvalidFrameError) return null
    throw error
  }
}

function readEntry(reader: Reader): ProducerEntry {
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const lastSequence = reader.int32()
  const lastOffset = reader.int64()
  const offsetDelta = reader.int32()
  const timestampMs = reader.int64()
  const coordinatorEpoch = reader.int32()
  const txnFirstOffset = reader.int64()
  return {
    producerId,
    producerEpoch,
    coordinatorEpoch,
    lastTimestampMs: timestampMs,
    currentTxnFirstOffset: txnFirstOffset >= 0n ? txnFirstOffset : null,
    batches: lastOffset >= 0n ? [{ lastSequence, lastOffset, offsetDelta, timestampMs }] : [],
  }
}
