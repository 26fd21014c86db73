/** What changed in the partitions of a scan since the last time it was told. */
import type { UnreadableOffsets } from '../contract/model/search.ts'
import type { PartitionScan } from './partition-scan.ts'
import type { PartitionUpdate, ScanUpdate } from './scan-api.ts'

/** In one update; more are told by the next. */
const UNREADABLE_MAX = 1_000

export class ScanReport {
  readonly #scans: readonly PartitionScan[]
  readonly #told: string[]

  constructor(scans: readonly PartitionScan[]) {
    this.#scans = scans
    this.#told = scans.map(() => '')
  }

  next(): ScanUpdate {
    const partitions: PartitionUpdate[] = []
    const unreadable: UnreadableOffsets[] = []
    for (const [index, scan] of this.#scans.entries()) {
      const { state, at, records, bytes, found, problem } = scan
      const digest = `${state} ${at} ${records} ${bytes}`
      if (scan.unreadable.length > 0 && unreadable.length < UNREADABLE_MAX)
        unreadable.push(...scan.unreadable.splice(0, UNREADABLE_MAX))
      if (digest === this.#told[index] || (state === 'idle' && bytes === 0)) continue
      this.#told[index] = digest
      partitions.push({ index, state, at, records, bytes, found, problem })
    }
    return { partitions, unreadable }
  }
}
