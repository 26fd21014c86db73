/**
 * Classic groups in `__consumer_offsets`: a group as it was after its last rebalance.
 *
 * Versions of the value: 1 adds rebalance timeouts, 2 the time of the last change of state, 3
 * static membership (KIP-345), 4 is flexible.
 */
import {
  array,
  bytes,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const groupMetadataKey = message({
  name: 'GroupMetadataKey',
  apiKey: 2,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    group: string(),
  },
})
export type GroupMetadataKey = Infer<typeof groupMetadataKey>

const memberMetadata = {
  memberId: string(),
  groupInstanceId: nullableString({ since: 3, ignorable: true }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32({ since: 1, ignorable: true, default: -1 }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
}

export const groupMetadataValue = message({
  name: 'GroupMetadataValue',
  apiKey: 2,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    protocolType: string(),
    generation: int32(),
    protocol: nullableString(),
    leader: nullableString(),
    currentStateTimestamp: int64({ since: 2, ignorable: true, default: -1n }),
    members: array(struct(memberMetadata)),
  },
})
export type GroupMetadataValue = Infer<typeof groupMetadataValue>
