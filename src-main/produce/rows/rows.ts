/** A file's bytes, piece by piece, into its rows: the two formats behind one face. */
import type { FileFormat } from '../../contract/api/produce.ts'
import { csvRows } from './csv-rows.ts'
import { ndjsonRows } from './ndjson-rows.ts'
import type { Row, RowError } from './row.ts'

export interface RowReader {
  /** Takes the next piece, which it may keep, and gives the rows that are whole. */
  push(piece: Uint8Array): readonly (Row | RowError)[]
  /** After the last piece: what is left. */
  end(): readonly (Row | RowError)[]
  /** Of a CSV with a row of names; else as many as were seen. */
  readonly columns: readonly string[]
  /** That was given or found; null for NDJSON. */
  readonly delimiter: string | null
}

/** A line longer than this is no line. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024

export function rowReader(format: FileFormat): RowReader {
  return format.type === 'csv' ? csvRows(format) : ndjsonRows()
}
