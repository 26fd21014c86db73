/**
 * The snapshot files of one partition: which there are, taking one, and bringing the producer
 * state to an offset from the best one and the batches behind it.
 */
import type { Disk } from '../ports/disk.ts'
import { segmentFileName } from './log-file-names.ts'
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.ts'
import { isExpired, type ProducerState } from './producer-state.ts'

export class ProducerSnapshots {
  readonly #disk: Disk
  readonly #folder: string
  /** Offsets in increasing order. */
  #offsets: bigint[]

  constructor(disk: Disk, folder: string, offsets: readonly bigint[]) {
    this.#disk = disk
    this.#folder = folder
    this.#offsets = [...offsets].sort((a, b) => (a < b ? -1 : 1))
  }

  get offsets(): readonly bigint[] {
    return this.#offsets
  }

  path(offset: bigint): string {
    return `${this.#folder}/${segmentFileName(offset, 'snapshot')}`
  }

  /** Writes the state as it is; it then belongs to the state's end offset. */
  take(state: ProducerState): void {
    const offset = state.endOffset
    if (this.#offsets.at(-1) === offset) return
    // As Kafka: nothing was ever written here, and ten thousand such files are most of a stop.
    if (offset === 0n) return
    const bytes = encodeProducerSnapshot(state.entries())
    // A snapshot lost with the power is rebuilt from an older one: it needs no sync of its own.
    this.#disk.writeFileAtomically(this.path(offset), bytes, { durable: false })
    this.#offsets = [...this.#offsets.filter(other => other < offset), offset]
  }

  /**
   * Brings `state` to the newest snapshot at or below `endOffset`, or to `startOffset` with nothing
   * known. Damaged snapshots and those above `endOffset` are removed.
   */
  restore(
    state: ProducerState,
    range: { readonly startOffset: bigint; readonly endOffset: bigint },
    expiry: { readonly nowMs: number; readonly expirationMs: number },
  ): void {
    state.clear(range.startOffset)
    this.removeWhere(offset => offset > range.endOffset || offset < range.startOffset)
    for (let newest = this.#offsets.at(-1); newest !== undefined; newest = this.#offsets.at(-1)) {
      const offset = newest
      const entries = decodeProducerSnapshot(this.#disk.readFile(this.path(offset)))
      if (entries === null) {
        this.removeWhere(other => other === offset)
        continue
      }
      for (const entry of entries)
        if (!isExpired(entry, expiry.nowMs, expiry.expirationMs)) state.load(entry)
      state.endOffset = offset
      return
    }
  }

  removeWhere(goes: (offset: bigint) => boolean): void {
    for (const offset of this.#offsets) if (goes(offset)) this.#disk.remove(this.path(offset))
    this.#offsets = this.#offsets.filter(offset => !goes(offset))
  }

  /** Gives up a snapshot whose file the caller renames away; true where there was one. */
  forget(offset: bigint): boolean {
    const had = this.#offsets.includes(offset)
    this.#offsets = this.#offsets.filter(other => other !== offset)
    return had
  }
}
