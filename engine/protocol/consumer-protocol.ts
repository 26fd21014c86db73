/**
 * What consumers put into JoinGroup and SyncGroup, after an int16 with the version: the broker of
 * a classic group does not read it, those who show groups do. A newer version is read as the
 * newest known one, since versions only add fields.
 *
 * Versions of the subscription: 1 adds the partitions owned so far, 2 the generation, 3 the rack
 * (KIP-881). The assignment has the same numbers and no changes.
 */
import {
  array,
  int32,
  message,
  nullableBytes,
  nullableString,
  string,
  struct,
  type Infer,
} from './schema.ts'

export const consumerProtocolSubscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: [0, 3],
  flexibleSince: null,
  fields: {
    topics: array(string()),
    userData: nullableBytes(),
    ownedPartitions: array(
      struct({
        topic: string(),
        partitions: array(int32()),
      }),
      { since: 1, ignorable: true },
    ),
    generationId: int32({ since: 2, ignorable: true, default: -1 }),
    rackId: nullableString({ since: 3, ignorable: true }),
  },
})
export type ConsumerProtocolSubscription = Infer<typeof consumerProtocolSubscription>

export const consumerProtocolAssignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: [0, 3],
  flexibleSince: null,
  fields: {
    assignedPartitions: array(
      struct({
        topic: string(),
        partitions: array(int32()),
      }),
    ),
    userData: nullableBytes(),
  },
})
export type ConsumerProtocolAssignment = Infer<typeof consumerProtocolAssignment>
