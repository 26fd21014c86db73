/**
 * The replicated log as the quorum sees it, and what it remembers beside it. The quorum decides what
 * is appended, cut off and replaced; whoever implements this has the files.
 *
 * Every call that writes is durable when it returns: what a voter says that it has, it has.
 */
import type { VoterSet } from './voter-set.ts'

/** A place in the log with the leader epoch of the record before it; also names a snapshot. */
export interface LogPlace {
  readonly endOffset: bigint
  readonly leaderEpoch: number
}

export interface RaftLog {
  readonly startOffset: bigint
  readonly endOffset: bigint
  /** Of the last record, or of the snapshot that the log begins with; 0 for an empty log. */
  readonly latestEpoch: number
  /** The oldest snapshot that is kept, and the newest; null where there is none. */
  readonly earliestSnapshot: LogPlace | null
  readonly latestSnapshot: LogPlace | null
  /** The voters that the log names last, or those that it was made with. */
  readonly voters: VoterSet
  /** Where an epoch, or the nearest one below it that the log has, ended. */
  endOfEpoch(leaderEpoch: number): LogPlace
  /** Writes the record that begins an epoch. */
  appendLeaderChange(change: {
    readonly leaderEpoch: number
    readonly leaderId: number
    readonly grantingVoters: readonly number[]
    readonly nowMs: number
  }): void
  /** Writes a voter set, which holds from here on. */
  appendVoters(voters: VoterSet, options: { readonly leaderEpoch: number; nowMs: number }): void
  /** Appends a leader's batches, whose first offset is the log's end. */
  appendFetched(batches: Uint8Array, options: { readonly nowMs: number }): void
  truncateTo(offset: bigint, options: { readonly nowMs: number }): void
  /** Writes a piece of a leader's snapshot; `position` 0 begins it anew. */
  writeSnapshotPart(snapshot: LogPlace, position: bigint, bytes: Uint8Array): void
  /** Takes the snapshot that was written in place of all the log's records. */
  finishSnapshot(snapshot: LogPlace, options: { readonly nowMs: number }): void
}

/** What a voter must not forget: whom it follows and whom it voted for, in which epoch. */
export interface ElectionState {
  readonly leaderEpoch: number
  readonly leaderId: number | null
  readonly votedFor: ReplicaKey | null
}

export interface ElectionStore {
  /** Null before the first write. */
  read(): ElectionState | null
  /** Durable when it returns. */
  write(state: ElectionState): void
}

/** A replica of the quorum's log: the node, and the folder that it has (KIP-853). */
export interface ReplicaKey {
  readonly id: number
  /** Null where it is not known. */
  readonly directoryId: string | null
}
