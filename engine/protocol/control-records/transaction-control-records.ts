/**
 * What every control record's key says, and the value of the markers that end a transaction. An
 * int16 with the version stands before both.
 */
import { int16, int32, message, type Infer } from '../schema.ts'

export const controlRecordTypeSchema = message({
  name: 'ControlRecordTypeSchema',
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    type: int16(),
  },
})
export type ControlRecordTypeSchema = Infer<typeof controlRecordTypeSchema>

export const endTxnMarker = message({
  name: 'EndTxnMarker',
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    coordinatorEpoch: int32(),
  },
})
export type EndTxnMarker = Infer<typeof endTxnMarker>
