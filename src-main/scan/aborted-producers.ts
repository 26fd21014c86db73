/**
 * Whose records `read_committed` leaves out, as one answer tells it: the answer lists aborted
 * transactions with their first offsets, and the markers among the batches say where each ends
 * (KIP-98).
 */
import { readControlType } from '../../engine/protocol/records/control-records.ts'
import { isControl, producerIdOf } from '../../engine/protocol/records/record-batch.ts'
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { recordsOf } from '../../engine/protocol/records/record-reader.ts'
import type { AbortedTransaction } from './fetch-batches.ts'
import type { PlacedBatch } from './batch-places.ts'
import { transactionOf } from './scan-batch.ts'

/** The batches of an answer that hold records of aborted transactions. */
export function abortedBatches(
  bytes: Uint8Array,
  batches: readonly PlacedBatch[],
  aborted: readonly AbortedTransaction[],
): ReadonlySet<PlacedBatch> {
  const left = new Set<PlacedBatch>()
  if (aborted.length === 0) return left
  const waiting = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const producers = new Set<bigint>()
  for (const batch of batches) {
    while (waiting[0] !== undefined && waiting[0].firstOffset <= batch.lastOffset)
      producers.add(waiting.shift()!.producerId)
    if (batch.problem !== null) continue
    if (isControl(bytes, batch.at)) {
      if (isAbort(bytes, batch.at)) producers.delete(producerIdOf(bytes, batch.at))
      continue
    }
    const producer = transactionOf(bytes, batch.at)
    if (producer !== null && producers.has(producer)) left.add(batch)
  }
  return left
}

function isAbort(bytes: Uint8Array, at: number): boolean {
  const cursor = new RecordCursor(recordsOf(bytes, at))
  cursor.read()
  return readControlType(cursor.key()) === 'ABORT'
}
