/**
 * The follower's side: it fetches from the leader, cuts off what the leader has not, takes a
 * snapshot where the leader has no older records, and knows how far all is committed.
 */
import { assert } from '../support/assert.ts'
import type { LogPlace } from './raft-log.ts'
import type {
  BeginQuorumEpochRequest,
  EndQuorumEpochRequest,
  EpochAnswer,
  FetchAnswer,
  FetchSnapshotAnswer,
  RaftError,
} from './raft-messages.ts'
import { isFree, send, votes, type Follower, type RaftState } from './raft-state.ts'
import { becomeFollower, becomeUnattached } from './transitions.ts'

/**
 * Takes what an answer or a request says about the leader. An epoch that is not known yet is
 * entered, whatever else the message was about.
 */
export function learn(
  raft: RaftState,
  known: { readonly leaderEpoch: number; readonly leaderId: number | null },
  nowMs: number,
): void {
  const { leaderEpoch, leaderId } = known
  if (leaderEpoch < raft.leaderEpoch) return
  const isElsewhere = leaderId !== null && leaderId !== raft.local.id
  if (isElsewhere && (leaderEpoch > raft.leaderEpoch || lacksLeader(raft)))
    becomeFollower(raft, { leaderEpoch, leaderId }, nowMs)
  else if (leaderEpoch > raft.leaderEpoch) becomeUnattached(raft, leaderEpoch, nowMs)
}

function lacksLeader({ role, leaderId }: RaftState): boolean {
  if (role.type === 'unattached') return true
  // One that stands although it knows the leader has lost it, and tries the others first.
  return (role.type === 'prospective' || role.type === 'candidate') && leaderId === null
}

export function handleBeginQuorumEpoch(
  raft: RaftState,
  request: BeginQuorumEpochRequest,
  nowMs: number,
): EpochAnswer {
  const { leaderEpoch, leaderId } = request
  if (leaderEpoch < raft.leaderEpoch)
    return epochAnswer(raft, 'begin-quorum-epoch', 'FENCED_LEADER_EPOCH')
  if (!mayLead(raft, request)) return epochAnswer(raft, 'begin-quorum-epoch', 'INVALID_REQUEST')
  const isNews = leaderEpoch > raft.leaderEpoch || raft.role.type !== 'follower'
  if (isNews && leaderId !== raft.local.id) becomeFollower(raft, { leaderEpoch, leaderId }, nowMs)
  return epochAnswer(raft, 'begin-quorum-epoch', 'NONE')
}

/**
 * An epoch has one leader, and whoever leads knows. Apache Kafka's controller ends when it is told
 * otherwise; a request from wherever is no reason to.
 */
function mayLead(
  { leaderId: known, leaderEpoch: current, local, role }: RaftState,
  { leaderId, leaderEpoch }: { readonly leaderId: number; readonly leaderEpoch: number },
): boolean {
  if (leaderId < 0) return false
  if (leaderId === local.id) return leaderEpoch === current && role.type === 'leader'
  return leaderEpoch > current || known === null || known === leaderId
}

/** The leader resigned: its successors stand one after another, the best at once. */
export function handleEndQuorumEpoch(
  raft: RaftState,
  request: EndQuorumEpochRequest,
  nowMs: number,
): EpochAnswer {
  if (request.leaderEpoch < raft.leaderEpoch)
    return epochAnswer(raft, 'end-quorum-epoch', 'FENCED_LEADER_EPOCH')
  if (!mayLead(raft, request)) return epochAnswer(raft, 'end-quorum-epoch', 'INVALID_REQUEST')
  learn(raft, request, nowMs)
  const { role } = raft
  if (votes(raft) && (role.type === 'follower' || role.type === 'unattached')) {
    role.deadlineMs = Math.min(role.deadlineMs, nowMs + successionDelayMs(raft, request.successors))
    if (role.type === 'follower') {
      role.heardFromLeader = false
      role.leaderHasResigned = true
    }
  }
  return epochAnswer(raft, 'end-quorum-epoch', 'NONE')
}

/** As Kafka spaces them out: nothing for the first, then doubling up to the largest backoff. */
function successionDelayMs({ local, config }: RaftState, successors: readonly number[]): number {
  const position = successors.indexOf(local.id)
  if (position === 0) return 0
  const rank = position < 0 ? successors.length : position
  const baseMs = config.electionBackoffMaxMs >> Math.max(0, successors.length - 1)
  return Math.min(config.electionBackoffMaxMs, baseMs << Math.max(0, rank - 1))
}

