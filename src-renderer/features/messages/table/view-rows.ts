/** The rows of a view by their number, over the pages that are at hand. */
import type { RowSource } from '../../../ui/table/column.ts'
import type { KeyOfRow } from './record-key.ts'
import type { RecordLine } from './record-line.ts'
import type { RowAt } from './record-run.ts'
import { positionAt, rowCount, rowOf, type Places } from './row-places.ts'

export interface ViewRows {
  readonly places: Places
  readonly at: (position: bigint) => RowAt
  readonly keyOf: KeyOfRow
  readonly positionOf: (key: string) => bigint | null
}

/** A row that is not at hand is named by its position: `#7`. */
export function viewRows({ places, at, keyOf, positionOf }: ViewRows): RowSource<RecordLine> {
  return {
    count: rowCount(places),
    at: index => {
      const position = positionAt(places, index)
      const row = at(position)
      return row === 'gap' ? { gapAt: position } : row
    },
    keyAt: index => {
      const position = positionAt(places, index)
      const row = at(position)
      return row === undefined || row === 'gap' ? `#${position}` : keyOf(row)
    },
    indexOf: key => {
      const position = positionOf(key)
      return position === null ? -1 : rowOf(places, position)
    },
  }
}
