/** The level of `kraft.version`, which the quorum's log says in control records of its own (KIP-853). */
import { readControlType } from '../records/control-records.ts'
import { readRecords } from '../records/record-reader.ts'
import { kRaftVersionRecord } from './quorum-control-records.ts'

const VERSION = 0

/** What a control batch sets it to; null where it says nothing of it. */
export function readKRaftVersion(bytes: Uint8Array, at: number): number | null {
  let level: number | null = null
  for (const { key, value } of readRecords(bytes, at))
    if (value !== null && readControlType(key) === 'KRAFT_VERSION')
      level = kRaftVersionRecord.decode(value, VERSION).kRaftVersion
  return level
}
