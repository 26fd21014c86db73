/** One line of a file, before a mapping makes a record of it. */
export interface Row {
  /** As editors count, from one. */
  readonly line: number
  get(name: string): RowField
  /** The whole line as a value. */
  whole(): Uint8Array
  /** These fields as one JSON object. */
  object(names: readonly string[]): Uint8Array
}

export type RowField =
  | { readonly type: 'absent' }
  | { readonly type: 'null' }
  /** A string of JSON with its quotation marks in `json`, or a cell, where `json` is null. */
  | { readonly type: 'text'; readonly text: string; readonly json: string | null }
  /** Anything else of JSON, exactly as it stands in the file. */
  | { readonly type: 'json'; readonly text: string }

/** A line that is no row, and what is wrong with it. */
export class RowError extends Error {
  override readonly name = 'RowError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}