function epochAnswer(raft: RaftState, type: EpochAnswer['type'], error: RaftError): EpochAnswer {
  const { leaderEpoch, leaderId } = raft
  return { type, error, leaderEpoch, leaderId }
}

export function fetchFromLeader(raft: RaftState, role: Follower, nowMs: number): void {
  if (!isFree(raft, role.leaderId, nowMs)) return
  const { leaderEpoch, local } = raft
  if (role.installing === null) {
    sendFetch(raft, role.leaderId, raft.config.fetchMaxWaitMs)
    return
  }
  const { snapshot, position } = role.installing
  send(raft, role.leaderId, {
    type: 'fetch-snapshot',
    replica: local,
    leaderEpoch,
    snapshot,
    position,
  })
}

/** Asks any other node, in turn, who leads; one at a time. */
export function lookForLeader(raft: RaftState, nowMs: number): void {
  if (looksForLeader(raft)) return
  const others = raft.bootstrap.filter(id => id !== raft.local.id)
  for (let turn = 0; turn < others.length; turn++) {
    const to = others[(raft.nextBootstrap + turn) % others.length]!
    if (!isFree(raft, to, nowMs)) continue
    sendFetch(raft, to, 0)
    return
  }
}

export function looksForLeader({ peers }: RaftState): boolean {
  return [...peers.values()].some(({ inFlight }) => inFlight !== null)
}

function sendFetch(raft: RaftState, to: number, maxWaitMs: number): void {
  const { log, local, leaderEpoch } = raft
  send(raft, to, {
    type: 'fetch',
    replica: local,
    leaderEpoch,
    fetchOffset: log.endOffset,
    lastEpoch: log.latestEpoch,
    highWatermark: raft.highWatermark ?? -1n,
    maxWaitMs,
  })
}

export function takeFetched(
  raft: RaftState,
  role: Follower,
  answer: FetchAnswer,
  nowMs: number,
): void {
  const { found } = answer
  if (answer.error !== 'NONE' || found === null) return
  heardFromLeader(raft, role, nowMs)
  switch (found.type) {
    case 'records':
      if (found.batches.length > 0) raft.log.appendFetched(found.batches, { nowMs })
      followHighWatermark(raft, found.highWatermark)
      return
    case 'diverging':
      truncateToLeader(raft, found.place, nowMs)
      return
    case 'snapshot':
      role.installing = { snapshot: found.snapshot, position: 0n }
  }
}

function heardFromLeader(raft: RaftState, role: Follower, nowMs: number): void {
  if (role.leaderHasResigned) return
  role.heardFromLeader = true
  role.deadlineMs = nowMs + raft.config.fetchTimeoutMs
}

function followHighWatermark(raft: RaftState, leaderHighWatermark: bigint): void {
  const { endOffset } = raft.log
  const highWatermark = leaderHighWatermark < endOffset ? leaderHighWatermark : endOffset
  if (highWatermark < 0n) return
  if (raft.highWatermark !== null && highWatermark <= raft.highWatermark) return
  raft.highWatermark = highWatermark
  raft.effects.push({ type: 'committed', highWatermark })
}

/** Down to where both logs have the same epoch, which may take several rounds. */
function truncateToLeader(raft: RaftState, place: LogPlace, nowMs: number): void {
  const { log } = raft
  const own = log.endOfEpoch(place.leaderEpoch)
  const endOffset =
    own.leaderEpoch === place.leaderEpoch && place.endOffset < own.endOffset
      ? place.endOffset
      : own.endOffset
  assert(
    raft.highWatermark === null || endOffset >= raft.highWatermark,
    `what is committed stays: ${raft.highWatermark} is, and the leader has ${endOffset}`,
  )
  log.truncateTo(endOffset, { nowMs })
}

export function takeSnapshotPart(
  raft: RaftState,
  role: Follower,
  answer: FetchSnapshotAnswer,
  nowMs: number,
): void {
  const { installing } = role
  if (installing === null) return
  const { part } = answer
  if (answer.error !== 'NONE' || part === null || part.position !== installing.position) {
    // It is gone, or was read anew: the next fetch names the snapshot to take.
    role.installing = null
    return
  }
  heardFromLeader(raft, role, nowMs)
  const { snapshot } = installing
  raft.log.writeSnapshotPart(snapshot, part.position, part.bytes)
  installing.position += BigInt(part.bytes.length)
  if (installing.position < part.sizeBytes) return
  role.installing = null
  raft.log.finishSnapshot(snapshot, { nowMs })
  raft.effects.push({ type: 'snapshot-installed', snapshot })
  followHighWatermark(raft, snapshot.endOffset)
}
