/**
 * Rows of a search that are shown with other columns or decoders than they were found with. The
 * visible ones are asked for anew by their places; until they have come, what of a row is known
 * already stands in its place. No React, no client: rows come in, places go out.
 */
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import { fieldId } from '../query/address.ts'
import type { RecordLine } from '../table/record-line.ts'
import type { KeyOfRow } from '../table/record-key.ts'

const ROWS_KEPT_MAX = 4_000

export class RedrawnRows {
  readonly #keyOf: KeyOfRow
  #look: RowLook
  #lookText: string
  /** Null where the log holds the record no more. */
  readonly #rows = new Map<string, RecordRow | null>()

  constructor(keyOf: KeyOfRow, look: RowLook) {
    this.#keyOf = keyOf
    this.#look = look
    this.#lookText = JSON.stringify(look)
  }

  get look(): RowLook {
    return this.#look
  }

  /** Answers whether it is another one: then everything is to be drawn anew. */
  setLook(look: RowLook): boolean {
    const text = JSON.stringify(look)
    if (text === this.#lookText) return false
    this.#look = look
    this.#lookText = text
    this.#rows.clear()
    return true
  }

  /** Rows that were asked for under this look, in the order in which they were asked for. */
  take(look: RowLook, asked: readonly RecordRow[], rows: readonly (RecordRow | null)[]): void {
    if (look !== this.#look) return
    for (const [place, row] of asked.entries())
      this.#rows.set(this.#keyOf(row), rows[place] ?? null)
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= ROWS_KEPT_MAX) break
      this.#rows.delete(oldest)
    }
  }

  /** Whether a row that was found with `own` is to be asked for. */
  lacks(row: RecordRow, own: RowLook): boolean {
    return !this.#fits(own) && !this.#rows.has(this.#keyOf(row))
  }

  lineOf(row: RecordRow, own: RowLook): RecordLine {
    if (this.#fits(own)) return row
    const redrawn = this.#rows.get(this.#keyOf(row))
    if (redrawn !== undefined && redrawn !== null) return { ...redrawn, position: row.position }
    return { ...row, fields: this.#knownFields(row, own, redrawn === null ? null : undefined) }
  }

  /** Columns keep what the search found for them, wherever they stand now. */
  #knownFields(row: RecordRow, own: RowLook, unknown: null | undefined) {
    const sameDecoders = JSON.stringify(own.decoders) === JSON.stringify(this.#look.decoders)
    return this.#look.fields.map(field => {
      const place = own.fields.findIndex(each => fieldId(each) === fieldId(field))
      return place >= 0 && (sameDecoders || field.part === 'header') ? row.fields[place] : unknown
    })
  }

  #fits(own: RowLook): boolean {
    return own === this.#look || JSON.stringify(own) === this.#lookText
  }
}
