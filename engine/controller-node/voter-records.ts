/** The control records that name the voters of the quorum (KIP-853), and those of an older log. */
import {
  kRaftVersionRecord,
  leaderChangeMessage,
  votersRecord,
} from '../protocol/control-records/quorum-control-records.ts'
import type { RecordInput } from '../protocol/records/batch-builder.ts'
import { controlKey, readControlType } from '../protocol/records/control-records.ts'
import { readRecords } from '../protocol/records/record-reader.ts'
import { voterSetOf, type VoterSet } from '../raft/voter-set.ts'
import { assert } from '../support/assert.ts'

const VERSION = 0
/** Voters have directories, and may change. */
export const KRAFT_VERSION_DYNAMIC = 1

/** What a snapshot says of the voters, and a log where it names them for the first time. */
export function voterControlRecords(voters: VoterSet, timestampMs: bigint): RecordInput[] {
  const kRaftVersion = kRaftVersionRecord.encode(
    { version: VERSION, kRaftVersion: KRAFT_VERSION_DYNAMIC },
    VERSION,
  )
  return [
    { key: controlKey('KRAFT_VERSION'), value: kRaftVersion, timestampMs },
    votersControlRecord(voters, timestampMs),
  ]
}

/** What a log says from which on other voters hold. */
export function votersControlRecord(voters: VoterSet, timestampMs: bigint): RecordInput {
  return { key: controlKey('KRAFT_VOTERS'), value: encodeVoters(voters), timestampMs }
}

function encodeVoters(voters: VoterSet): Uint8Array {
  return votersRecord.encode(
    {
      version: VERSION,
      voters: [...voters.values()].map(({ id, directoryId, endpoints }) => {
        assert(directoryId !== null, 'a voter that the log names has a directory')
        return {
          voterId: id,
          voterDirectoryId: directoryId,
          endpoints,
          kRaftVersionFeature: {
            minSupportedVersion: 0,
            maxSupportedVersion: KRAFT_VERSION_DYNAMIC,
          },
        }
      }),
    },
    VERSION,
  )
}

/** The voters that a control batch names; null where it names none. */
export function readVoters(bytes: Uint8Array, at: number): VoterSet | null {
  let voters: VoterSet | null = null
  for (const { key, value } of readRecords(bytes, at)) {
    if (value === null || readControlType(key) !== 'KRAFT_VOTERS') continue
    const record = votersRecord.decode(value, VERSION)
    voters = voterSetOf(
      record.voters.map(({ voterId, voterDirectoryId, endpoints }) => {
        return { id: voterId, directoryId: voterDirectoryId, endpoints }
      }),
    )
  }
  return voters
}

/** The ids of the voters that a leader change names, where a batch is one. */
export function readLeaderChangeVoters(bytes: Uint8Array, at: number): readonly number[] | null {
  for (const { key, value } of readRecords(bytes, at)) {
    if (value === null || readControlType(key) !== 'LEADER_CHANGE') continue
    // The first field of the value is its own version.
    const version = ((value[0] ?? 0) << 8) | (value[1] ?? 0)
    const { voters } = leaderChangeMessage.decode(value, version)
    return voters.map(({ voterId }) => voterId)
  }
  return null
}
