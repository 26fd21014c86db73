/**
 * SyncGroup (key 14) carries the leader's assignment to the coordinator, and each member's part of
 * it back.
 *
 * Versions: 1 adds throttling. 3 adds static membership (KIP-345). 4 is flexible. 5 names the
 * protocol on both ways, so that the coordinator can refuse what does not fit (KIP-559).
 */
import {
  array,
  bytes,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const syncGroupRequest = message({
  name: 'SyncGroupRequest',
  apiKey: 14,
  versions: [0, 5],
  flexibleSince: 4,
  fields: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: nullableString({ since: 3 }),
    protocolType: nullableString({ since: 5, ignorable: true }),
    protocolName: nullableString({ since: 5, ignorable: true }),
    assignments: array(
      struct({
        memberId: string(),
        assignment: bytes(),
      }),
    ),
  },
})
export type SyncGroupRequest = Infer<typeof syncGroupRequest>

export const syncGroupResponse = message({
  name: 'SyncGroupResponse',
  apiKey: 14,
  versions: [0, 5],
  flexibleSince: 4,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
    protocolType: nullableString({ since: 5, ignorable: true }),
    protocolName: nullableString({ since: 5, ignorable: true }),
    assignment: bytes(),
  },
})
export type SyncGroupResponse = Infer<typeof syncGroupResponse>
