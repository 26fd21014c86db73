/**
 * AlterPartition (key 56): a partition's leader asks the controller to change its ISR (KIP-497).
 *
 * Versions: 2 names topics by id (KIP-841). 3 sends the broker epochs of the new ISR with it
 * (KIP-903).
 */
import { array, int16, int32, int64, int8, message, struct, uuid, type Infer } from '../schema.ts'

export const alterPartitionRequest = message({
  name: 'AlterPartitionRequest',
  apiKey: 56,
  versions: [2, 3],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            leaderEpoch: int32(),
            newIsr: array(int32(), { until: 2 }),
            newIsrWithEpochs: array(
              struct({
                brokerId: int32(),
                brokerEpoch: int64({ default: -1n }),
              }),
              { since: 3 },
            ),
            // 1 while recovering from an unclean election.
            leaderRecoveryState: int8(),
            partitionEpoch: int32(),
          }),
        ),
      }),
    ),
  },
})
export type AlterPartitionRequest = Infer<typeof alterPartitionRequest>

export const alterPartitionResponse = message({
  name: 'AlterPartitionResponse',
  apiKey: 56,
  versions: [2, 3],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array(
      struct({
        topicId: uuid(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            leaderId: int32(),
            leaderEpoch: int32(),
            isr: array(int32()),
            leaderRecoveryState: int8(),
            partitionEpoch: int32(),
          }),
        ),
      }),
    ),
  },
})
export type AlterPartitionResponse = Infer<typeof alterPartitionResponse>
