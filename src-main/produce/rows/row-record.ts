/** A row into a record, as a mapping says. Pure. */
import type { FieldEncoding, FieldMapping } from '../../contract/api/produce.ts'
import { ContentError, encodeText } from '../content.ts'
import type { MadeHeader, MadeRecord } from '../made-record.ts'
import { jsonMembers } from './json-members.ts'
import { RowError, type Row, type RowField } from './row.ts'

/** Throws a `RowError`. */
export function recordOfRow(row: Row, mapping: FieldMapping, nowMs: number): MadeRecord {
  return {
    key: keyOf(row, mapping),
    value: valueOf(row, mapping),
    headers: headersOf(row, mapping),
    timestampMs: timestampOf(row, mapping, nowMs),
    partition: partitionOf(row, mapping),
  }
}

function keyOf(row: Row, { key, emptyAs }: FieldMapping): Uint8Array | null {
  if (key.type === 'none') return null
  const field = row.get(key.name)
  // A line without the field is a record without a key.
  return field.type === 'absent' ? null : bytesOf(row, key, field, emptyAs)
}

function valueOf(row: Row, { value, emptyAs }: FieldMapping): Uint8Array | null {
  switch (value.type) {
    case 'none':
      return null
    case 'whole':
      return row.whole()
    case 'object':
      return row.object(value.names)
    case 'field': {
      const field = row.get(value.name)
      if (field.type === 'absent') throw new RowError(row.line, `it has no field ${value.name}`)
      return bytesOf(row, value, field, emptyAs)
    }
  }
}

function bytesOf(
  row: Row,
  { name, encoding }: { readonly name: string; readonly encoding: FieldEncoding },
  field: RowField,
  emptyAs: FieldMapping['emptyAs'],
): Uint8Array | null {
  if (field.type === 'absent' || field.type === 'null') return null
  if (field.type === 'text' && field.text === '' && emptyAs === 'null') return null
  try {
    if (field.type === 'text' && encoding === 'json')
      return encodeText('json', field.json ?? jsonText(field.text))
    return encodeText(encoding, field.text)
  } catch (error) {
    // Waiting for a field whose text its encoding does not allow.
    if (!(error instanceof ContentError)) throw error
    throw new RowError(row.line, `field ${name}: ${error.message}`)
  }
}

/** A cell that holds JSON is that JSON; any other text is a JSON string. */
function jsonText(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    // No JSON by itself: that is the question.
    return JSON.stringify(text)
  }
}

const NO_HEADERS: readonly MadeHeader[] = []

function headersOf(row: Row, { headers, headersField }: FieldMapping): readonly MadeHeader[] {
  if (headers.length === 0 && headersField === null) return NO_HEADERS
  const made = headersField === null ? [] : headersIn(row, row.get(headersField))
  for (const { key, name } of headers) {
    const field = row.get(name)
    if (field.type === 'absent') continue
    made.push({
      key: Buffer.from(key),
      value: field.type === 'null' ? null : Buffer.from(field.text),
    })
  }
  return made
}

/** `{"a": "1"}` or `[{"key": "a", "value": "1"}]`, which alone can tell equal keys apart. */
function headersIn(row: Row, field: RowField): MadeHeader[] {
  if (field.type === 'absent' || field.type === 'null') return []
  const members = field.type === 'json' ? jsonMembers(field.text) : null
  if (members !== null)
    return [...members].map(([key, text]) => ({ key: Buffer.from(key), value: headerValue(text) }))
  const list: unknown = field.type === 'json' ? JSON.parse(field.text) : null
  if (!Array.isArray(list)) throw new RowError(row.line, 'its headers are neither object nor list')
  return list.map((each: unknown) => {
    const { key, value = null } = (each ?? {}) as { key?: unknown; value?: unknown }
    if (typeof key !== 'string') throw new RowError(row.line, 'a header has no key')
    const text = value === null || typeof value === 'string' ? value : JSON.stringify(value)
    return { key: Buffer.from(key), value: text === null ? null : Buffer.from(text) }
  })
}

function headerValue(text: string): Uint8Array | null {
  if (text === 'null') return null
  return Buffer.from(text.startsWith('"') ? (JSON.parse(text) as string) : text)
}

const PARTITION_MAX = 2_147_483_647

function partitionOf(row: Row, { partitionField }: FieldMapping): number | null {
  const text = textOf(row, partitionField)
  if (text === null) return null
  const partition = Number(text)
  if (Number.isInteger(partition) && partition >= 0 && partition <= PARTITION_MAX) return partition
  throw new RowError(row.line, `${JSON.stringify(text)} is no partition`)
}

function timestampOf(row: Row, { timestampField }: FieldMapping, nowMs: number): number {
  const text = textOf(row, timestampField)
  if (text === null) return nowMs
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new RowError(
    row.line,
    `${JSON.stringify(text)} is no timestamp: neither milliseconds nor ISO 8601`,
  )
}

function textOf(row: Row, name: string | null): string | null {
  if (name === null) return null
  const field = row.get(name)
  if (field.type === 'absent' || field.type === 'null' || field.text === '') return null
  return field.text
}
