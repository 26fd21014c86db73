/**
 * The leader's side: it serves fetches, counts who has what, and commits. A record is committed when
 * a majority has it and it, or one after it, was written in the leader's own epoch (the thesis,
 * §5.4.2). It leads for as long as a majority keeps fetching.
 */
import { assert } from '../support/assert.ts'
import type {
  FetchAnswer,
  FetchRequest,
  FetchSnapshotAnswer,
  FetchSnapshotRequest,
  RaftError,
} from './raft-messages.ts'
import {
  isFree,
  newProgress,
  otherVoters,
  send,
  type Leader,
  type RaftState,
  type ReplicaProgress,
  type WaitingFetch,
} from './raft-state.ts'
import { isVoter, majorityOf, type VoterSet } from './voter-set.ts'

/** As in Kafka: an observer that is silent for so long is no longer shown. */
const OBSERVER_SESSION_MS = 300_000

export function handleFetch(
  raft: RaftState,
  request: FetchRequest,
  requestId: number,
  nowMs: number,
): void {
  const { role } = raft
  const error = isPossible(request) ? leaderError(raft, request.leaderEpoch) : 'INVALID_REQUEST'
  if (error !== 'NONE' || role.type !== 'leader') {
    answerFetch(raft, requestId, error, null)
    return
  }
  const elsewhere = placeElsewhere(raft, request)
  if (elsewhere !== null) {
    answerFetch(raft, requestId, 'NONE', elsewhere)
    return
  }
  const voter = isVoter(raft.log.voters, request.replica)
  noteFetch(raft, role, request, nowMs)
  const fetch: WaitingFetch = {
    requestId,
    voter,
    fetchOffset: request.fetchOffset,
    highWatermark: request.highWatermark,
    deadlineMs: nowMs + Math.min(request.maxWaitMs, raft.config.fetchMaxWaitMs),
  }
  if (request.maxWaitMs <= 0 || hasNews(raft, fetch)) answerRecords(raft, fetch)
  else role.waiting.push(fetch)
}

/** Nobody has a record of an epoch that is later than the latest that it knows of. */
function isPossible({ leaderEpoch, fetchOffset, lastEpoch, maxWaitMs }: FetchRequest): boolean {
  if (fetchOffset < 0n || lastEpoch < 0 || maxWaitMs < 0) return false
  return leaderEpoch < 0 || lastEpoch <= leaderEpoch
}

