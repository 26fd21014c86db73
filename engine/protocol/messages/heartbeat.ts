/**
 * Heartbeat (key 12) keeps a member in its group between polls, and is how the coordinator
 * tells it to rejoin.
 *
 * Versions: 1 and 2 only change throttling. 3 adds static membership (KIP-345). 4 is flexible.
 */
import { int16, int32, message, nullableString, string, type Infer } from '../schema.ts'

export const heartbeatRequest = message({
  name: 'HeartbeatRequest',
  apiKey: 12,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: nullableString({ since: 3 }),
  },
})
export type HeartbeatRequest = Infer<typeof heartbeatRequest>

export const heartbeatResponse = message({
  name: 'HeartbeatResponse',
  apiKey: 12,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
  },
})
export type HeartbeatResponse = Infer<typeof heartbeatResponse>
