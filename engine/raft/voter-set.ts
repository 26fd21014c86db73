/**
 * Who votes. The set is named by the log itself (VotersRecord, KIP-853), and holds from the moment
 * that it is appended; a log without one has the voters that it was made with.
 */
import type { ReplicaKey } from './raft-log.ts'

export interface VoterEndpoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface Voter {
  readonly id: number
  /** Null in a set of fixed voters, which are told apart by their ids alone (kraft.version 0). */
  readonly directoryId: string | null
  readonly endpoints: readonly VoterEndpoint[]
}

export type VoterSet = ReadonlyMap<number, Voter>

export function voterSetOf(voters: Iterable<Voter>): VoterSet {
  return new Map([...voters].sort((a, b) => a.id - b.id).map(voter => [voter.id, voter]))
}

/** Voters that are known by their ids alone. */
export function fixedVoters(ids: Iterable<number>): VoterSet {
  return voterSetOf([...ids].map(id => ({ id, directoryId: null, endpoints: [] })))
}

/** One that is known with its directory is nobody but who says so; fixed voters are their ids. */
export function isVoter(voters: VoterSet, { id, directoryId }: ReplicaKey): boolean {
  const voter = voters.get(id)
  if (voter === undefined) return false
  return voter.directoryId === null || voter.directoryId === directoryId
}

/** The smallest number of voters that any other majority shares a voter with. */
export function majorityOf(voters: VoterSet): number {
  return Math.floor(voters.size / 2) + 1
}

/** Voters can be added and removed: each is known with its directory (kraft.version 1). */
export function isDynamic(voters: VoterSet): boolean {
  return [...voters.values()].every(({ directoryId }) => directoryId !== null)
}
