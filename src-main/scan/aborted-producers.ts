/** Which batches of an answer `read_committed` leaves out. */
import { AbortedTransactions, type AbortedTransaction } from '../records/aborted-transactions.ts'
import type { PlacedBatch } from './batch-places.ts'

/** The batches of an answer that hold records of aborted transactions. */
export function abortedBatches(
  bytes: Uint8Array,
  batches: readonly PlacedBatch[],
  aborted: readonly AbortedTransaction[],
): ReadonlySet<PlacedBatch> {
  const transactions = new AbortedTransactions(aborted)
  // Asked about all of them, in order: each marker ends what it belongs to.
  return new Set(
    batches.filter(({ at, problem }) => problem === null && transactions.covers(bytes, at)),
  )
}
