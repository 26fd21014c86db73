/**
 * Records as lines of a file. Numbers are written as they are stored: JSON that was read goes into
 * the file as its own text, and offsets are all their digits.
 */
import { assertNever } from '../../engine/support/assert.ts'
import type { ExportFormat } from '../contract/model/export.ts'
import type { DecoderChoice } from '../contract/model/decode.ts'
import { decode } from '../decode/decode.ts'
import type { RecordAtHand } from '../filter/record-at-hand.ts'
import { ByteOutput } from './byte-output.ts'
import { JsonLines } from './json-line.ts'
import { base64, IsoTimes } from './record-parts.ts'

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

/** Writes the bytes of a file, record by record. */
export interface RecordWriter {
  begin(out: ByteOutput): void
  /** Stands between two records, in whichever order they come. */
  readonly between: string
  /** False where a record has no place in the file: a tombstone among raw values. */
  record(record: RecordAtHand, out: ByteOutput): boolean
  end(out: ByteOutput): void
}

export function recordWriter(options: WriterOptions): RecordWriter {
  switch (options.layout.format) {
    case 'ndjson':
      return ndjsonWriter(options)
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

function nothing(): void {}

function ndjsonWriter(options: WriterOptions): RecordWriter {
  const lines = new JsonLines(options)
  return {
    begin: nothing,
    between: '',
    record(record, out) {
      lines.write(record, out)
      out.ascii('\n')
      return true
    },
    end: nothing,
  }
}

function jsonWriter(options: WriterOptions): RecordWriter {
  const lines = new JsonLines(options)
  return {
    begin: out => out.ascii('[\n'),
    between: ',\n',
    record(record, out) {
      lines.write(record, out)
      return true
    },
    end: out => out.ascii('\n]\n'),
  }
}

const SEPARATORS = { newline: '\n', nul: '\0', none: '' }

function rawWriter({ layout }: WriterOptions): RecordWriter {
  const separator = SEPARATORS[layout.separator ?? 'newline']
  return {
    begin: nothing,
    between: '',
    record({ cursor }, out) {
      const value = cursor.value()
      if (value === null) return false
      out.copy(value)
      out.ascii(separator)
      return true
    },
    end: nothing,
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
  const lines = new JsonLines(options)
  const times = new IsoTimes()
  const headerList = new ByteOutput()
  const headersOf = (record: RecordAtHand) => {
    lines.headers(record, headerList)
    return Buffer.from(headerList.take()).toString()
  }
  return {
    begin: out => writeCsv(names, out),
    between: '',
    record(record, out) {
      const { topic, partition, offset, timestampMs } = record
      writeCsv(
        [
          ...(metadata
            ? [topic, String(partition), String(offset), times.textOf(timestampMs)]
            : []),
          csvCell(record, 'key', options),
          csvCell(record, 'value', options),
          ...(headers ? [headersOf(record)] : []),
        ],
        out,
      )
      return true
    },
    end: nothing,
  }
}

/** RFC 4180. Written here because making a library's writer for each record took 24 µs. */
function writeCsv(cells: readonly (string | null)[], out: ByteOutput): void {
  out.utf8(`${cells.map(quoted).join(',')}\r\n`)
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
