/** Newline-delimited JSON: one value a line. Empty lines are left out; a byte order mark is. */
import { checkJson, ContentError } from '../content.ts'
import { jsonMembers, type JsonMembers } from './json-members.ts'
import { RowError, type Row, type RowField } from './row.ts'
import { LINE_BYTES_MAX, type RowReader } from './rows.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
/** Names that are remembered as columns, for choosing among them. */
const COLUMNS_MAX = 1_000

export function ndjsonRows(): RowReader {
  return new NdjsonRows()
}

class NdjsonRows implements RowReader {
  readonly delimiter = null
  readonly #columns = new Set<string>()
  #rest: Uint8Array[] = []
  #restBytes = 0
  #line = 0

  get columns(): readonly string[] {
    return [...this.#columns]
  }

  push(piece: Uint8Array): readonly (Row | RowError)[] {
    const rows: (Row | RowError)[] = []
    let start = 0
    for (;;) {
      const end = piece.indexOf(NEWLINE, start)
      if (end < 0) break
      this.#add(rows, piece.subarray(start, end))
      start = end + 1
    }
    if (start < piece.length) {
      this.#rest.push(piece.subarray(start))
      this.#restBytes += piece.length - start
    }
    if (this.#restBytes > LINE_BYTES_MAX) {
      this.#drop()
      rows.push(new RowError(this.#line + 1, `the line is longer than ${LINE_BYTES_MAX} bytes`))
    }
    return rows
  }

  end(): readonly (Row | RowError)[] {
    const rows: (Row | RowError)[] = []
    if (this.#restBytes > 0) this.#add(rows, new Uint8Array(0))
    return rows
  }

  #add(rows: (Row | RowError)[], tail: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? tail : Buffer.concat([...this.#rest, tail])
    this.#drop()
    this.#line += 1
    const row = readLine(bytes, this.#line)
    if (row === null) return
    rows.push(row)
    if (row instanceof NdjsonRow && this.#columns.size < COLUMNS_MAX && this.#line <= COLUMNS_MAX)
      for (const name of row.names()) this.#columns.add(name)
  }

  #drop(): void {
    this.#rest = []
    this.#restBytes = 0
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Null for an empty line. */
function readLine(bytes: Uint8Array, line: number): Row | RowError | null {
  const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length
  let text: string
  try {
    text = decoder.decode(bytes.subarray(0, end))
  } catch {
    // The decoder only says that it could not.
    return new RowError(line, 'the line is not UTF-8')
  }
  if (text.trim() === '') return null
  try {
    checkJson(text)
  } catch (error) {
    // Waiting for a line that is no JSON: its words say where.
    if (!(error instanceof ContentError)) throw error
    return new RowError(line, error.message)
  }
  return new NdjsonRow(line, text)
}

class NdjsonRow implements Row {
  readonly line: number
  readonly #text: string
  #members: JsonMembers | null | undefined = undefined

  constructor(line: number, text: string) {
    this.line = line
    this.#text = text
  }

  names(): Iterable<string> {
    return this.#object()?.keys() ?? []
  }

  /** `a.b` is the member `a.b`, or else the member `b` of the object `a`. */
  get(name: string): RowField {
    const found = find(this.#object(), name)
    if (found === undefined) return { type: 'absent' }
    if (found === 'null') return { type: 'null' }
    if (found.startsWith('"'))
      return { type: 'text', text: JSON.parse(found) as string, json: found }
    return { type: 'json', text: found }
  }

  whole(): Uint8Array {
    return Buffer.from(this.#text)
  }

  object(names: readonly string[]): Uint8Array {
    const members: string[] = []
    for (const name of names) {
      const found = find(this.#object(), name)
      if (found !== undefined) members.push(`${JSON.stringify(name)}:${found}`)
    }
    return Buffer.from(`{${members.join(',')}}`)
  }

  #object(): JsonMembers | null {
    if (this.#members === undefined) this.#members = jsonMembers(this.#text)
    return this.#members
  }
}

function find(members: JsonMembers | null, name: string): string | undefined {
  const own = members?.get(name)
  if (own !== undefined || members === null) return own
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const outer = members.get(name.slice(0, dot))
    const inner = outer === undefined ? undefined : find(jsonMembers(outer), name.slice(dot + 1))
    if (inner !== undefined) return inner
  }
  return undefined
}
