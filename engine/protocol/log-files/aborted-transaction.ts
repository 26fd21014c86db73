/**
 * An entry of a `.txnindex` file, after the int16 with its version.
 */
import { int64, message, type Infer } from '../schema.ts'

export const abortedTxn = message({
  name: 'AbortedTxn',
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    producerId: int64(),
    firstOffset: int64(),
    lastOffset: int64(),
    lastStableOffset: int64(),
  },
})
export type AbortedTxn = Infer<typeof abortedTxn>
