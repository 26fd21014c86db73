/** Which fields of a file become what of a record. Pure. */
import type {
  FieldEncoding,
  FieldMapping,
  FileFormat,
} from '../../src-main/contract/api/produce.ts'

export type { FieldEncoding, FieldMapping, FileFormat }

export const ENCODINGS: readonly FieldEncoding[] = [
  'text',
  'json',
  'int64',
  'int32',
  'int16',
  'int8',
  'float64',
  'float32',
  'uuid',
  'hex',
  'base64',
]

export const WHOLE_LINES: FieldMapping = {
  key: { type: 'none' },
  value: { type: 'whole' },
  headers: [],
  headersField: null,
  partitionField: null,
  timestampField: null,
  emptyAs: 'null',
}

/** By the file's name, else by its first letter. */
export function guessFormat(name: string, head: string): FileFormat {
  const csv: FileFormat = { type: 'csv', delimiter: null, named: true }
  if (/\.(csv|tsv|tab)$/i.test(name)) return csv
  if (/\.(ndjson|jsonl|json)$/i.test(name)) return { type: 'ndjson' }
  return /^\s*[[{"]/.test(head) ? { type: 'ndjson' } : csv
}

const named = (columns: readonly string[], names: readonly string[]) =>
  columns.find(column => names.includes(column.toLowerCase())) ?? null

/**
 * What the names of the columns suggest. A file with `value` among them is taken for records, as
 * exports write them; any other for values.
 */
export function guessMapping(format: FileFormat, columns: readonly string[]): FieldMapping {
  const value = named(columns, ['value', 'payload'])
  const key = named(columns, ['key'])
  if (value === null)
    return {
      ...WHOLE_LINES,
      key: key === null ? { type: 'none' } : { type: 'field', name: key, encoding: 'text' },
    }
  const encoding = format.type === 'ndjson' ? 'json' : 'text'
  return {
    ...WHOLE_LINES,
    key: key === null ? { type: 'none' } : { type: 'field', name: key, encoding: 'text' },
    value: { type: 'field', name: value, encoding },
    headersField: format.type === 'ndjson' ? named(columns, ['headers']) : null,
    timestampField: named(columns, ['timestamp', 'timestampms', 'timestamp_ms']),
  }
}
