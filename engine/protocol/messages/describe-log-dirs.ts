/**
 * DescribeLogDirs (key 35) shows the sizes of partitions in each log directory of a broker
 * (KIP-113).
 *
 * Versions: 0 exists up to Kafka 3.9 only. 2 is flexible. 3 adds a top-level error. 4 adds the
 * volume's total and usable bytes (KIP-827). 5 tells whether a directory is cordoned (KIP-1066).
 */
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  message,
  nullableArray,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const describeLogDirsRequest = message({
  name: 'DescribeLogDirsRequest',
  apiKey: 35,
  versions: [0, 5],
  flexibleSince: 2,
  fields: {
    topics: nullableArray(
      struct({
        topic: string(),
        partitions: array(int32()),
      }),
    ),
  },
})
export type DescribeLogDirsRequest = Infer<typeof describeLogDirsRequest>

export const describeLogDirsResponse = message({
  name: 'DescribeLogDirsResponse',
  apiKey: 35,
  versions: [0, 5],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 3, ignorable: true }),
    results: array(
      struct({
        errorCode: int16(),
        logDir: string(),
        topics: array(
          struct({
            name: string(),
            partitions: array(
              struct({
                partitionIndex: int32(),
                partitionSize: int64(),
                offsetLag: int64(),
                isFutureKey: boolean(),
              }),
            ),
          }),
        ),
        totalBytes: int64({ since: 4, ignorable: true, default: -1n }),
        usableBytes: int64({ since: 4, ignorable: true, default: -1n }),
        isCordoned: boolean({ since: 5, ignorable: true }),
      }),
    ),
  },
})
export type DescribeLogDirsResponse = Infer<typeof describeLogDirsResponse>
