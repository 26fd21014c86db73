/**
 * ShareGroupDescribe (key 77) shows the state and the members of share groups (KIP-932). A
 * partition may be assigned to several members at once.
 *
 * Versions: 0 was for early access in 4.0 and is gone; 1 is the first stable one.
 */
import {
  array,
  boolean,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const shareGroupDescribeRequest = message({
  name: 'ShareGroupDescribeRequest',
  apiKey: 77,
  versions: [1, 1],
  flexibleSince: 0,
  fields: {
    groupIds: array(string()),
    includeAuthorizedOperations: boolean(),
  },
})
export type ShareGroupDescribeRequest = Infer<typeof shareGroupDescribeRequest>

export const shareGroupDescribeResponse = message({
  name: 'ShareGroupDescribeResponse',
  apiKey: 77,
  versions: [1, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: nullableString({ default: null }),
        groupId: string(),
        groupState: string(),
        groupEpoch: int32(),
        assignmentEpoch: int32(),
        assignorName: string(),
        members: array(
          struct({
            memberId: string(),
            rackId: nullableString({ default: null }),
            memberEpoch: int32(),
            clientId: string(),
            clientHost: string(),
            subscribedTopicNames: array(string()),
            assignment: struct({
              topicPartitions: array(
                struct({
                  topicId: uuid(),
                  topicName: string(),
                  partitions: array(int32()),
                }),
              ),
            }),
          }),
        ),
        // A bit for each operation; the smallest int32 where it was not asked for.
        authorizedOperations: int32({ default: -2_147_483_648 }),
      }),
    ),
  },
})
export type ShareGroupDescribeResponse = Infer<typeof shareGroupDescribeResponse>
