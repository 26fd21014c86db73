/**
 * Values of the control records that the metadata log's leader writes, and the header and footer
 * of its snapshots (KIP-595, KIP-630, KIP-853). Each repeats its version in its first field;
 * nothing stands before it.
 *
 * Versions of LeaderChangeMessage: 1 adds directory ids (KIP-853).
 */
import {
  array,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

const voter = {
  voterId: int32(),
  voterDirectoryId: uuid({ since: 1 }),
}

export const leaderChangeMessage = message({
  name: 'LeaderChangeMessage',
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    version: int16(),
    leaderId: int32(),
    voters: array(struct(voter)),
    grantingVoters: array(struct(voter)),
  },
})
export type LeaderChangeMessage = Infer<typeof leaderChangeMessage>

export const snapshotHeaderRecord = message({
  name: 'SnapshotHeaderRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    version: int16(),
    lastContainedLogTimestamp: int64(),
  },
})
export type SnapshotHeaderRecord = Infer<typeof snapshotHeaderRecord>

export const snapshotFooterRecord = message({
  name: 'SnapshotFooterRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    version: int16(),
  },
})
export type SnapshotFooterRecord = Infer<typeof snapshotFooterRecord>

export const kRaftVersionRecord = message({
  name: 'KRaftVersionRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    version: int16(),
    kRaftVersion: int16(),
  },
})
export type KRaftVersionRecord = Infer<typeof kRaftVersionRecord>

export const votersRecord = message({
  name: 'VotersRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    version: int16(),
    voters: array(
      struct({
        voterId: int32(),
        voterDirectoryId: uuid(),
        endpoints: array(
          struct({
            name: string(),
            host: string(),
            port: uint16(),
          }),
        ),
        kRaftVersionFeature: struct({
          minSupportedVersion: int16(),
          maxSupportedVersion: int16(),
        }),
      }),
    ),
  },
})
export type VotersRecord = Infer<typeof votersRecord>
