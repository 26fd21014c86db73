/**
 * Reads one partition from `at` down to its start, the newest records first. Kafka reads forward
 * only, so it goes in chunks, each of which ends where the one before began; where a chunk begins
 * in the middle of a batch, all of that batch belongs to it. The beginning of the next chunk is on
 * its way while one is looked at.
 */
import { placeBatches } from './batch-places.ts'
import type { Fetched } from './fetch-batches.ts'
import { lookAtBatches, type AnswerBatches } from './look-at-batches.ts'
import type { PartitionScan } from './partition-scan.ts'
import { orStopped } from './or-stopped.ts'
import { bytesFor, fetchPatiently, type ScanContext } from './scan-context.ts'

const CHUNK_OFFSETS_FIRST = 1_000n
const CHUNK_GROWTH = 8n
/** What a chunk should take, and what it may. */
const CHUNK_BYTES = 2 * 1024 * 1024
const CHUNK_BYTES_MAX = 12 * 1024 * 1024

type Answer = Exclude<Fetched, { type: 'problem' }> | null

interface Chunk {
  readonly from: bigint
  readonly to: bigint
  readonly first: Promise<Answer>
}

interface ReadChunk {
  /** Where the first of its batches begins, or the chunk where there is none. */
  readonly from: bigint
  readonly answers: readonly AnswerBatches[]
  readonly next: Chunk | null
}

export async function scanBackward(context: ScanContext, scan: PartitionScan): Promise<void> {
  let floor = scan.start
  let offsets = CHUNK_OFFSETS_FIRST
  const begin = (to: bigint): Chunk | null => {
    if (to <= floor) return null
    const from = to - offsets > floor ? to - offsets : floor
    const first = fetchPatiently(context, scan, from, bytesFor(scan, to - from))
    // It is awaited in its turn, or the scan has ended before.
    first.catch(() => {})
    return { from, to, first }
  }
  let chunk = begin(scan.at)
  while (chunk !== null && !context.signal.aborted) {
    const read = await readChunk(context, scan, chunk, floor, begin)
    if (read === null) return
    if (read === 'too-large') {
      offsets = offsets / 8n > 1n ? offsets / 8n : 1n
      chunk = begin(chunk.to)
      continue
    }
    if (typeof read === 'bigint') {
      // Retention went on meanwhile; what it took is told once, and all above it is read.
      floor = read < chunk.to ? read : chunk.to
      scan.skip(scan.start, floor, DELETED)
      chunk = begin(chunk.to)
      continue
    }
    for (const answer of read.answers.toReversed())
      if (!(await lookAtBatches(context, scan, answer, { from: floor, to: chunk.to }))) return
    if (read.from < scan.at) scan.at = read.from
    offsets = nextOffsets(scan, offsets)
    chunk = read.next
  }
  if (!context.signal.aborted) scan.at = scan.start
}

const DELETED = {
  code: 'OFFSET_OUT_OF_RANGE',
  message: 'deleted by retention while the scan went on',
}

/** Null when stopped; a log's new start; or all batches of the chunk, in ascending order. */
async function readChunk(
  context: ScanContext,
  scan: PartitionScan,
  chunk: Chunk,
  floor: bigint,
  begin: (to: bigint) => Chunk | null,
): Promise<ReadChunk | bigint | 'too-large' | null> {
  const answers: AnswerBatches[] = []
  let next: Chunk | null = null
  let from = chunk.from
  let at = chunk.from
  let bytes = 0
  let pending = chunk.first
  for (let silent = 0; at < chunk.to && silent < 2;) {
    const answer = await orStopped(pending, context.signal)
    if (answer === null) return null
    if (answer.type === 'out-of-range') return startAfter(scan, answer)
    const { batches, end, lost } = placeBatches(answer.records)
    const last = batches.at(-1)
    bytes += end
    const fits = bytes <= CHUNK_BYTES_MAX || chunk.to - chunk.from === 1n
    if (!fits && last !== undefined && last.lastOffset + 1n < chunk.to) return 'too-large'
    const inChunk = batches.filter(each => each.lastOffset >= at && each.baseOffset < chunk.to)
    const [first] = inChunk
    if (first !== undefined && answers.length === 0) {
      from = first.baseOffset < from ? first.baseOffset : from
      from = from > floor ? from : floor
      next = begin(from)
    }
    answers.push({ bytes: answer.records, batches: inChunk, aborted: answer.aborted })
    if (lost !== null) scan.skip(last === undefined ? at : last.lastOffset + 1n, chunk.to, lost)
    silent = last === undefined ? silent + 1 : 0
    at = lost !== null ? chunk.to : last === undefined ? at : last.lastOffset + 1n
    if (at < chunk.to) pending = fetchPatiently(context, scan, at, bytesFor(scan, chunk.to - at))
  }
  scan.bytes += bytes
  scan.learnDensity(bytes, Number(chunk.to - from))
  return { from, answers, next: next ?? begin(from) }
}

function startAfter(
  scan: PartitionScan,
  { logStartOffset, problem }: Extract<Fetched, { type: 'out-of-range' }>,
): bigint | null {
  if (logStartOffset >= 0n) return logStartOffset
  scan.fail(problem)
  return null
}

/** So many that they take about `CHUNK_BYTES`, and not suddenly far more than before. */
function nextOffsets(scan: PartitionScan, last: bigint): bigint {
  const density = scan.bytesPerOffset ?? 0
  const fitting =
    density > 0 ? BigInt(Math.max(1, Math.floor(CHUNK_BYTES / density))) : last * CHUNK_GROWTH
  return fitting < last * CHUNK_GROWTH ? fitting : last * CHUNK_GROWTH
}
