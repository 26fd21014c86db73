/**
 * Where each leader epoch began: the lineage by which followers and consumers find out that their
 * log and the leader's have parted (KIP-101, KIP-279, KIP-320).
 *
 * Epochs and their start offsets both increase. Kept in `leader-epoch-checkpoint` beside the log.
 */
import type { Disk } from '../ports/disk.ts'
import { LEADER_EPOCH_CHECKPOINT } from './log-file-names.ts'

export interface EpochEntry {
  readonly leaderEpoch: number
  readonly startOffset: bigint
}

export interface EpochEnd {
  readonly leaderEpoch: number
  readonly endOffset: bigint
}

export class LeaderEpochCache {
  readonly #disk: Disk
  readonly #path: string
  /** The file was no checkpoint: a power cut took its data. All batches must be seen again. */
  readonly wasDamaged: boolean
  #entries: EpochEntry[]
  /** What the file holds. */
  #saved: readonly EpochEntry[]
  /** Written since the last durable write. */
  #unflushed: boolean
  /** They may be others than those in the file. */
  #unsaved = false

  private constructor(disk: Disk, path: string, entries: EpochEntry[] | null) {
    this.#disk = disk
    this.#path = path
    this.#entries = entries ?? []
    this.#saved = this.#entries
    this.wasDamaged = entries === null
    this.#unflushed = entries === null
  }

  static open(disk: Disk, folder: string): LeaderEpochCache {
    const path = `${folder}/${LEADER_EPOCH_CHECKPOINT}`
    if (!disk.exists(path)) return new LeaderEpochCache(disk, path, [])
    const text = Buffer.from(disk.readFile(path)).toString('utf8')
    return new LeaderEpochCache(disk, path, parse(text))
  }

  /** For a file that is known to hold these. */
  static known(disk: Disk, folder: string, entries: readonly EpochEntry[]): LeaderEpochCache {
    return new LeaderEpochCache(disk, `${folder}/${LEADER_EPOCH_CHECKPOINT}`, [...entries])
  }

  /** What a next opening would find. */
  get saved(): readonly EpochEntry[] {
    return this.#saved
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries
  }

  /** -1 while no epoch is known. */
  get latestEpoch(): number {
    return this.#entries.at(-1)?.leaderEpoch ?? -1
  }

  /**
   * An epoch begins at an offset. What contradicts it, an epoch at or above it or a start at or
   * behind it, was never committed and goes.
   */
  assign(leaderEpoch: number, startOffset: bigint): void {
    this.begin(leaderEpoch, startOffset)
    this.save()
  }

  /**
   * As `assign`, but leaves the file until `save`, which is due before the epoch's first record. An
   * epoch without a record is nothing that a restart has to know, and every start of a broker
   * begins one in each of its partitions: to write them all would take minutes with ten thousand.
   */
  begin(leaderEpoch: number, startOffset: bigint): void {
    const last = this.#entries.at(-1)
    if (last !== undefined && last.leaderEpoch === leaderEpoch && last.startOffset <= startOffset)
      return
    const kept = this.#entries.filter(
      entry => entry.leaderEpoch < leaderEpoch && entry.startOffset < startOffset,
    )
    this.#entries = [...kept, { leaderEpoch, startOffset }]
    this.#unsaved = true
  }

  /** What could not be written is written by the next call: all appends begin with one. */
  save(): void {
    if (!this.#unsaved) return
    if (areSame(this.#entries, this.#saved)) this.#unsaved = false
    else {
      this.#write({ durable: false })
      this.#unflushed = true
    }
  }

  /**
   * The batches from an offset on are about to be seen again, and say themselves of which epochs
   * they are: the file may be one that a power cut brought back. To be saved once they were seen.
   */
  forgetFrom(offset: bigint): void {
    this.#entries = this.#entries.filter(entry => entry.startOffset < offset)
    this.#unsaved = true
  }

  /** The log now ends at an offset. */
  truncateFromEnd(endOffset: bigint): void {
    const kept = this.#entries.filter(entry => entry.startOffset < endOffset)
    if (kept.length < this.#entries.length) this.#replace(kept)
  }

  /** The log now starts at an offset; the epoch it starts in begins there. */
  truncateFromStart(startOffset: bigint): void {
    const covering = this.#entries.findLast(entry => entry.startOffset <= startOffset)
    if (
      covering === undefined ||
      (covering === this.#entries[0] && covering.startOffset === startOffset)
    )
      return
    const later = this.#entries.filter(entry => entry.startOffset > startOffset)
    this.#replace([{ leaderEpoch: covering.leaderEpoch, startOffset }, ...later])
  }

  clear(): void {
    if (this.#entries.length > 0) this.#replace([])
  }

  /**
   * Where an epoch ended: the start of the next one, or the end of the log for the latest. For one
   * that was never here, the epoch below it answers. Null where nothing is known (above the
   * latest, or no epoch at all).
   */
  endOf(leaderEpoch: number, logEndOffset: bigint): EpochEnd | null {
    if (leaderEpoch < 0 || this.#entries.length === 0) return null
    if (leaderEpoch === this.latestEpoch) return { leaderEpoch, endOffset: logEndOffset }
    const higher = this.#entries.find(entry => entry.leaderEpoch > leaderEpoch)
    if (higher === undefined) return null
    const floor = this.#entries.findLast(entry => entry.leaderEpoch <= leaderEpoch)
    // Before all that is known, the requested epoch itself is echoed with the first start.
    return { leaderEpoch: floor?.leaderEpoch ?? leaderEpoch, endOffset: higher.startOffset }
  }

  /** The epoch of the record at an offset, or -1 where it is not known. */
  epochAt(offset: bigint): number {
    return this.#entries.findLast(entry => entry.startOffset <= offset)?.leaderEpoch ?? -1
  }

  flush(): void {
    if (!this.#unflushed && !this.#unsaved) return
    this.#write({ durable: true })
    this.#unflushed = false
  }

  #replace(entries: EpochEntry[]): void {
    this.#entries = entries
    this.#unsaved = true
    this.save()
  }

  #write(options: { readonly durable: boolean }): void {
    const lines = this.#entries.map(entry => `${entry.leaderEpoch} ${entry.startOffset}\n`)
    const text = `0\n${lines.length}\n${lines.join('')}`
    this.#disk.writeFileAtomically(this.#path, Buffer.from(text), options)
    this.#saved = this.#entries
    this.#unsaved = false
  }
}

function areSame(a: readonly EpochEntry[], b: readonly EpochEntry[]): boolean {
  const isSame = (entry: EpochEntry, at: number) =>
    entry.leaderEpoch === b[at]!.leaderEpoch && entry.startOffset === b[at]!.startOffset
  return a.length === b.length && a.every(isSame)
}

function parse(text: string): EpochEntry[] | null {
  const [version, count, ...lines] = text.trimEnd().split('\n')
  if (version !== '0' || Number(count) !== lines.length) return null
  const entries: EpochEntry[] = []
  for (const line of lines) {
    const match = /^(\d+) (\d+)$/.exec(line)
    if (match === null) return null
    entries.push({ leaderEpoch: Number(match[1]), startOffset: BigInt(match[2]!) })
  }
  return entries
}
