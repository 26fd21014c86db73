/** A snapshot as a file for people, which the lab and `--from-file` read again. */
import type { ExportedSnapshot } from '../contract/model/offset.ts'
import { writeOffsetsCsv } from './offsets-file.ts'
import { asJson, type OffsetSnapshot } from './snapshots.ts'

const NAME_CHARS_MAX = 80

export function exportSnapshot(snapshot: OffsetSnapshot, format: 'csv' | 'json'): ExportedSnapshot {
  const at = new Date(Number(snapshot.takenAtMs)).toISOString().slice(0, 19).replaceAll(':', '-')
  // Group ids may hold what file names may not.
  const group = snapshot.groupId.replaceAll(/[^A-Za-z0-9._-]+/g, '_').slice(0, NAME_CHARS_MAX)
  return {
    fileName: `offsets-${group}-${at}.${format}`,
    content: format === 'csv' ? writeOffsetsCsv(snapshot.offsets) : asJson(snapshot),
  }
}
