/**
 * DeleteGroups (key 42) removes empty groups with their offsets.
 *
 * Versions: 2 is flexible. 3 adds error messages (KIP-1331).
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

export const deleteGroupsRequest = message({
  name: 'DeleteGroupsRequest',
  apiKey: 42,
  versions: [0, 3],
  flexibleSince: 2,
  fields: {
    groupsNames: array(string()),
  },
})
export type DeleteGroupsRequest = Infer<typeof deleteGroupsRequest>

export const deleteGroupsResponse = message({
  name: 'DeleteGroupsResponse',
  apiKey: 42,
  versions: [0, 3],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    results: array(
      struct({
        groupId: string(),
        errorCode: int16(),
        errorMessage: nullableString({ since: 3, ignorable: true }),
      }),
    ),
  },
})
export type DeleteGroupsResponse = Infer<typeof deleteGroupsResponse>
