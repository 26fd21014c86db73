/**
 * The contents of a `.snapshot` file, after the int16 with its version: what a log knows of its
 * producers. The CRC-32C covers all that follows it.
 */
import { array, int16, int32, int64, message, struct, uint32, type Infer } from '../schema.ts'

export const producerSnapshot = message({
  name: 'ProducerSnapshot',
  versions: [1, 1],
  flexibleSince: null,
  fields: {
    crc: uint32(),
    producerEntries: array(
      struct({
        producerId: int64(),
        epoch: int16(),
        lastSequence: int32(),
        lastOffset: int64(),
        // The distance of the last batch's first and last sequence.
        offsetDelta: int32(),
        timestamp: int64(),
        coordinatorEpoch: int32(),
        // -1 where no transaction is open.
        currentTxnFirstOffset: int64(),
      }),
    ),
  },
})
export type ProducerSnapshot = Infer<typeof producerSnapshot>
