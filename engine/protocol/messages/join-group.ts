/**
 * JoinGroup (key 11) makes a client a member of a classic group. The answer waits until the
 * group's members have all rejoined.
 *
 * Versions: 1 separates the rebalance timeout from the session timeout. 2 adds throttling. 4
 * demands a second request with the member id that the first was given (KIP-394). 5 adds static
 * membership (KIP-345). 6 is flexible. 7 returns the protocol type (KIP-559). 8 adds a reason
 * (KIP-800). 9 may tell the leader to skip the assignment (KIP-814).
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

export const joinGroupRequest = message({
  name: 'JoinGroupRequest',
  apiKey: 11,
  versions: [0, 9],
  flexibleSince: 6,
  fields: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ since: 1, ignorable: true, default: -1 }),
    // Empty in a first request.
    memberId: string(),
    groupInstanceId: nullableString({ since: 5 }),
    protocolType: string(),
    protocols: array(
      struct({
        name: string(),
        metadata: bytes(),
      }),
    ),
    reason: nullableString({ since: 8, ignorable: true }),
  },
})
export type JoinGroupRequest = Infer<typeof joinGroupRequest>

export const joinGroupResponse = message({
  name: 'JoinGroupResponse',
  apiKey: 11,
  versions: [0, 9],
  flexibleSince: 6,
  fields: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: nullableString({ since: 7, ignorable: true }),
    protocolName: nullableString({ nullableSince: 7, default: '' }),
    leader: string(),
    skipAssignment: boolean({ since: 9 }),
    memberId: string(),
    // Given to the leader alone.
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: nullableString({ since: 5, ignorable: true }),
        metadata: bytes(),
      }),
    ),
  },
})
export type JoinGroupResponse = Infer<typeof joinGroupResponse>
