/** One line of the table: a record, or an offset that holds none. */
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowSource } from '../../../ui/table/column.ts'

/** A field is undefined while it is still asked for. */
export interface ShownRow extends Omit<RecordRow, 'fields'> {
  readonly fields: readonly (string | null | undefined)[]
}

export type RecordLine = ShownRow | { readonly gapAt: bigint }

export const NO_ROWS: RowSource<RecordLine> = {
  count: 0,
  at: () => undefined,
  keyAt: () => '',
  indexOf: () => -1,
}
