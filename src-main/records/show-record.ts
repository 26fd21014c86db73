/** One record as the cells of a row: everything decoded to one line. */
import type { Codec } from '../../engine/protocol/records/compression.ts'
import { RecordCursor, type RecordHeader } from '../../engine/protocol/records/record-cursor.ts'
import type { DecoderChoice } from '../contract/model/decode.ts'
import type { CellPreview, TimestampType } from '../contract/model/record.ts'
import { fieldOf } from '../decode/field.ts'
import { decodeLine, oneLine } from '../decode/line.ts'
import type { RowContents } from './record-source.ts'
import type { ShowOptions, ShownField } from './show-options.ts'

/** What a record has from its batch. */
export interface BatchContents {
  readonly topic: string
  readonly timestampType: TimestampType
  readonly codec: Codec
  readonly producerId: bigint | null
}

const HEADERS_CHARS_MAX = 256
const HEADER_CHARS_MAX = 64
const FIELD_CHARS_MAX = 256
/** A field is looked for in the whole value, and a larger one would cost a page its time. */
const FIELD_BYTES_MAX = 1024 * 1024
const NO_FIELDS: readonly never[] = []

/** The record that begins at `start`. */
export function showRecord(
  payload: Uint8Array,
  start: number,
  { topic, ...batch }: BatchContents,
  show: ShowOptions,
): RowContents {
  const cursor = new RecordCursor(payload, start)
  cursor.read()
  const [key, value] = [cursor.key(), cursor.value()]
  const { headerCount } = cursor
  const headers = headerCount === 0 ? NO_FIELDS : cursor.headers()
  const headerBytes = headerCount === 0 ? 0 : cursor.end - cursor.headersStart
  return {
    timestampType: batch.timestampType,
    key: cell(key, show.key, { topic, part: 'key' }, show.previewBytes),
    value: cell(value, show.value, { topic, part: 'value', key }, show.previewBytes),
    headerCount,
    headers: headersLine(topic, headers),
    sizeBytes: (key?.length ?? 0) + (value?.length ?? 0) + headerBytes,
    codec: batch.codec,
    producerId: batch.producerId,
    fields: show.fields.map(each => fieldText(each, { topic, key, value, headers }, show)),
  }
}

function cell(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: Parameters<typeof decodeLine>[2],
  previewBytes: number,
): CellPreview {
  const sizeBytes = bytes?.length ?? 0
  const complete = sizeBytes <= previewBytes
  const line = decodeLine(complete ? bytes : bytes!.subarray(0, previewBytes), choice, about, {
    complete,
  })
  return { ...line, sizeBytes }
}

function headersLine(topic: string, headers: readonly RecordHeader[]): string {
  let line = ''
  for (const { key, value } of headers) {
    if (line.length >= HEADERS_CHARS_MAX) break
    const text =
      value === null
        ? 'null'
        : cell(value, 'auto', { topic, part: 'header' }, HEADER_CHARS_MAX).text
    line += `${line === '' ? '' : ', '}${key}: ${text}`
  }
  return oneLine(line, HEADERS_CHARS_MAX).text
}

interface Parts {
  readonly topic: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

function fieldText(field: ShownField, parts: Parts, show: ShowOptions): string | null {
  const { topic, key } = parts
  if (field.part === 'header') {
    const header = parts.headers.find(each => each.key === field.name)
    if (header === undefined) return null
    const about = { topic, part: 'header' } as const
    return decodeLine(header.value, 'auto', about, { charsMax: FIELD_CHARS_MAX }).text
  }
  const bytes = parts[field.part]
  if (bytes === null || bytes.length > FIELD_BYTES_MAX) return null
  const found = fieldOf(bytes, show[field.part], { topic, part: field.part, key }, field.path)
  return found === null ? null : oneLine(found.text, FIELD_CHARS_MAX).text
}
