/**
 * ConsumerGroupDescribe (key 69) shows the state and the members of groups of the consumer
 * protocol (KIP-848), which DescribeGroups does not know.
 *
 * Versions: 1 adds the member type: classic members may be in such a group too.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  message,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const consumerGroupDescribeRequest = message({
  name: 'ConsumerGroupDescribeRequest',
  apiKey: 69,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    groupIds: array(string()),
    includeAuthorizedOperations: boolean(),
  },
})
export type ConsumerGroupDescribeRequest = Infer<typeof consumerGroupDescribeRequest>

const assignment = struct({
  topicPartitions: array(
    struct({
      topicId: uuid(),
      topicName: string(),
      partitions: array(int32()),
    }),
  ),
})

export const consumerGroupDescribeResponse = message({
  name: 'ConsumerGroupDescribeResponse',
  apiKey: 69,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: nullableString({ default: null }),
        groupId: string(),
        groupState: string({ default: '' }),
        groupEpoch: int32(),
        assignmentEpoch: int32(),
        assignorName: string(),
        members: array(
          struct({
            memberId: string(),
            instanceId: nullableString({ default: null }),
            rackId: nullableString({ default: null }),
            memberEpoch: int32(),
            clientId: string(),
            clientHost: string(),
            subscribedTopicNames: array(string()),
            subscribedTopicRegex: nullableString({ default: null }),
            assignment,
            targetAssignment: assignment,
            // -1 unknown, 0 classic, 1 consumer.
            memberType: int8({ since: 1, ignorable: true, default: -1 }),
          }),
        ),
        // A bit for each operation; the smallest int32 where it was not asked for.
        authorizedOperations: int32({ default: -2_147_483_648 }),
      }),
    ),
  },
})
export type ConsumerGroupDescribeResponse = Infer<typeof consumerGroupDescribeResponse>
