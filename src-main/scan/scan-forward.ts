/**
 * Reads one partition from `at` to its end, or to the end of the log as it is then when it has none.
 * The next answer is on its way while one is looked at. What ends it is an offset, never silence:
 * an answer without batches below the end means that no record is left there, and is asked for
 * twice before it is believed.
 */
import { kafkaProblem } from '../contract/problem.ts'
import { placeBatches } from './batch-places.ts'
import type { Fetched } from './fetch-batches.ts'
import { lookAtBatches } from './look-at-batches.ts'
import { orStopped } from './or-stopped.ts'
import type { PartitionScan } from './partition-scan.ts'
import { FETCH_BYTES, bytesFor, fetchPatiently, type ScanContext } from './scan-context.ts'

const NEVER = 0x7fff_ffff_ffff_ffffn
const ANSWER_BYTES_MAX = 1024 * 1024 * 1024

type Answer = Exclude<Fetched, { type: 'problem' }> | null
type Batches = Extract<Fetched, { type: 'batches' }>

/** Resolves when the range is read, when the log ends, or when the scan is stopped. */
export async function scanForward(context: ScanContext, scan: PartitionScan): Promise<void> {
  let silent = 0
  let maxBytes = 0
  let next: Promise<Answer> | null = null
  const ask = (offset: bigint) => {
    const left = scan.end === null ? null : scan.end - offset
    const asked = fetchPatiently(context, scan, offset, Math.max(maxBytes, bytesFor(scan, left)))
    // It is awaited in its turn, or the scan has ended before.
    asked.catch(() => {})
    return asked
  }
  while (!scan.complete && !context.signal.aborted) {
    const answer: Answer = await orStopped(next ?? ask(scan.at), context.signal)
    next = null
    if (answer === null) return
    if (answer.type === 'out-of-range') {
      if (!passDeleted(scan, answer)) return
      continue
    }
    const { batches, end, lost } = placeBatches(answer.records)
    const last = batches.at(-1)
    if (last === undefined && lost === null) {
      if (answer.records.length > 0 && maxBytes < ANSWER_BYTES_MAX)
        maxBytes = Math.max(maxBytes, FETCH_BYTES) * 4
      else if (endOf(context, answer) <= scan.at && scan.end === null) return
      else if (++silent === 2) return finishSilent(scan, endOf(context, answer))
      continue
    }
    silent = 0
    maxBytes = 0
    const after = last === undefined ? scan.at : last.lastOffset + 1n
    if (lost === null && after < (scan.end ?? endOf(context, answer))) next = ask(after)
    scan.bytes += end
    scan.learnDensity(end, Number(after - scan.at))
    const range = { from: scan.at, to: scan.end ?? NEVER }
    const { records: bytes, aborted } = answer
    if (!(await lookAtBatches(context, scan, { bytes, batches, aborted }, range))) return
    if (after > scan.at) scan.at = scan.end === null || after < scan.end ? after : scan.end
    if (lost !== null)
      return scan.fail({ ...lost, message: `${scan.name} at ${after}: ${lost.message}` })
    // The end of the log was reached, and what comes later comes to whoever follows it.
    if (scan.end === null && after >= endOf(context, answer)) return
  }
}

/** What consumers may see: the end of a log, for this scan. */
export function endOf({ committedOnly }: ScanContext, answer: Batches): bigint {
  return committedOnly && answer.lastStableOffset >= 0n
    ? answer.lastStableOffset
    : answer.highWatermark
}

/** Retention went on meanwhile: what it took is told, and reading goes on behind it. */
export function passDeleted(
  scan: PartitionScan,
  { logStartOffset, problem }: Extract<Fetched, { type: 'out-of-range' }>,
): boolean {
  const from = logStartOffset > scan.at ? logStartOffset : null
  if (from === null) {
    scan.fail(problem)
    return false
  }
  const to = scan.end !== null && from > scan.end ? scan.end : from
  scan.skip(scan.at, to, problem)
  scan.at = to
  return true
}

function finishSilent(scan: PartitionScan, logEnd: bigint): void {
  const { end } = scan
  if (end === null) return
  if (logEnd < end) {
    const why = `${scan.name} ends at ${logEnd} now, and ended at ${end} or later when this began`
    scan.skip(logEnd > scan.at ? logEnd : scan.at, end, kafkaProblem('OFFSET_OUT_OF_RANGE', why))
  }
  scan.at = end
}
