/** One line of the table: a record, or an offset that holds none. */
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowSource } from '../../../ui/table/column.ts'

export type RecordLine = RecordRow | { readonly gapAt: bigint }

export const NO_ROWS: RowSource<RecordLine> = {
  count: 0,
  at: () => undefined,
  keyAt: () => '',
  indexOf: () => -1,
}
