/** Elections: who gets a vote, and what the votes amount to (KIP-595, KIP-996). */
import type { ReplicaKey } from './raft-log.ts'
import type { VoteAnswer, VoteRequest } from './raft-messages.ts'
import {
  electionTimeoutMs,
  isFree,
  otherVoters,
  saveElection,
  send,
  type RaftState,
  type Standing,
} from './raft-state.ts'
import {
  becomeCandidate,
  becomeFollower,
  becomeLeader,
  becomeProspective,
  becomeUnattached,
} from './transitions.ts'
import { majorityOf } from './voter-set.ts'

export function handleVote(raft: RaftState, request: VoteRequest, nowMs: number): VoteAnswer {
  if (!isPossible(request)) return answerOf(raft, 'INVALID_REQUEST', false)
  if (request.leaderEpoch < raft.leaderEpoch) return answerOf(raft, 'FENCED_LEADER_EPOCH', false)
  if (request.candidate.id < 0) return answerOf(raft, 'INVALID_REQUEST', false)
  // A vote in a new epoch is written down together with the epoch.
  if (request.leaderEpoch > raft.leaderEpoch) {
    const votedFor = !request.preVote && hasLogOf(raft, request) ? request.candidate : null
    becomeUnattached(raft, request.leaderEpoch, nowMs, votedFor)
    if (votedFor !== null) waitForWinner(raft, nowMs)
  }
  const granted = request.preVote
    ? wouldVote(raft, request)
    : hasLogOf(raft, request) && mayVoteFor(raft, request.candidate)
  if (granted && !request.preVote && raft.votedFor === null) {
    raft.votedFor = request.candidate
    saveElection(raft)
    waitForWinner(raft, nowMs)
  }
  return answerOf(raft, 'NONE', granted)
}

/** A candidate has begun an epoch of its own, and so has no record of it yet. */
function isPossible({ leaderEpoch, lastEpoch, endOffset, preVote }: VoteRequest): boolean {
  if (endOffset < 0n || lastEpoch < 0) return false
  return preVote ? lastEpoch <= leaderEpoch : lastEpoch < leaderEpoch
}

/** It has a candidate that may win, which is worth a wait. */
function waitForWinner(raft: RaftState, nowMs: number): void {
  const { role } = raft
  const mayStand = role.type === 'unattached' || role.type === 'prospective'
  if (mayStand && role.deadlineMs !== Infinity) role.deadlineMs = nowMs + electionTimeoutMs(raft)
}

/** Only who has all that may be committed is elected: at least the voter's own log. */
function hasLogOf({ log }: RaftState, { lastEpoch, endOffset }: VoteRequest): boolean {
  if (lastEpoch !== log.latestEpoch) return lastEpoch > log.latestEpoch
  return endOffset >= log.endOffset
}

/** A pre-vote binds nobody, but whoever has a leader does not help to depose it. */
function wouldVote(raft: RaftState, request: VoteRequest): boolean {
  const { role } = raft
  if (role.type === 'leader') return false
  if (role.type === 'follower' && role.heardFromLeader) return false
  return hasLogOf(raft, request)
}

function mayVoteFor({ role, votedFor, leaderId }: RaftState, candidate: ReplicaKey): boolean {
  if (role.type !== 'unattached' && role.type !== 'prospective') return false
  if (votedFor === null) return leaderId === null
  const { id, directoryId } = votedFor
  return id === candidate.id && (directoryId === null || directoryId === candidate.directoryId)
}

function answerOf(raft: RaftState, error: VoteAnswer['error'], granted: boolean): VoteAnswer {
  const { leaderEpoch, leaderId } = raft
  return { type: 'vote', error, leaderEpoch, leaderId, granted }
}

/** Asks every voter that has not answered yet. */
export function askForVotes(raft: RaftState, role: Standing, nowMs: number): void {
  const { leaderEpoch, log, local } = raft
  for (const id of otherVoters(raft))
    if (!role.votes.has(id) && isFree(raft, id, nowMs))
      send(raft, id, {
        type: 'vote',
        leaderEpoch,
        candidate: local,
        lastEpoch: log.latestEpoch,
        endOffset: log.endOffset,
        preVote: role.type === 'prospective',
      })
}

/** An answer of this very election; whoever answered is in the same epoch. */
export function takeVote(
  raft: RaftState,
  vote: { readonly from: number; readonly granted: boolean },
  nowMs: number,
): void {
  const { role } = raft
  if (role.type !== 'prospective' && role.type !== 'candidate') return
  role.votes.set(vote.from, vote.granted)
  const cast = [...role.votes.values()]
  const granted = cast.filter(Boolean).length
  const needed = majorityOf(raft.log.voters)
  if (granted >= needed) {
    if (role.type === 'candidate') becomeLeader(raft, nowMs)
    else becomeCandidate(raft, nowMs)
    return
  }
  const stillPossible = raft.log.voters.size - (cast.length - granted)
  if (stillPossible >= needed) return
  if (role.type === 'prospective') giveUpStanding(raft, nowMs)
  // A lost candidate rests for a random time, twice as long on average after each loss.
  else role.deadlineMs = Math.min(role.deadlineMs, nowMs + backoffMs(raft))
}

function backoffMs(raft: RaftState): number {
  const { config, random } = raft
  const spanMs = Math.min(config.electionBackoffMaxMs, 50 * 2 ** Math.min(raft.failedElections, 10))
  raft.failedElections++
  return 1 + random.integer(Math.max(1, spanMs))
}

/** Nobody would elect it: back to the leader it had, or to waiting for one. */
export function giveUpStanding(raft: RaftState, nowMs: number): void {
  const { leaderEpoch, leaderId, local } = raft
  if (leaderId !== null && leaderId !== local.id)
    becomeFollower(raft, { leaderEpoch, leaderId }, nowMs)
  else {
    becomeUnattached(raft, leaderEpoch, nowMs)
    if (raft.role.type === 'unattached') raft.role.deadlineMs = nowMs + electionTimeoutMs(raft)
  }
}

/** The time of an election is up. */
export function electionTimedOut(raft: RaftState, role: Standing, nowMs: number): void {
  if (role.type === 'prospective') giveUpStanding(raft, nowMs)
  else becomeProspective(raft, nowMs)
}
