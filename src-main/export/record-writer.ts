/**
 * Records as lines of a file. Numbers are written as they are stored: JSON that was read goes into
 * the file as its own text, and offsets are all their digits.
 */
import { assertNever } from '../../engine/support/assert.ts'
import type { RecordHeader } from '../../engine/protocol/records/record-cursor.ts'
import type { ExportFormat } from '../contract/model/export.ts'
import type { DecodeAbout, DecoderChoice } from '../contract/model/decode.ts'
import { decode } from '../decode/decode.ts'
import { minified } from '../decode/line.ts'
import type { RecordAtHand } from '../filter/record-at-hand.ts'

export interface ExportLayout {
  readonly format: ExportFormat
  readonly headers: boolean
  readonly metadata: boolean
  readonly content: 'decoded' | 'base64'
  readonly separator?: 'newline' | 'nul' | 'none' | undefined
}

export interface WriterOptions {
  readonly layout: ExportLayout
  readonly decoders: { readonly key: DecoderChoice; readonly value: DecoderChoice }
}

/** Gives the bytes of a file piece by piece. */
export interface RecordWriter {
  begin(): Uint8Array
  /** Null where a record has no place in the file: a tombstone among raw values. */
  record(record: RecordAtHand): Uint8Array | null
  end(): Uint8Array
}

const NOTHING = new Uint8Array(0)

export function recordWriter(options: WriterOptions): RecordWriter {
  switch (options.layout.format) {
    case 'ndjson':
      return {
        begin: () => NOTHING,
        record: record => Buffer.from(`${jsonLine(record, options)}\n`),
        end: () => NOTHING,
      }
    case 'json':
      return jsonWriter(options)
    case 'csv':
      return csvWriter(options)
    case 'raw':
      return rawWriter(options)
    default:
      return assertNever(options.layout.format)
  }
}

function jsonWriter(options: WriterOptions): RecordWriter {
  let before = ''
  return {
    begin: () => Buffer.from('[\n'),
    record(record) {
      const line = Buffer.from(before + jsonLine(record, options))
      before = ',\n'
      return line
    },
    end: () => Buffer.from('\n]\n'),
  }
}

const SEPARATORS = { newline: '\n', nul: '\0', none: '' }

function rawWriter({ layout }: WriterOptions): RecordWriter {
  const separator = Buffer.from(SEPARATORS[layout.separator ?? 'newline'])
  return {
    begin: () => NOTHING,
    record({ cursor }) {
      const value = cursor.value()
      return value === null ? null : Buffer.concat([value, separator])
    },
    end: () => NOTHING,
  }
}

/** Null is nothing between two commas; what is empty stands in quotes. */
function csvWriter(options: WriterOptions): RecordWriter {
  const { metadata, headers } = options.layout
  const names = [
    ...(metadata ? ['topic', 'partition', 'offset', 'timestamp'] : []),
    'key',
    'value',
    ...(headers ? ['headers'] : []),
  ]
  return {
    begin: () => csvLine(names),
    record: record =>
      csvLine([
        ...(metadata
          ? [record.topic, String(record.partition), String(record.offset), timeOf(record)]
          : []),
        csvCell(record, 'key', options),
        csvCell(record, 'value', options),
        ...(headers ? [headersJson(record.cursor.headers(), record.topic, options)] : []),
      ]),
    end: () => NOTHING,
  }
}

/** RFC 4180. Written here because making a library's writer for each record took 24 µs. */
function csvLine(cells: readonly (string | null)[]): Uint8Array {
  return Buffer.from(`${cells.map(quoted).join(',')}\r\n`)
}

function quoted(cell: string | null): string {
  if (cell === null) return ''
  return cell === '' || /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function csvCell(
  record: RecordAtHand,
  part: 'key' | 'value',
  options: WriterOptions,
): string | null {
  const bytes = part === 'key' ? record.cursor.key() : record.cursor.value()
  if (bytes === null) return null
  if (options.layout.content === 'base64') return base64(bytes)
  const { form, text } = decode(bytes, options.decoders[part], record.about(part))
  return form === 'bytes' ? base64(bytes) : text
}

/** One record as one line of JSON. */
export function jsonLine(record: RecordAtHand, options: WriterOptions): string {
  const { metadata, headers } = options.layout
  const { cursor } = record
  const fields: string[] = []
  if (metadata) {
    fields.push(`"topic":${JSON.stringify(record.topic)}`)
    fields.push(`"partition":${record.partition}`)
    fields.push(`"offset":${record.offset}`)
    const time = timeOf(record)
    fields.push(`"timestamp":${time === null ? 'null' : JSON.stringify(time)}`)
    fields.push(`"timestampMs":${record.timestampMs}`)
  }
  const { decoders } = options
  fields.push(`"key":${jsonOf(cursor.key(), decoders.key, record.about('key'), options)}`)
  fields.push(`"value":${jsonOf(cursor.value(), decoders.value, record.about('value'), options)}`)
  if (headers) fields.push(`"headers":${headersJson(cursor.headers(), record.topic, options)}`)
  return `{${fields.join(',')}}`
}

/** JSON as it is stored, text as a string, and bytes that nothing decodes as `{"base64": …}`. */
function jsonOf(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: DecodeAbout,
  { layout }: WriterOptions,
): string {
  if (bytes === null) return 'null'
  if (layout.content === 'base64') return JSON.stringify(base64(bytes))
  const { form, text } = decode(bytes, choice, about)
  if (form === 'json') return /[\n\r]/.test(text) ? minified(text, Infinity).text : text
  return form === 'text' ? JSON.stringify(text) : `{"base64":${JSON.stringify(base64(bytes))}}`
}

/** A list, since names may occur more than once and their order counts. */
function headersJson(
  headers: readonly RecordHeader[],
  topic: string,
  options: WriterOptions,
): string {
  const about = { topic, part: 'header' } as const
  const entries = headers.map(
    ({ key, value }) =>
      `{"key":${JSON.stringify(key)},"value":${jsonOf(value, 'text', about, options)}}`,
  )
  return `[${entries.join(',')}]`
}

/** Null where the producer gave none, or one that no calendar has. */
function timeOf({ timestampMs }: RecordAtHand): string | null {
  if (timestampMs < 0n || timestampMs > 8_640_000_000_000_000n) return null
  return new Date(Number(timestampMs)).toISOString()
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
