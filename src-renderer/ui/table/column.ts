/** What a table is told about its columns and its rows. */
import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** The title is for assistive technology; the column is too narrow to show one. */
  readonly saidOnly?: boolean
  /** Said in the header's tooltip: what is counted, in which unit. */
  readonly hint?: string
  readonly width: number
  /** The share of left-over width; at most a few columns grow. */
  readonly grow?: number
  readonly align?: 'end'
  readonly mono?: boolean
  readonly cell: (row: Row) => ReactNode
  /** The exact value, without grouping or units: what copying gives. */
  readonly text: (row: Row) => string
  readonly sortable?: boolean
  readonly hiddenAtFirst?: boolean
  /** For a column that its reader added: takes it away for good, where others are only hidden. */
  readonly remove?: () => void
}

/** Rows by their place. `at` may answer undefined for a row that is still on its way. */
export interface RowSource<Row> {
  readonly count: number
  at(index: number): Row | undefined
  /** Stays the same while the row is the same, wherever it moves. */
  keyAt(index: number): string
  /** The place of a row, or -1. */
  indexOf(key: string): number
}

export interface Sort {
  readonly column: string
  readonly direction: 'ascending' | 'descending'
}

/** Rows that are all at hand. */
export class ArrayRows<Row> implements RowSource<Row> {
  readonly count: number
  readonly #rows: readonly Row[]
  readonly #keyOf: (row: Row) => string
  #places: Map<string, number> | null = null

  constructor(rows: readonly Row[], keyOf: (row: Row) => string) {
    this.count = rows.length
    this.#rows = rows
    this.#keyOf = keyOf
  }

  at(index: number): Row | undefined {
    return this.#rows[index]
  }

  keyAt(index: number): string {
    const row = this.#rows[index]
    return row === undefined ? '' : this.#keyOf(row)
  }

  indexOf(key: string): number {
    this.#places ??= new Map(this.#rows.map((row, index) => [this.#keyOf(row), index]))
    return this.#places.get(key) ?? -1
  }
}
