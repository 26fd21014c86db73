/** Comma-separated values (RFC 4180, and the other delimiters that spreadsheets write). */
import { Parser } from 'csv-parse'
import type { FileFormat } from '../../contract/api/produce.ts'
import { RowError, type Row, type RowField } from './row.ts'
import { LINE_BYTES_MAX, type RowReader } from './rows.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const
/** So much of a file's first line tells its delimiter. */
const FIRST_LINE_BYTES = 65_536

export function csvRows(format: Extract<FileFormat, { type: 'csv' }>): RowReader {
  return new CsvRows(format)
}

interface Parsed {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

class CsvRows implements RowReader {
  readonly #named: boolean
  #parser: Parser | null = null
  #columns: readonly string[] | null = null
  #index: ReadonlyMap<string, number> = new Map()
  #told = false
  delimiter: string | null

  constructor({ delimiter, named }: { delimiter: string | null; named: boolean }) {
    this.delimiter = delimiter
    this.#named = named
  }

  get columns(): readonly string[] {
    return this.#columns ?? []
  }

  push(piece: Uint8Array): readonly (Row | RowError)[] {
    const parser = (this.#parser ??= this.#open(piece))
    if (parser.errored === null) parser.write(piece)
    return this.#read(parser)
  }

  end(): readonly (Row | RowError)[] {
    const parser = (this.#parser ??= this.#open(new Uint8Array(0)))
    if (parser.errored === null) parser.end()
    return this.#read(parser)
  }

  #open(first: Uint8Array): Parser {
    this.delimiter ??= delimiterOf(first)
    const parser = new Parser({
      bom: true,
      delimiter: this.delimiter,
      info: true,
      max_record_size: LINE_BYTES_MAX,
      relax_column_count: true,
      skip_empty_lines: true,
      // Whatever was pushed is read before more is pushed.
      readableHighWaterMark: Number.MAX_SAFE_INTEGER,
    } as ConstructorParameters<typeof Parser>[0])
    // It is read from the parser itself, which has it before it is emitted.
    parser.on('error', () => {})
    return parser
  }

  #read(parser: Parser): readonly (Row | RowError)[] {
    const rows: (Row | RowError)[] = []
    for (;;) {
      const parsed = parser.read() as Parsed | null
      if (parsed === null) break
      const row = this.#row(parsed)
      if (row !== null) rows.push(row)
    }
    const failure = parser.errored
    if (failure !== null && !this.#told) {
      this.#told = true
      const line = parser.info.lines
      rows.push(new RowError(line, `no CSV from here on: ${lowerFirst(failure.message)}`))
    }
    return rows
  }

  #row({ record, info }: Parsed): Row | null {
    if (this.#columns === null) {
      this.#columns = this.#named ? unique(record) : record.map((_, index) => String(index + 1))
      this.#index = new Map(this.#columns.map((name, index) => [name, index]))
      if (this.#named) return null
    }
    return new CsvRow(info.lines, record, this.#index)
  }
}

class CsvRow implements Row {
  readonly line: number
  readonly #cells: readonly string[]
  readonly #index: ReadonlyMap<string, number>

  constructor(line: number, cells: readonly string[], index: ReadonlyMap<string, number>) {
    this.line = line
    this.#cells = cells
    this.#index = index
  }

  get(name: string): RowField {
    const text = this.#cells[this.#index.get(name) ?? -1]
    return text === undefined ? { type: 'absent' } : { type: 'text', text, json: null }
  }

  whole(): Uint8Array {
    return this.object([...this.#index.keys()])
  }

  object(names: readonly string[]): Uint8Array {
    const members: string[] = []
    for (const name of names) {
      const text = this.#cells[this.#index.get(name) ?? -1]
      if (text !== undefined) members.push(`${JSON.stringify(name)}:${JSON.stringify(text)}`)
    }
    return Buffer.from(`{${members.join(',')}}`)
  }
}

/** The one that the first line has most of; a comma where it has none. */
function delimiterOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, FIRST_LINE_BYTES)).toString('utf8')
  const line = text.replace(/"[^"]*"/g, '').split(/\r?\n/, 1)[0]!
  const counts = DELIMITERS.map(each => line.split(each).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!
}

/** Two columns of one name get a number, as `name 2`. */
function unique(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>()
  return names.map((name, index) => {
    const named = name === '' ? String(index + 1) : name
    const count = (seen.get(named) ?? 0) + 1
    seen.set(named, count)
    return count === 1 ? named : `${named} ${count}`
  })
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
