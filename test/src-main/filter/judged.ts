/** Records as one batch, and what a filter finds of them. */
import { buildBatch, type RecordInput } from '../../../engine/protocol/records/batch-builder.ts'
import { sizeOf } from '../../../engine/protocol/records/record-batch.ts'
import type { RecordFilter } from '../../../src-main/contract/model/search.ts'
import { compileFilter, type CompiledFilter } from '../../../src-main/filter/compile-filter.ts'
import { PartitionScan } from '../../../src-main/scan/partition-scan.ts'
import { openBatch, type ScanBatch } from '../../../src-main/scan/scan-batch.ts'

export const BASE_OFFSET = 100n

export type GivenRecord = Omit<RecordInput, 'timestampMs'> & { readonly timestampMs?: bigint }

export function batchOf(
  records: readonly GivenRecord[],
  { topic = 'orders', from = 0n, to = 1_000_000n } = {},
): ScanBatch {
  const bytes = buildBatch({
    records: records.map(record => ({ timestampMs: 1_700_000_000_000n, ...record })),
    baseOffset: BASE_OFFSET,
    compression: 'lz4',
  })
  const range = { topic, partition: 3, start: from, end: to, at: from }
  const scan = new PartitionScan(range, 'forward')
  return openBatch(scan, bytes, { at: 0, size: sizeOf(bytes, 0) }, { from, to })
}

/** A clock that stands still. */
export function compiled(filter: RecordFilter, nowMs = () => 0): CompiledFilter {
  return compileFilter(filter, { decoders: { key: 'auto', value: 'auto' }, nowMs })
}

/** Offset deltas of the records that meet the filter. */
export function foundIn(batch: ScanBatch, filter: CompiledFilter): number[] {
  const deltas: number[] = []
  filter.find(batch, ({ offset }) => void deltas.push(Number(offset - BASE_OFFSET)))
  return deltas
}

export function finds(filter: RecordFilter, records: readonly GivenRecord[]): number[] {
  return foundIn(batchOf(records), compiled(filter))
}

/** A record with this value alone. */
export function valued(value: string | Uint8Array | null): GivenRecord {
  return { key: null, value: typeof value === 'string' ? Buffer.from(value) : value }
}
