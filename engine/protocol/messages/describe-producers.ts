/**
 * DescribeProducers (key 61) shows which producers are active on a partition (KIP-664).
 */
import {
  array,
  int16,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const describeProducersRequest = message({
  name: 'DescribeProducersRequest',
  apiKey: 61,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    topics: array(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
    ),
  },
})
export type DescribeProducersRequest = Infer<typeof describeProducersRequest>

export const describeProducersResponse = message({
  name: 'DescribeProducersResponse',
  apiKey: 61,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: nullableString(),
            activeProducers: array(
              struct({
                producerId: int64(),
                producerEpoch: int32(),
                lastSequence: int32({ default: -1 }),
                lastTimestamp: int64({ default: -1n }),
                coordinatorEpoch: int32(),
                currentTxnStartOffset: int64({ default: -1n }),
              }),
            ),
          }),
        ),
      }),
    ),
  },
})
export type DescribeProducersResponse = Infer<typeof describeProducersResponse>
