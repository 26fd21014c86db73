/** What the page gives to whatever fills its table: records as they lie, or what a search found. */
import type { Ref } from 'react'
import type { RecordRow } from '../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../src-main/contract/model/search.ts'
import type { TableLayout } from '../../ui/table/table-layout.ts'
import type { FieldColumn, MessagesQuery, MessagesSearch } from './query/address.ts'
import type { Cursor } from './table/use-cursor.ts'

export interface PaneProps {
  readonly topic: string
  readonly query: MessagesQuery
  readonly search: MessagesSearch
  /** Another number reads or searches again. */
  readonly reads: number
  readonly look: RowLook
  readonly fields: readonly FieldColumn[]
  readonly onRemoveField: (field: FieldColumn) => void
  readonly layout: TableLayout
  readonly cursor: Cursor
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (keys: ReadonlySet<string>) => void
  readonly onFilter: () => void
  readonly paused: boolean
  /** There is little room for columns. */
  readonly narrow: boolean
  readonly onQuery: (change: Partial<MessagesQuery>) => void
  readonly change: (next: Partial<MessagesSearch>, replace?: boolean) => void
  readonly handle: Ref<PaneHandle>
  readonly columnActs: React.ReactNode
}

/** What the page may ask of the pane that is shown. */
export interface PaneHandle {
  /** Rows at hand. */
  readonly loaded: () => Iterable<RecordRow>
  readonly stop: () => void
  /** To the row before or after the one that is read. */
  readonly step: (by: 1 | -1) => void
  /** Takes in what waits, and lets go of the row that is read. */
  readonly takeNew: () => void
}
