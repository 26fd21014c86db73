/** Moves the cursor by a row, as the arrow keys do, for whoever stands beside the table. */
import { useState } from 'react'
import type { RowSource } from '../../../ui/table/column.ts'
import type { RecordLine } from './record-line.ts'
import type { Cursor } from './use-cursor.ts'

export interface ShownRow {
  readonly row: number
  readonly align?: 'start'
}

/** `show` is the later of two wishes: what the rows begin at, or where the cursor was moved. */
export function useStep(
  rows: RowSource<RecordLine>,
  cursor: Cursor,
  beginAt: ShownRow | undefined,
) {
  const [moved, setMoved] = useState<{
    readonly after: ShownRow | undefined
    readonly to: ShownRow
  }>()
  const step = (by: 1 | -1) => {
    if (cursor.active === null) return
    const row = rows.indexOf(cursor.active) + by
    if (row < 0 || row >= rows.count) return
    cursor.select(rows.keyAt(row))
    setMoved({ after: beginAt, to: { row } })
  }
  return { step, show: moved !== undefined && moved.after === beginAt ? moved.to : beginAt }
}
