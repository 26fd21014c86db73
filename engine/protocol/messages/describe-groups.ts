/**
 * DescribeGroups (key 15) shows the state and the members of classic groups.
 *
 * Versions: 1 adds throttling. 3 adds authorized operations. 4 adds static membership (KIP-345). 5
 * is flexible. 6 answers GROUP_ID_NOT_FOUND, with a message, where older ones show a dead group
 * (KIP-1043).
 */
import {
  array,
  boolean,
  bytes,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const describeGroupsRequest = message({
  name: 'DescribeGroupsRequest',
  apiKey: 15,
  versions: [0, 6],
  flexibleSince: 5,
  fields: {
    groups: array(string()),
    includeAuthorizedOperations: boolean({ since: 3 }),
  },
})
export type DescribeGroupsRequest = Infer<typeof describeGroupsRequest>

export const describeGroupsResponse = message({
  name: 'DescribeGroupsResponse',
  apiKey: 15,
  versions: [0, 6],
  flexibleSince: 5,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: nullableString({ since: 6 }),
        groupId: string(),
        groupState: string(),
        protocolType: string(),
        protocolData: string(),
        members: array(
          struct({
            memberId: string(),
            groupInstanceId: nullableString({ since: 4, ignorable: true }),
            clientId: string(),
            clientHost: string(),
            memberMetadata: bytes(),
            memberAssignment: bytes(),
          }),
        ),
        // A bit for each operation; the smallest int32 where it was not asked for.
        authorizedOperations: int32({ since: 3, default: -2_147_483_648 }),
      }),
    ),
  },
})
export type DescribeGroupsResponse = Infer<typeof describeGroupsResponse>