function leaderError(raft: RaftState, leaderEpoch: number): RaftError {
  if (leaderEpoch >= 0 && leaderEpoch < raft.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (leaderEpoch > raft.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  return raft.role.type === 'leader' ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER'
}

/** What a replica must do first whose log is not a beginning of this one; null where it is. */
function placeElsewhere(raft: RaftState, request: FetchRequest): FetchAnswer['found'] {
  const { log } = raft
  const { fetchOffset, lastEpoch } = request
  const { earliestSnapshot, latestSnapshot } = log
  // As Kafka: whoever has nothing is sooner done with a snapshot than with what it stands for.
  if (fetchOffset === 0n && latestSnapshot !== null)
    return { type: 'snapshot', snapshot: latestSnapshot }
  if (log.startOffset === 0n && fetchOffset === 0n) return null
  if (earliestSnapshot !== null && latestSnapshot !== null) {
    const isTooOld =
      fetchOffset < log.startOffset ||
      (fetchOffset === log.startOffset && lastEpoch !== earliestSnapshot.leaderEpoch) ||
      lastEpoch < earliestSnapshot.leaderEpoch
    if (isTooOld) return { type: 'snapshot', snapshot: latestSnapshot }
  }
  const place = log.endOfEpoch(lastEpoch)
  if (place.leaderEpoch === lastEpoch && place.endOffset >= fetchOffset) return null
  return { type: 'diverging', place }
}

function noteFetch(raft: RaftState, role: Leader, request: FetchRequest, nowMs: number): void {
  const { replica } = request
  if (isVoter(raft.log.voters, replica) && replica.id !== raft.local.id) {
    const progress = role.replicas.get(replica.id) ?? newProgress(replica)
    role.replicas.set(replica.id, progress)
    moveProgress(raft, progress, request, nowMs)
    noteVoterAlive(raft, role, replica.id, nowMs)
    advanceHighWatermark(raft)
    return
  }
  if (replica.id < 0) return
  const observer = role.observers.get(replica.id)
  const progress = observer ?? newProgress(replica)
  role.observers.set(replica.id, progress)
  moveProgress(raft, progress, request, nowMs)
}

function moveProgress(
  raft: RaftState,
  progress: ReplicaProgress,
  { replica, fetchOffset }: FetchRequest,
  nowMs: number,
): void {
  const { endOffset } = raft.log
  if (fetchOffset >= endOffset) progress.lastCaughtUpMs = nowMs
  else if (fetchOffset >= progress.leaderEndOffsetAtFetch)
    progress.lastCaughtUpMs = Math.max(progress.lastCaughtUpMs, progress.lastFetchMs)
  if (replica.directoryId !== null) progress.key = replica
  // A voter that lost its disk comes back with less; what it had then is no longer there.
  progress.endOffset = fetchOffset
  progress.lastFetchMs = nowMs
  progress.leaderEndOffsetAtFetch = endOffset
}

/** A majority that fetches keeps the leader in office (check-quorum). */
function noteVoterAlive(raft: RaftState, role: Leader, id: number, nowMs: number): void {
  role.announceAtMs.set(id, nowMs + raft.config.fetchTimeoutMs / 2)
  role.fetchedVoters.add(id)
  const voters = raft.log.voters
  const fetched = [...role.fetchedVoters].filter(each => voters.has(each)).length
  const itself = voters.has(raft.local.id) ? 1 : 0
  if (fetched + itself < majorityOf(voters)) return
  role.fetchedVoters.clear()
  role.deadlineMs = nowMs + 1.5 * raft.config.fetchTimeoutMs
}

export function advanceHighWatermark(raft: RaftState): void {
  const { role, log, local } = raft
  assert(role.type === 'leader', 'the leader commits')
  const ends = [...log.voters.keys()].map(id =>
    id === local.id ? log.endOffset : (role.replicas.get(id)?.endOffset ?? -1n),
  )
  ends.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))
  const candidate = ends[majorityOf(log.voters) - 1] ?? -1n
  // What an earlier leader wrote is committed by a record of this epoch, and not by itself.
  if (candidate <= role.epochStartOffset) return
  if (raft.highWatermark !== null && candidate <= raft.highWatermark) return
  raft.highWatermark = candidate
  raft.effects.push({ type: 'committed', highWatermark: candidate })
  answerReady(raft, role)
}

/**
 * From here on others vote (KIP-853). One change at a time, and by one voter, is what keeps any
 * old and new majority in touch; whoever asks for the change sees to that.
 */
export function changeVoters(raft: RaftState, voters: VoterSet, nowMs: number): void {
  const { role, log, leaderEpoch, config, local } = raft
  assert(role.type === 'leader', 'the leader changes the voters')
  log.appendVoters(voters, { leaderEpoch, nowMs })
  for (const { id, directoryId } of voters.values()) {
    if (id === local.id) continue
    const progress = role.replicas.get(id) ?? role.observers.get(id)
    role.replicas.set(id, progress ?? newProgress({ id, directoryId }))
    role.observers.delete(id)
  }
  for (const id of role.replicas.keys()) if (!voters.has(id)) role.replicas.delete(id)
  role.deadlineMs = otherVoters(raft).length === 0 ? Infinity : nowMs + 1.5 * config.fetchTimeoutMs
  logGrew(raft)
}

/** The leader's log has grown. */
export function logGrew(raft: RaftState): void {
  const { role } = raft
  if (role.type !== 'leader') return
  advanceHighWatermark(raft)
  answerReady(raft, role)
}

function answerReady(raft: RaftState, role: Leader): void {
  const ready = role.waiting.filter(fetch => hasNews(raft, fetch))
  if (ready.length === 0) return
  role.waiting = role.waiting.filter(fetch => !ready.includes(fetch))
  for (const fetch of ready) answerRecords(raft, fetch)
}

