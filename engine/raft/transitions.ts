/**
 * From one role to another. Epoch, vote and leader are durable before the new role does anything;
 * an epoch only grows, and within an epoch a node votes once and knows one leader.
 */
import { assert } from '../support/assert.ts'
import { advanceHighWatermark, refuseWaiting } from './leading.ts'
import {
  electionTimeoutMs,
  forgetRequests,
  newProgress,
  otherVoters,
  saveElection,
  votes,
  type Leader,
  type RaftState,
  type Role,
} from './raft-state.ts'
import type { ReplicaKey } from './raft-log.ts'
import { majorityOf } from './voter-set.ts'

/** So long the first successor of a leader that resigns waits for the others to be told. */
const TELL_FIRST_AFTER_MS = 50

/** Without a leader, in this epoch or a later one, in which it votes for a candidate or not yet. */
export function becomeUnattached(
  raft: RaftState,
  leaderEpoch: number,
  nowMs: number,
  votedFor: ReplicaKey | null = null,
): void {
  assert(leaderEpoch >= raft.leaderEpoch, 'an epoch only grows')
  const deadlineMs = votes(raft) ? remainingDeadlineMs(raft, nowMs) : Infinity
  if (leaderEpoch > raft.leaderEpoch) {
    raft.leaderEpoch = leaderEpoch
    raft.leaderId = null
    raft.votedFor = votedFor
    saveElection(raft)
  }
  enter(raft, { type: 'unattached', deadlineMs })
}

/** A later epoch is no reason to wait longer: someone who cannot win would delay everyone. */
function remainingDeadlineMs(raft: RaftState, nowMs: number): number {
  const { role } = raft
  if (role.type === 'leader' || role.deadlineMs === Infinity) return nowMs + electionTimeoutMs(raft)
  return Math.max(nowMs, role.deadlineMs)
}

/** The leader of the epoch is known. */
export function becomeFollower(
  raft: RaftState,
  leader: { readonly leaderEpoch: number; readonly leaderId: number },
  nowMs: number,
): void {
  const { leaderEpoch, leaderId } = leader
  assert(leaderEpoch >= raft.leaderEpoch, 'an epoch only grows')
  assert(leaderId !== raft.local.id, 'nobody follows itself')
  const isNewEpoch = leaderEpoch > raft.leaderEpoch
  assert(
    isNewEpoch || raft.leaderId === null || raft.leaderId === leaderId,
    `an epoch has one leader: ${leaderEpoch} has ${raft.leaderId}, not ${leaderId}`,
  )
  if (isNewEpoch || raft.leaderId !== leaderId) {
    raft.leaderEpoch = leaderEpoch
    raft.leaderId = leaderId
    if (isNewEpoch) raft.votedFor = null
    saveElection(raft)
  }
  raft.failedElections = 0
  enter(raft, {
    type: 'follower',
    leaderId,
    deadlineMs: nowMs + raft.config.fetchTimeoutMs,
    heardFromLeader: false,
    leaderHasResigned: false,
    installing: null,
  })
}

export function becomeProspective(raft: RaftState, nowMs: number): void {
  assert(votes(raft), 'only a voter stands for election')
  enter(raft, {
    type: 'prospective',
    deadlineMs: nowMs + electionTimeoutMs(raft),
    votes: new Map([[raft.local.id, true]]),
  })
  if (majorityOf(raft.log.voters) === 1) becomeCandidate(raft, nowMs)
}

export function becomeCandidate(raft: RaftState, nowMs: number): void {
  assert(votes(raft), 'only a voter stands for election')
  raft.leaderEpoch++
  raft.leaderId = null
  raft.votedFor = raft.local
  // A single voter asks nobody, and is leader before anyone hears of it.
  const isAlone = majorityOf(raft.log.voters) === 1
  if (!isAlone) saveElection(raft)
  enter(raft, {
    type: 'candidate',
    deadlineMs: nowMs + electionTimeoutMs(raft),
    votes: new Map([[raft.local.id, true]]),
  })
  if (isAlone) becomeLeader(raft, nowMs)
}

export function becomeLeader(raft: RaftState, nowMs: number): void {
  const { role, log, leaderEpoch, local } = raft
  assert(role.type === 'candidate', 'only a candidate is elected')
  const granting = [...role.votes].filter(([, granted]) => granted).map(([id]) => id)
  assert(granting.length >= majorityOf(log.voters), 'a majority has voted for the leader')
  raft.leaderId = local.id
  raft.failedElections = 0
  saveElection(raft)
  const epochStartOffset = log.endOffset
  const leader: Leader = {
    type: 'leader',
    epochStartOffset,
    replicas: new Map(),
    observers: new Map(),
    announceAtMs: new Map(),
    waiting: [],
    fetchedVoters: new Set(),
    deadlineMs: Infinity,
  }
  for (const voter of log.voters.values()) {
    if (voter.id === local.id) continue
    leader.replicas.set(voter.id, newProgress({ id: voter.id, directoryId: voter.directoryId }))
    leader.announceAtMs.set(voter.id, nowMs)
  }
  if (leader.replicas.size > 0) leader.deadlineMs = nowMs + 1.5 * raft.config.fetchTimeoutMs
  log.appendLeaderChange({ leaderEpoch, leaderId: local.id, grantingVoters: granting, nowMs })
  enter(raft, leader)
  raft.effects.push({ type: 'elected', leaderEpoch })
  advanceHighWatermark(raft)
}

/** Gives up leading: told to, or because no majority fetches any more. */
export function becomeResigned(raft: RaftState, nowMs: number): void {
  const { role } = raft
  assert(role.type === 'leader', 'only a leader resigns')
  const successors = [...role.replicas.values()]
    .sort((a, b) => compareDescending(a.endOffset ?? -1n, b.endOffset ?? -1n))
    .map(({ key }) => key.id)
  enter(raft, {
    type: 'resigned',
    deadlineMs: nowMs + electionTimeoutMs(raft),
    untold: new Set(otherVoters(raft)),
    successors,
    tellFirstAtMs: nowMs + TELL_FIRST_AFTER_MS,
  })
}

function compareDescending(a: bigint, b: bigint): number {
  return a < b ? 1 : a > b ? -1 : 0
}

/** After a restart: a node that led must not follow in that epoch, since it might vote again. */
export function resumeResigned(raft: RaftState, deadlineMs: number): void {
  enter(raft, {
    type: 'resigned',
    deadlineMs,
    untold: new Set(),
    successors: [],
    tellFirstAtMs: Infinity,
  })
}

function enter(raft: RaftState, role: Role): void {
  const before = raft.role
  raft.role = role
  forgetRequests(raft)
  if (before.type === 'leader') {
    refuseWaiting(raft, before)
    raft.effects.push({ type: 'deposed', leaderEpoch: raft.leaderEpoch })
  }
  const { leaderId, leaderEpoch } = raft
  raft.effects.push({
    type: 'leader-changed',
    leaderId: role.type === 'resigned' ? null : leaderId,
    leaderEpoch,
  })
}
