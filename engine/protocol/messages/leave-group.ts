/**
 * LeaveGroup (key 13) takes members out of a group without waiting for their sessions to end.
 *
 * Versions: 1 adds throttling. 3 removes many members at once, static ones by instance id
 * (KIP-345). 4 is flexible. 5 adds a reason (KIP-800).
 */
import {
  array,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const leaveGroupRequest = message({
  name: 'LeaveGroupRequest',
  apiKey: 13,
  versions: [0, 5],
  flexibleSince: 4,
  fields: {
    groupId: string(),
    memberId: string({ until: 2 }),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: nullableString(),
        reason: nullableString({ since: 5, ignorable: true }),
      }),
      { since: 3 },
    ),
  },
})
export type LeaveGroupRequest = Infer<typeof leaveGroupRequest>

export const leaveGroupResponse = message({
  name: 'LeaveGroupResponse',
  apiKey: 13,
  versions: [0, 5],
  flexibleSince: 4,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
    members: array(
      struct({
        memberId: string(),
        groupInstanceId: nullableString(),
        errorCode: int16(),
      }),
      { since: 3 },
    ),
  },
})
export type LeaveGroupResponse = Infer<typeof leaveGroupResponse>
