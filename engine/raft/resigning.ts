/** The farewell of a leader that resigned: the voters need not find out by themselves. */
import { isFree, send, type RaftState, type Resigned } from './raft-state.ts'

export function endEpoch(raft: RaftState, role: Resigned, nowMs: number): void {
  const { leaderEpoch, local } = raft
  for (const id of untoldNow(raft, role, nowMs))
    if (isFree(raft, id, nowMs))
      send(raft, id, {
        type: 'end-quorum-epoch',
        leaderEpoch,
        leaderId: local.id,
        successors: role.successors,
      })
}

/**
 * Voters that are to be told of the resignation. The first successor stands as soon as it hears of
 * it, and the others elect it only once they know too: so it hears last, or after a short time.
 */
function untoldNow(raft: RaftState, role: Resigned, nowMs: number): readonly number[] {
  const first = role.successors[0]
  return [...role.untold].filter(
    id => id !== first || nowMs >= role.tellFirstAtMs || !othersAreUntold(raft, role),
  )
}

function othersAreUntold({ peers }: RaftState, role: Resigned): boolean {
  return [...role.untold].some(
    id => id !== role.successors[0] && (peers.get(id)?.failures ?? 0) === 0,
  )
}

/** When the first successor is told; Infinity while it was, or is being told. */
export function nextTellingMs({ peers }: RaftState, role: Resigned): number {
  const [first] = role.successors
  if (first === undefined || !role.untold.has(first)) return Infinity
  const peer = peers.get(first)
  if (peer !== undefined && peer.inFlight !== null) return Infinity
  return Math.max(role.tellFirstAtMs, peer?.retryAtMs ?? -Infinity)
}
