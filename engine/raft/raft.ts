/**
 * One node of the quorum that keeps the metadata log: KRaft's Raft, in which followers fetch.
 *
 * Events come in with their time, effects go out, and the log and the election state are written
 * through what was handed in, durably, before an effect that depends on them. It knows no clock,
 * no socket and no file; whoever drives it sends what it says and answers what it answers.
 */
import { assertNever } from '../support/assert.ts'
import type { Random } from '../ports/random.ts'
import {
  fetchFromLeader,
  handleBeginQuorumEpoch,
  handleEndQuorumEpoch,
  learn,
  lookForLeader,
  looksForLeader,
  takeFetched,
  takeSnapshotPart,
} from './following.ts'
import {
  announce,
  answerOverdue,
  changeVoters,
  forgetFetch,
  forgetSilentObservers,
  handleFetch,
  handleFetchSnapshot,
  logGrew,
  nextLeaderDeadlineMs,
} from './leading.ts'
import type { ElectionStore, RaftLog, ReplicaKey } from './raft-log.ts'
import type { RaftAnswer, RaftRequest } from './raft-messages.ts'
import type { VoterSet } from './voter-set.ts'
import {
  electionTimeoutMs,
  otherVoters,
  peerOf,
  votes,
  type RaftConfig,
  type RaftEffect,
  type RaftState,
  type Role,
} from './raft-state.ts'
import { endEpoch, nextTellingMs } from './resigning.ts'
import {
  becomeProspective,
  becomeResigned,
  becomeUnattached,
  resumeResigned,
} from './transitions.ts'
import { askForVotes, electionTimedOut, handleVote, takeVote } from './voting.ts'

export type RaftEvent =
  /** Time has passed. */
  | { readonly type: 'tick' }
  /** Another node asks; every request is answered once, now or later. */
  | { readonly type: 'asked'; readonly requestId: number; readonly request: RaftRequest }
  /** Whoever asked no longer waits for the answer. */
  | { readonly type: 'asker-gone'; readonly requestId: number }
  /** The answer to a request that was sent. */
  | {
      readonly type: 'answered'
      readonly from: number
      readonly id: number
      readonly answer: RaftAnswer
    }
  /** No answer will come. */
  | { readonly type: 'unanswered'; readonly from: number; readonly id: number }
  /** As leader, records were appended to the log, and are durable. */
  | { readonly type: 'appended' }
  /** As leader, others shall vote from here on; the change is committed as any record is. */
  | { readonly type: 'change-voters'; readonly voters: VoterSet }
  /** Nodes that can be asked who leads. */
  | { readonly type: 'nodes-known'; readonly ids: readonly number[] }
  /** Leave the leadership, if it is had: this node is about to stop. */
  | { readonly type: 'resign' }

export interface RaftOptions {
  readonly local: ReplicaKey
  readonly log: RaftLog
  readonly store: ElectionStore
  readonly config: RaftConfig
  readonly random: Random
  readonly nowMs: number
  /**
   * How long to wait for a leader before the first election. Kafka's is an election timeout; where
   * a whole cluster starts, an earlier one is as safe, and a pre-vote keeps it from harming.
   */
  readonly firstElectionMs?: number
}

const RETRY_BACKOFF_MAX_MS = 640

export class Raft {
  readonly #state: RaftState
  readonly #firstElectionMs: number
  #begun = false

