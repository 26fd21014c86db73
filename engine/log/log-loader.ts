/**
 * Opens a partition's folder: finds its segments, finishes what a stop interrupted, and recovers
 * what an unclean one left behind (LogLoader, LogSegment.recover).
 *
 * After a clean stop only the last segment's tail and one snapshot are read. After any other, all
 * batches from the recovery point on are checked; the first bad one ends the log.
 */
import type { DiskEntry } from '../ports/disk.ts'
import { KafkaError } from '../protocol/errors.ts'
import {
  baseOffsetOf,
  crcIsValid,
  isControl,
  lastOffsetOf,
  leaderEpochOf,
} from '../protocol/records/record-batch.ts'
import { scanBatches, scanHeaders } from './batch-scan.ts'
import type { FileCache } from './file-cache.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import { readSegmentFileName, type SegmentFileName } from './log-file-names.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { ProducerState } from './producer-state.ts'
import { Segment } from './segment.ts'

export interface FoundFiles {
  readonly segments: Segment[]
  readonly snapshotOffsets: readonly bigint[]
  /** Segments whose index files are not there: they are rebuilt whatever the stop was. */
  readonly withoutIndex: ReadonlySet<Segment>
}

interface NamedEntry extends SegmentFileName {
  readonly name: string
  readonly entry: DiskEntry
}

/** Lists the folder, removing temporary files and finishing swaps (of compaction) on the way. */
export function findFiles(files: FileCache, folder: string, nowMs: number): FoundFiles {
  const { disk } = files
  const named: NamedEntry[] = []
  for (const entry of disk.list(folder) ?? []) {
    if (entry.isFolder) continue
    if (entry.name.endsWith('.tmp')) disk.remove(`${folder}/${entry.name}`)
    const parsed = readSegmentFileName(entry.name)
    if (parsed !== null) named.push({ ...parsed, name: entry.name, entry })
  }
  const kept = finishSwaps(files, folder, named)
  const logs = kept.filter(({ kind }) => kind === 'log')
  const bases = new Set(logs.map(({ baseOffset }) => baseOffset))
  const indexes = new Set<string>()
  for (const file of kept) {
    if (file.kind !== 'index' && file.kind !== 'timeindex' && file.kind !== 'txnindex') continue
    if (bases.has(file.baseOffset)) indexes.add(`${file.baseOffset} ${file.kind}`)
    else disk.remove(`${folder}/${file.name}`)
  }
  const withoutIndex = new Set<Segment>()
  const segments = logs
    .sort((a, b) => (a.baseOffset < b.baseOffset ? -1 : 1))
    .map(({ baseOffset, entry }) => {
      const { sizeBytes, modifiedMs } = entry
      const segment = new Segment({
        files,
        folder,
        baseOffset,
        sizeBytes,
        createdMs: nowMs,
        modifiedMs,
      })
      const complete =
        indexes.has(`${baseOffset} index`) &&
        (sizeBytes === 0 || indexes.has(`${baseOffset} timeindex`))
      if (!complete) withoutIndex.add(segment)
      return segment
    })
  const snapshots = kept.filter(({ kind }) => kind === 'snapshot')
  return { segments, snapshotOffsets: snapshots.map(file => file.baseOffset), withoutIndex }
}

/**
 * `.deleted` and `.cleaned` files go. A `.swap` file replaces the segments it was cleaned from, as
 * far as their offsets reach, unless cleaning had not finished.
 */
function finishSwaps(files: FileCache, folder: string, named: readonly NamedEntry[]): NamedEntry[] {
  const { disk } = files
  const cleaned = named.filter(({ suffix }) => suffix === '.cleaned')
  const unfinished = cleaned.reduce<bigint | null>(
    (least, { baseOffset }) => (least === null || baseOffset < least ? baseOffset : least),
    null,
  )
  const swaps: NamedEntry[] = []
  let kept: NamedEntry[] = []
  for (const file of named) {
    const partOfUnfinished = unfinished !== null && file.baseOffset >= unfinished
    if (file.suffix === '') kept.push(file)
    else if (file.suffix === '.swap' && !partOfUnfinished) swaps.push(file)
    else disk.remove(`${folder}/${file.name}`)
  }
  if (swaps.length === 0) return kept

  const replaced = swaps
    .filter(({ kind }) => kind === 'log')
    .map(swap => swapRange(files, folder, swap))
  kept = kept.filter(file => {
    const goes = replaced.some(
      ({ from, to }) => file.baseOffset >= from && file.baseOffset < to && file.kind !== 'snapshot',
    )
    if (goes) disk.remove(`${folder}/${file.name}`)
    return !goes
  })
  for (const swap of swaps) {
    const name = swap.name.slice(0, -'.swap'.length)
    files.rename(`${folder}/${swap.name}`, `${folder}/${name}`)
    kept.push({ ...swap, suffix: '', name })
  }
  return kept
}

