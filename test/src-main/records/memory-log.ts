import fc from 'fast-check'
import type { Offsets } from '../../../src-main/records/cut.ts'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { lastOffsetOf } from '../../../engine/protocol/records/record-batch.ts'
import { rowBatch } from '../../../src-main/records/row-batch.ts'
import { showOptions } from '../../../src-main/records/show-options.ts'
import type {
  ReadPartition,
  RecordSource,
  WantedBatches,
} from '../../../src-main/records/record-source.ts'

export interface MemoryRecord {
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: bigint
}

export interface MemoryPartition {
  readonly partition: number
  readonly start: bigint
  readonly end: bigint
  readonly batches: readonly Uint8Array[]
  readonly records: readonly MemoryRecord[]
}

export interface BatchShape {
  /** Offsets that hold no record before the batch. */
  readonly gap: number
  /** Whether the record at each offset delta is still there. */
  readonly kept: readonly boolean[]
  readonly timestamps: readonly number[]
  readonly valueBytes: number
  readonly control: boolean
}

export const batchShape: fc.Arbitrary<BatchShape> = fc.record({
  gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 300 })),
  kept: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
  timestamps: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 6, maxLength: 6 }),
  valueBytes: fc.integer({ min: 0, max: 40 }),
  control: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
})

/** A partition's log as compaction and transactions leave it. */
export function memoryPartition(
  partition: number,
  start: number,
  shapes: readonly BatchShape[],
): MemoryPartition {
  let next = BigInt(start)
  const batches: Uint8Array[] = []
  const records: MemoryRecord[] = []
  for (const { gap, kept, timestamps, valueBytes, control } of shapes) {
    const baseOffset = next + BigInt(gap)
    const here = kept.flatMap((stays, offsetDelta) =>
      stays ? [{ offsetDelta, timestampMs: BigInt(1_000 + timestamps[offsetDelta]!) }] : [],
    )
    const value = new Uint8Array(valueBytes)
    batches.push(
      buildBatch({
        baseOffset,
        control,
        lastOffsetDelta: kept.length - 1,
        records: here.map(record => ({ ...record, key: null, value })),
      }),
    )
    if (!control)
      for (const { offsetDelta, timestampMs } of here)
        records.push({ partition, offset: baseOffset + BigInt(offsetDelta), timestampMs })
    next = baseOffset + BigInt(kept.length)
  }
  return { partition, start: BigInt(start), end: next, batches, records }
}

/** Answers as a broker does: whole batches, at least one, and no more than fit for the others. */
export function memorySource(
  partitions: readonly MemoryPartition[],
  { answerBytesMax = Infinity, batchesMax = 3 } = {},
): RecordSource & { reads: number; bytes: number } {
  const byId = new Map(partitions.map(each => [each.partition, each]))
  const source = {
    reads: 0,
    bytes: 0,
    async read(wanted: readonly WantedBatches[]) {
      source.reads += 1
      let left = answerBytesMax
      const answers = new Map<number, ReadPartition>()
      for (const { slot, offset } of wanted) {
        const { batches, end } = byId.get(slot)!
        const fitting: Uint8Array[] = []
        for (const batch of batches) {
          if (lastOffsetOf(batch, 0) < offset) continue
          const first = left === answerBytesMax && fitting.length === 0
          if (fitting.length === batchesMax || (batch.length > left && !first)) break
          fitting.push(batch)
          left -= batch.length
        }
        const sizeBytes = fitting.reduce((total, { length }) => total + length, 0)
        source.bytes += sizeBytes
        answers.set(slot, {
          type: 'batches',
          batches: fitting.map(bytes =>
            rowBatch(bytes, 0, { slot, topic: 'orders', show: showOptions({ previewBytes: 10 }) }),
          ),
          endOffset: end,
          sizeBytes,
        })
      }
      return answers
    },
    pause: () => Promise.resolve(),
  }
  return source
}

export function startsOf(partitions: readonly MemoryPartition[]): Offsets {
  return new Map(partitions.map(({ partition, start }) => [partition, start]))
}

export function endsOf(partitions: readonly MemoryPartition[]): Offsets {
  return new Map(partitions.map(({ partition, end }) => [partition, end]))
}
