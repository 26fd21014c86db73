/** How many digits the offsets of some rows have: what their column needs room for. */
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'

/** Rows with few records look the same as before they grew. */
export const DIGITS_MIN = 5

/** Never fewer than before, so that a column grows and does not shake. */
export function digitsOf(rows: readonly RecordRow[], before: number): number {
  let most = 0n
  for (const { offset } of rows) if (offset > most) most = offset
  return Math.max(before, most.toString().length)
}