function swapRange(
  files: FileCache,
  folder: string,
  swap: NamedEntry,
): { readonly from: bigint; readonly to: bigint } {
  const path = `${folder}/${swap.name}`
  let to = swap.baseOffset + 1n
  scanHeaders(files.file(path), { start: 0, end: swap.entry.sizeBytes }, (bytes, at) => {
    to = lastOffsetOf(bytes, at) + 1n
    return true
  })
  files.close(path)
  return { from: swap.baseOffset, to }
}

export interface RecoveryContext {
  readonly epochs: LeaderEpochCache
  readonly indexIntervalBytes: number
  /** The offset that the segment before ended at: nothing may lie below it. */
  readonly expectedOffset: bigint
}

/**
 * Checks every batch of a segment, rebuilds its indexes, and cuts it at the first batch that is
 * torn, damaged or out of order. Its epochs are not saved yet. Returns how many bytes were cut, and
 * where the records end.
 */
export function recoverSegment(
  segment: Segment,
  context: RecoveryContext,
): { readonly truncatedBytes: number; readonly endOffset: bigint } {
  segment.beginRebuild()
  let validBytes = 0
  let newestEpoch = -1
  let endOffset =
    segment.baseOffset > context.expectedOffset ? segment.baseOffset : context.expectedOffset
  try {
    scanBatches(segment.file, { start: 0, end: segment.sizeBytes }, (bytes, at, position, size) => {
      const baseOffset = baseOffsetOf(bytes, at)
      const lastOffset = lastOffsetOf(bytes, at)
      if (!crcIsValid(bytes, at) || baseOffset < endOffset || lastOffset < baseOffset) return false
      if (!segment.holdsOffset(lastOffset)) return false
      const leaderEpoch = leaderEpochOf(bytes, at)
      // Left from before a truncation that a power cut took back: of another history.
      if (leaderEpoch < newestEpoch) return false
      newestEpoch = leaderEpoch
      segment.indexBatch(bytes, at, position, context.indexIntervalBytes)
      if (leaderEpoch > context.epochs.latestEpoch) context.epochs.begin(leaderEpoch, baseOffset)
      endOffset = lastOffset + 1n
      validBytes = position + size
      return true
    })
  } catch (error) {
    // Waits for bytes that are no batch: they end the log as a torn one does.
    if (!(error instanceof KafkaError)) throw error
  }
  return { truncatedBytes: segment.endRebuild(validBytes), endOffset }
}

/** Replays into the producer state what lies between its end and the end of the log. */
export function replayProducers(
  segments: readonly Segment[],
  state: ProducerState,
  endOffset: bigint,
): void {
  for (const [index, segment] of segments.entries()) {
    const nextBase = segments[index + 1]?.baseOffset
    if (nextBase !== undefined && nextBase <= state.endOffset) continue
    const from = segment.findBatch(state.endOffset)
    if (from === null) continue
    const { file, sizeBytes } = segment
    scanHeaders(file, { start: from.position, end: sizeBytes }, (bytes, at, position, size) => {
      if (isControl(bytes, at)) {
        // Of all batches, only these tell the producer state something that no header holds.
        const whole = Buffer.allocUnsafe(size)
        file.read(whole, 0, size, position)
        state.update(whole, 0)
      } else state.update(bytes, at)
      return state.endOffset < endOffset
    })
  }
  state.endOffset = endOffset
}

/** Restores the producers at the end of a log: a snapshot, then the batches behind it. */
export function restoreProducers(
  input: {
    readonly segments: readonly Segment[]
    readonly snapshots: ProducerSnapshots
    readonly state: ProducerState
  },
  range: { readonly startOffset: bigint; readonly endOffset: bigint },
  expiry: { readonly nowMs: number; readonly expirationMs: number },
): void {
  input.snapshots.restore(input.state, range, expiry)
  if (input.state.endOffset < range.endOffset)
    replayProducers(input.segments, input.state, range.endOffset)
}
