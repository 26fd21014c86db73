/**
 * FetchSnapshot (key 59) reads a snapshot of the metadata log in pieces (KIP-630).
 *
 * Versions: 1 adds directory ids and endpoints (KIP-853).
 */
import {
  array,
  bytes,
  int16,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const fetchSnapshotRequest = message({
  name: 'FetchSnapshotRequest',
  apiKey: 59,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    clusterId: nullableString({ tag: 0 }),
    replicaId: int32({ default: -1 }),
    maxBytes: int32({ default: 0x7fff_ffff }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32(),
            snapshotId: struct({
              endOffset: int64(),
              epoch: int32(),
            }),
            position: int64(),
            replicaDirectoryId: uuid({ since: 1, tag: 0, ignorable: true }),
          }),
        ),
      }),
    ),
  },
})
export type FetchSnapshotRequest = Infer<typeof fetchSnapshotRequest>

export const fetchSnapshotResponse = message({
  name: 'FetchSnapshotResponse',
  apiKey: 59,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            index: int32(),
            errorCode: int16(),
            snapshotId: struct({
              endOffset: int64(),
              epoch: int32(),
            }),
            currentLeader: struct(
              {
                leaderId: int32(),
                leaderEpoch: int32(),
              },
              { tag: 0 },
            ),
            size: int64(),
            position: int64(),
            // A piece of the snapshot, cut anywhere: it need not begin or end with a batch.
            unalignedRecords: bytes(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: uint16(),
      }),
      { since: 1, tag: 0 },
    ),
  },
})
export type FetchSnapshotResponse = Infer<typeof fetchSnapshotResponse>