  constructor(options: RaftOptions) {
    const { local, log, store, config, random, nowMs } = options
    const stored = store.read()
    // A log that is ahead of the stored epoch belongs to a node that lost its quorum-state.
    const isBehind = stored === null || stored.leaderEpoch < log.latestEpoch
    const election = isBehind
      ? { leaderEpoch: log.latestEpoch, leaderId: null, votedFor: null }
      : stored
    this.#state = {
      local,
      log,
      store,
      config,
      random,
      ...election,
      role: { type: 'unattached', deadlineMs: Infinity },
      highWatermark: log.latestSnapshot?.endOffset ?? null,
      failedElections: 0,
      bootstrap: [],
      nextBootstrap: 0,
      peers: new Map(),
      nextRequestId: 0,
      effects: [],
    }
    this.#firstElectionMs = options.firstElectionMs ?? electionTimeoutMs(this.#state)
    const hasVote = votes(this.#state)
    const deadlineMs = hasVote ? nowMs + this.#firstElectionMs : Infinity
    // One without a vote, as a leader is that was removed, cannot vote again: it looks for a leader.
    if (election.leaderId === local.id && hasVote) resumeResigned(this.#state, deadlineMs)
    else this.#state.role = { type: 'unattached', deadlineMs }
    this.#state.effects = []
  }

  step(event: RaftEvent, nowMs: number): readonly RaftEffect[] {
    const raft = this.#state
    raft.effects = []
    this.#take(event, nowMs)
    this.#poll(nowMs)
    return raft.effects
  }

  /** When a tick is due, or null while only the world can change anything. */
  nextDeadlineMs(): number | null {
    const { role, peers } = this.#state
    let next = role.type === 'leader' ? nextLeaderDeadlineMs(role) : role.deadlineMs
    if (role.type === 'resigned') next = Math.min(next, nextTellingMs(this.#state, role))
    for (const id of this.#wanted()) {
      const peer = peers.get(id)
      if (peer?.inFlight !== null && peer !== undefined) continue
      const announceAtMs = role.type === 'leader' ? (role.announceAtMs.get(id) ?? 0) : -Infinity
      next = Math.min(next, Math.max(peer?.retryAtMs ?? -Infinity, announceAtMs))
    }
    return next === Infinity ? null : next
  }

  get role(): Role {
    return this.#state.role
  }

  get leaderEpoch(): number {
    return this.#state.leaderEpoch
  }

  /** Whom this node follows, or itself; null while it has no leader that it knows to be one. */
  get leaderId(): number | null {
    const { role, leaderId } = this.#state
    return role.type === 'leader' || role.type === 'follower' ? leaderId : null
  }

  get leads(): boolean {
    return this.#state.role.type === 'leader'
  }

  /** Everything below it is committed; null while that is not known. */
  get highWatermark(): bigint | null {
    return this.#state.highWatermark
  }

  get votes(): boolean {
    return votes(this.#state)
  }

  /** The state itself, for looking at only. */
  get state(): RaftState {
    return this.#state
  }

  #take(event: RaftEvent, nowMs: number): void {
    const raft = this.#state
    switch (event.type) {
      case 'tick':
        return
      case 'asked':
        this.#asked(event.request, event.requestId, nowMs)
        return
      case 'asker-gone':
        forgetFetch(raft, event.requestId)
        return
      case 'answered':
        this.#answered(event, nowMs)
        return
      case 'unanswered':
        this.#unanswered(event, nowMs)
        return
      case 'appended':
        logGrew(raft)
        return
      case 'change-voters':
        changeVoters(raft, event.voters, nowMs)
        return
      case 'nodes-known':
        raft.bootstrap = event.ids
        this.#begin(nowMs)
        for (const peer of raft.peers.values()) peer.retryAtMs = -Infinity
        return
      case 'resign':
        if (raft.role.type === 'leader' && otherVoters(raft).length > 0) becomeResigned(raft, nowMs)
        return
      default:
        assertNever(event)
    }
  }

  /** Only from the first time on that others can be reached does waiting for a leader make sense. */
  #begin(nowMs: number): void {
    const { role } = this.#state
    if (this.#begun) return
    this.#begun = true
    const waits = role.type === 'unattached' || role.type === 'resigned'
    if (waits && role.deadlineMs !== Infinity) role.deadlineMs = nowMs + this.#firstElectionMs
  }

  #asked(request: RaftRequest, requestId: number, nowMs: number): void {
    const raft = this.#state
    const answer = (value: RaftAnswer) => {
      raft.effects.push({ type: 'answer', requestId, answer: value })
    }
    switch (request.type) {
      case 'vote':
        answer(handleVote(raft, request, nowMs))
        return
      case 'begin-quorum-epoch':
        answer(handleBeginQuorumEpoch(raft, request, nowMs))
        return
      case 'end-quorum-epoch':
        answer(handleEndQuorumEpoch(raft, request, nowMs))
        return
      case 'fetch':
        handleFetch(raft, request, requestId, nowMs)
        return
      case 'fetch-snapshot':
        handleFetchSnapshot(raft, request, requestId, nowMs)
        return
      default:
        assertNever(request)
    }
  }

  #answered(
    event: { readonly from: number; readonly id: number; readonly answer: RaftAnswer },
    nowMs: number,
  ): void {
    const raft = this.#state
    const { from, id, answer } = event
    const peer = peerOf(raft, from)
    const isCurrent = peer.inFlight?.id === id
    if (isCurrent) {
      peer.inFlight = null
      peer.failures = 0
      // A refusal that teaches nothing must not be asked for again at once.
      peer.retryAtMs = answer.error === 'NONE' ? -Infinity : nowMs + raft.config.retryBackoffMs
    }
    // A late answer still tells who leads.
    learn(raft, answer, nowMs)
    if (!isCurrent) return
    const { role } = raft
    const isOfEpoch = answer.leaderEpoch === raft.leaderEpoch
    switch (answer.type) {
      case 'vote':
        if (isOfEpoch && answer.error === 'NONE')
          takeVote(raft, { from, granted: answer.granted }, nowMs)
        return
      case 'begin-quorum-epoch':
        return
      case 'end-quorum-epoch':
        if (role.type === 'resigned') role.untold.delete(from)
        return
      case 'fetch':
        if (role.type === 'unattached') raft.nextBootstrap++
        if (isOfEpoch && role.type === 'follower' && role.leaderId === from)
          takeFetched(raft, role, answer, nowMs)
        return
      case 'fetch-snapshot':
        if (isOfEpoch && role.type === 'follower' && role.leaderId === from)
          takeSnapshotPart(raft, role, answer, nowMs)
        return
      default:
        assertNever(answer)
    }
  }

  #unanswered(event: { readonly from: number; readonly id: number }, nowMs: number): void {
    const raft = this.#state
    const peer = peerOf(raft, event.from)
    if (peer.inFlight?.id !== event.id) return
    peer.inFlight = null
    const backoffMs = raft.config.retryBackoffMs * 2 ** Math.min(peer.failures++, 10)
    peer.retryAtMs = nowMs + Math.min(backoffMs, RETRY_BACKOFF_MAX_MS)
    if (raft.role.type === 'unattached') raft.nextBootstrap++
  }

