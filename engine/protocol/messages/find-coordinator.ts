/**
 * FindCoordinator (key 10) asks which broker coordinates a group (key type 0), a transactional id
 * (1) or a share group's partition (2).
 *
 * Versions: 1 adds the key type, error messages and throttling. 3 is flexible. 4 asks for many
 * keys at once (KIP-699). 5 may answer TRANSACTION_ABORTABLE (KIP-890). 6 knows share groups
 * (KIP-932).
 */
import {
  array,
  int16,
  int32,
  int8,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const findCoordinatorRequest = message({
  name: 'FindCoordinatorRequest',
  apiKey: 10,
  versions: [0, 6],
  flexibleSince: 3,
  fields: {
    key: string({ until: 3 }),
    keyType: int8({ since: 1 }),
    coordinatorKeys: array(string(), { since: 4 }),
  },
})
export type FindCoordinatorRequest = Infer<typeof findCoordinatorRequest>

export const findCoordinatorResponse = message({
  name: 'FindCoordinatorResponse',
  apiKey: 10,
  versions: [0, 6],
  flexibleSince: 3,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16({ until: 3 }),
    errorMessage: nullableString({ since: 1, until: 3, ignorable: true, default: '' }),
    nodeId: int32({ until: 3 }),
    host: string({ until: 3 }),
    port: int32({ until: 3 }),
    coordinators: array(
      struct({
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: nullableString(),
      }),
      { since: 4 },
    ),
  },
})
export type FindCoordinatorResponse = Infer<typeof findCoordinatorResponse>
