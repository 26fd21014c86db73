/** What clicks, keys and the header's menu do to the rows of a table. Set up once, told of each drawing. */
import type { MouseEvent } from 'react'
import { t } from '../../i18n/i18n.ts'
import { copyText } from '../copy-text.ts'
import type { Column, RowSource } from './column.ts'
import { rowsAsJson, rowsAsTsv } from './copy-rows.ts'

const COPY_ROWS_MAX = 10_000

export interface ActsOn<Row> {
  readonly rows: RowSource<Row>
  readonly columns: readonly Column<Row>[]
  readonly active: string | null
  readonly onActive: ((key: string | null) => void) | undefined
  readonly onOpen: ((key: string) => void) | undefined
  readonly opensOnClick: boolean
  readonly chosen: ReadonlySet<string> | undefined
  readonly onChoose: ((keys: ReadonlySet<string>) => void) | undefined
  readonly onFilter: (() => void) | undefined
  readonly showRow: (row: number) => void
}

export class RowActs<Row> {
  #on: ActsOn<Row>
  /** Where a range begins that Shift and a click ends. */
  #anchor = -1

  constructor(on: ActsOn<Row>) {
    this.#on = on
  }

  update(on: ActsOn<Row>): void {
    this.#on = on
  }

  readonly move = (index: number, extend: boolean): void => {
    if (extend) this.#toggle(index, index)
    this.#activate(index)
  }

  readonly open = (index: number): void => this.#on.onOpen?.(this.#on.rows.keyAt(index))

  readonly clear = (): void => {
    const { chosen, onChoose, onActive } = this.#on
    if (chosen !== undefined && chosen.size > 0) onChoose?.(new Set())
    else onActive?.(null)
  }

  readonly choose = (index: number): void => this.#toggle(index, index)

  readonly filter = (): void => this.#on.onFilter?.()

  readonly copyTsv = (): void =>
    void copyText(rowsAsTsv(this.#rowsToCopy(), this.#on.columns), t('table.copied'))

  readonly copyJson = (): void =>
    void copyText(rowsAsJson(this.#rowsToCopy(), this.#on.columns), t('table.copied'))

  readonly click = (event: MouseEvent): void => {
    const index = indexOf(event)
    // A text was marked, and the click ends the marking.
    if (index < 0 || (document.getSelection()?.toString() ?? '') !== '') return
    const picks = (event.target as Element).closest('[data-picks]') !== null
    if (event.shiftKey && this.#anchor >= 0) this.#toggle(this.#anchor, index)
    else if (picks || event.metaKey || event.ctrlKey) this.#toggle(index, index)
    else {
      this.#anchor = index
      this.#activate(index)
      if (this.#on.opensOnClick) this.open(index)
    }
  }

  readonly doubleClick = (event: MouseEvent): void => {
    const index = indexOf(event)
    if (index >= 0 && !this.#on.opensOnClick) this.open(index)
  }

  #activate(index: number): void {
    this.#on.onActive?.(this.#on.rows.keyAt(index))
    this.#on.showRow(index)
  }

  #toggle(from: number, to: number): void {
    const { rows, chosen, onChoose } = this.#on
    if (onChoose === undefined || chosen === undefined) return
    const next = new Set(chosen)
    const adds = !next.has(rows.keyAt(to))
    for (let i = Math.min(from, to); i <= Math.max(from, to); i += 1)
      if (adds) next.add(rows.keyAt(i))
      else next.delete(rows.keyAt(i))
    this.#anchor = to
    onChoose(next)
  }

  /** The chosen rows, else the one under the cursor, else all that are at hand. */
  #rowsToCopy(): Row[] {
    const { rows, chosen, active } = this.#on
    const keys = chosen !== undefined && chosen.size > 0 ? [...chosen] : []
    if (keys.length === 0 && active !== null) keys.push(active)
    const places = keys.map(key => rows.indexOf(key)).filter(index => index >= 0)
    if (places.length === 0)
      for (let i = 0; i < Math.min(rows.count, COPY_ROWS_MAX); i += 1) places.push(i)
    return places.map(index => rows.at(index)).filter(row => row !== undefined)
  }
}

function indexOf(event: MouseEvent): number {
  const target = event.target as Element
  const isControl = target.closest('a, button, input') !== null
  if (isControl && target.closest('[data-picks]') === null) return -1
  const row = target.closest<HTMLElement>('[data-index]')
  return row === null ? -1 : Number(row.dataset.index)
}
