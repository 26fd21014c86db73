/**
 * ListGroups (key 16) lists the groups that this broker coordinates.
 *
 * Versions: 1 adds throttling. 3 is flexible. 4 adds group states and a filter by them (KIP-518).
 * 5 adds group types and a filter by them (KIP-848).
 */
import { array, int16, int32, message, string, struct, type Infer } from '../schema.ts'

export const listGroupsRequest = message({
  name: 'ListGroupsRequest',
  apiKey: 16,
  versions: [0, 5],
  flexibleSince: 3,
  fields: {
    statesFilter: array(string(), { since: 4 }),
    typesFilter: array(string(), { since: 5 }),
  },
})
export type ListGroupsRequest = Infer<typeof listGroupsRequest>

export const listGroupsResponse = message({
  name: 'ListGroupsResponse',
  apiKey: 16,
  versions: [0, 5],
  flexibleSince: 3,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
    groups: array(
      struct({
        groupId: string(),
        protocolType: string(),
        groupState: string({ since: 4, ignorable: true }),
        groupType: string({ since: 5, ignorable: true }),
      }),
    ),
  },
})
export type ListGroupsResponse = Infer<typeof listGroupsResponse>
