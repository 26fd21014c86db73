/** Takes the batches of one answer to the visitor, in order, and keeps the partition's books. */
import { KafkaError } from '../../engine/protocol/errors.ts'
import { isControl } from '../../engine/protocol/records/record-batch.ts'
import { kafkaProblem } from '../contract/problem.ts'
import { abortedBatches } from './aborted-producers.ts'
import { checksumProblem, type PlacedBatch } from './batch-places.ts'
import type { AbortedTransaction } from '../records/aborted-transactions.ts'
import type { PartitionScan } from './partition-scan.ts'
import { countInRange, openBatch, type BatchRange } from './scan-batch.ts'
import type { ScanContext } from './scan-context.ts'

export interface AnswerBatches {
  readonly bytes: Uint8Array
  readonly batches: readonly PlacedBatch[]
  readonly aborted: readonly AbortedTransaction[]
}

/**
 * Looks at the batches that lie in the range, the last first when the scan goes backward. False
 * when it was stopped before the end; `scan.at` says where.
 */
export async function lookAtBatches(
  context: ScanContext,
  scan: PartitionScan,
  { bytes, batches, aborted }: AnswerBatches,
  range: BatchRange,
): Promise<boolean> {
  const left = context.committedOnly ? abortedBatches(bytes, batches, aborted) : null
  const backward = scan.direction === 'backward'
  for (let index = 0; index < batches.length; index++) {
    const batch = batches[backward ? batches.length - 1 - index : index]!
    if (batch.lastOffset < range.from || batch.baseOffset >= range.to) continue
    if (context.signal.aborted) return false
    const stoppedAt =
      left?.has(batch) === true ? null : lookAtBatch(context, scan, bytes, batch, range)
    scan.at = stoppedAt ?? passed(batch, range, backward)
    context.onChange()
    if (stoppedAt !== null) return false
    const draining = context.visitor.drain?.() ?? null
    if (draining !== null) await draining
    if (context.pauser.due) await context.pauser.pause()
  }
  return true
}

function passed(batch: PlacedBatch, range: BatchRange, backward: boolean): bigint {
  if (backward) return batch.baseOffset > range.from ? batch.baseOffset : range.from
  return batch.lastOffset + 1n < range.to ? batch.lastOffset + 1n : range.to
}

/** Null when all of it was seen, or as much of it as can be read. */
function lookAtBatch(
  { visitor, pauser }: ScanContext,
  scan: PartitionScan,
  bytes: Uint8Array,
  place: PlacedBatch,
  range: BatchRange,
): bigint | null {
  const problem = place.problem ?? checksumProblem(bytes, place.at)
  const from = place.baseOffset > range.from ? place.baseOffset : range.from
  const to = place.lastOffset + 1n < range.to ? place.lastOffset + 1n : range.to
  if (problem !== null) {
    scan.skip(from, to, problem)
    return null
  }
  if (isControl(bytes, place.at)) return null
  try {
    const batch = openBatch(scan, bytes, place, range)
    pauser.spend(batch.payload.length)
    const stoppedAt = visitor.visit(batch)
    scan.records += countInRange(stoppedAt === null ? batch : seenPart(batch, stoppedAt, scan))
    return stoppedAt
  } catch (error) {
    // Bytes that are no records: this batch is left out and told, and the next is looked at.
    if (!(error instanceof KafkaError)) throw error
    scan.skip(from, to, kafkaProblem(error.error, error.message))
    return null
  }
}

function seenPart(batch: ReturnType<typeof openBatch>, at: bigint, scan: PartitionScan) {
  const delta = Number(at - batch.baseOffset)
  return scan.direction === 'backward'
    ? { ...batch, fromDelta: delta, whole: false }
    : { ...batch, toDelta: delta, whole: false }
}