  /** Does what the role has to do now, until the role stays. */
  #poll(nowMs: number): void {
    const raft = this.#state
    for (;;) {
      const { role } = raft
      this.#pollRole(role, nowMs)
      if (raft.role === role) return
    }
  }

  #pollRole(role: Role, nowMs: number): void {
    const raft = this.#state
    switch (role.type) {
      case 'unattached':
        if (nowMs >= role.deadlineMs) becomeProspective(raft, nowMs)
        else lookForLeader(raft, nowMs)
        return
      case 'prospective':
      case 'candidate':
        if (nowMs >= role.deadlineMs) electionTimedOut(raft, role, nowMs)
        else askForVotes(raft, role, nowMs)
        return
      case 'follower':
        if (nowMs < role.deadlineMs) fetchFromLeader(raft, role, nowMs)
        else if (votes(raft)) becomeProspective(raft, nowMs)
        else becomeUnattached(raft, raft.leaderEpoch, nowMs)
        return
      case 'leader':
        if (nowMs >= role.deadlineMs) becomeResigned(raft, nowMs)
        else {
          announce(raft, role, nowMs)
          answerOverdue(raft, role, nowMs)
          forgetSilentObservers(role, nowMs)
        }
        return
      case 'resigned':
        if (nowMs < role.deadlineMs) endEpoch(raft, role, nowMs)
        else if (otherVoters(raft).length === 0 && votes(raft)) becomeProspective(raft, nowMs)
        // Without a vote it cannot stand, and only waits to hear of the next leader.
        else if (!votes(raft)) becomeUnattached(raft, raft.leaderEpoch, nowMs)
        // It follows nobody in this epoch, so it goes on in the next one.
        else becomeUnattached(raft, raft.leaderEpoch + 1, nowMs)
        return
      default:
        assertNever(role)
    }
  }

  /** Nodes that the role has something to ask of. */
  #wanted(): readonly number[] {
    const raft = this.#state
    const { role, bootstrap, local } = raft
    switch (role.type) {
      case 'unattached':
        return looksForLeader(raft) ? [] : bootstrap.filter(id => id !== local.id)
      case 'prospective':
      case 'candidate':
        return otherVoters(raft).filter(id => !role.votes.has(id))
      case 'follower':
        return [role.leaderId]
      case 'leader':
        return otherVoters(raft)
      case 'resigned':
        return [...role.untold].filter(id => id !== role.successors[0])
      default:
        return assertNever(role)
    }
  }
}