function hasNews(raft: RaftState, fetch: WaitingFetch): boolean {
  if (fetch.fetchOffset < readableEnd(raft, fetch)) return true
  const { highWatermark } = raft
  return (
    highWatermark !== null && fetch.highWatermark !== null && fetch.highWatermark < highWatermark
  )
}

/** Observers act on what they read, so they are given what is committed. */
function readableEnd({ log, highWatermark }: RaftState, { voter }: WaitingFetch): bigint {
  return voter ? log.endOffset : (highWatermark ?? 0n)
}

function answerRecords(raft: RaftState, fetch: WaitingFetch): void {
  raft.effects.push({
    type: 'answer-records',
    requestId: fetch.requestId,
    fetchOffset: fetch.fetchOffset,
    upToOffset: readableEnd(raft, fetch),
    highWatermark: raft.highWatermark ?? -1n,
    leaderEpoch: raft.leaderEpoch,
    leaderId: raft.local.id,
  })
}

function answerFetch(
  raft: RaftState,
  requestId: number,
  error: RaftError,
  found: FetchAnswer['found'],
): void {
  const { leaderEpoch, leaderId } = raft
  const answer: FetchAnswer = { type: 'fetch', error, leaderEpoch, leaderId, found }
  raft.effects.push({ type: 'answer', requestId, answer })
}

/** Whoever waits at a leader that leads no more shall look for the next one. */
export function refuseWaiting(raft: RaftState, before: Leader): void {
  for (const { requestId } of before.waiting)
    answerFetch(raft, requestId, 'NOT_LEADER_OR_FOLLOWER', null)
  before.waiting = []
}

/** The asker is gone. */
export function forgetFetch({ role }: RaftState, requestId: number): void {
  if (role.type === 'leader')
    role.waiting = role.waiting.filter(fetch => fetch.requestId !== requestId)
}

export function handleFetchSnapshot(
  raft: RaftState,
  request: FetchSnapshotRequest,
  requestId: number,
  nowMs: number,
): void {
  const { leaderEpoch, leaderId, role, local, log } = raft
  const error = leaderError(raft, request.leaderEpoch)
  if (error !== 'NONE' || role.type !== 'leader') {
    const common = { error, leaderEpoch, leaderId }
    const answer: FetchSnapshotAnswer = { type: 'fetch-snapshot', ...common, part: null }
    raft.effects.push({ type: 'answer', requestId, answer })
    return
  }
  // One that reads a snapshot is alive, and counts for the majority.
  if (isVoter(log.voters, request.replica) && request.replica.id !== local.id)
    noteVoterAlive(raft, role, request.replica.id, nowMs)
  const { snapshot, position } = request
  raft.effects.push({
    type: 'answer-snapshot-part',
    requestId,
    snapshot,
    position,
    leaderEpoch,
    leaderId: local.id,
  })
}

/** Tells voters that do not fetch who leads. */
export function announce(raft: RaftState, role: Leader, nowMs: number): void {
  const { leaderEpoch, local } = raft
  for (const id of otherVoters(raft)) {
    if ((role.announceAtMs.get(id) ?? nowMs) > nowMs || !isFree(raft, id, nowMs)) continue
    role.announceAtMs.set(id, nowMs + raft.config.fetchTimeoutMs / 2)
    send(raft, id, { type: 'begin-quorum-epoch', leaderEpoch, leaderId: local.id })
  }
}

export function answerOverdue(raft: RaftState, role: Leader, nowMs: number): void {
  const due = role.waiting.filter(({ deadlineMs }) => nowMs >= deadlineMs)
  if (due.length === 0) return
  role.waiting = role.waiting.filter(({ deadlineMs }) => nowMs < deadlineMs)
  for (const fetch of due) answerRecords(raft, fetch)
}

export function forgetSilentObservers(role: Leader, nowMs: number): void {
  for (const [id, { lastFetchMs }] of role.observers)
    if (nowMs - lastFetchMs > OBSERVER_SESSION_MS) role.observers.delete(id)
}

export function nextLeaderDeadlineMs(role: Leader): number {
  let next = role.deadlineMs
  for (const { deadlineMs } of role.waiting) next = Math.min(next, deadlineMs)
  return next
}
