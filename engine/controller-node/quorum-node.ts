/**
 * Drives the quorum's state machine: gives it time, requests and answers, and carries out what it
 * says, in order. What must be durable first already is when an effect comes out.
 */
import type { Clock } from '../ports/clock.ts'
import type { RaftAnswer, RaftRequest } from '../raft/raft-messages.ts'
import type { RaftEffect } from '../raft/raft-state.ts'
import type { Raft, RaftEvent } from '../raft/raft.ts'
import { assertNever } from '../support/assert.ts'
import type { MetadataLog } from './metadata-log.ts'
import { SNAPSHOT_PART_BYTES_MAX } from './quorum-messages.ts'
import type { QuorumPeers } from './quorum-peers.ts'

/** A voter that hangs must not hold up a stop. */
const FAREWELL_MAX_MS = 2_000

export interface QuorumEvents {
  readonly elected: () => void
  readonly deposed: () => void
  readonly committed: () => void
  readonly snapshotInstalled: () => void
  readonly leaderChanged: () => void
}

export class QuorumNode {
  readonly raft: Raft
  readonly log: MetadataLog
  readonly #peers: QuorumPeers
  readonly #clock: Clock
  readonly #events: QuorumEvents
  readonly #fetchBytesMax: number
  readonly #asked = new Map<number, (answer: RaftAnswer) => void>()
  readonly #effects: RaftEffect[] = []
  #draining = false
  #nextRequestId = 0
  #cancelTimer: () => void = () => {}
  #closed = false
  #onFarewell: (() => void) | null = null

  constructor(options: {
    readonly raft: Raft
    readonly log: MetadataLog
    readonly peers: QuorumPeers
    readonly clock: Clock
    readonly events: QuorumEvents
    /** `controller.quorum.fetch.max.bytes` */
    readonly fetchBytesMax: number
  }) {
    this.raft = options.raft
    this.log = options.log
    this.#peers = options.peers
    this.#clock = options.clock
    this.#events = options.events
    this.#fetchBytesMax = options.fetchBytesMax
  }

  /** Settles with the answer to another node's request. `onGone` is called when nobody waits. */
  ask(request: RaftRequest): { readonly answer: Promise<RaftAnswer>; readonly giveUp: () => void } {
    const requestId = this.#nextRequestId++
    const answer = new Promise<RaftAnswer>(resolve => this.#asked.set(requestId, resolve))
    this.step({ type: 'asked', requestId, request })
    const giveUp = () => {
      if (this.#asked.delete(requestId)) this.step({ type: 'asker-gone', requestId })
    }
    return { answer, giveUp }
  }

  /** As leader, writes decisions, all durable when it returns, and has them replicated. */
  append(decisions: readonly (readonly Uint8Array[])[]): void {
    const nowMs = this.#clock.nowMs()
    this.log.append(decisions, { leaderEpoch: this.raft.leaderEpoch, nowMs })
    this.step({ type: 'appended' })
  }

  step(event: RaftEvent): void {
    if (this.#closed) return
    this.#effects.push(...this.raft.step(event, this.#clock.nowMs()))
    this.#drain()
    if (this.#onFarewell !== null && this.#isFarewellSaid()) this.#onFarewell()
    this.#schedule()
  }

  /**
   * Leaves the leadership, where it has it, and tells the other voters, so that they need not find
   * out. Settles when each was told or could not be reached.
   */
  async resign(): Promise<void> {
    this.step({ type: 'resign' })
    if (this.#isFarewellSaid()) return
    await new Promise<void>(resolve => {
      const cancel = this.#clock.at(this.#clock.nowMs() + FAREWELL_MAX_MS, resolve)
      this.#onFarewell = () => {
        cancel()
        resolve()
      }
    })
    this.#onFarewell = null
  }

  #isFarewellSaid(): boolean {
    const { role, state } = this.raft
    if (role.type !== 'resigned') return true
    return [...role.untold].every(id => (state.peers.get(id)?.failures ?? 0) > 0)
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer()
    this.#peers.close()
  }

  /** What an effect leads to may step again; its effects come after those that wait already. */
  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    try {
      for (;;) {
        const effect = this.#effects.shift()
        if (effect === undefined) break
        this.#carryOut(effect)
      }
    } finally {
      this.#draining = false
    }
  }

  #carryOut(effect: RaftEffect): void {
    switch (effect.type) {
      case 'send':
        void this.#send(effect)
        return
      case 'answer':
        this.#answer(effect.requestId, effect.answer)
        return
      case 'answer-records':
        this.#answerRecords(effect)
        return
      case 'answer-snapshot-part':
        this.#answerSnapshotPart(effect)
        return
      case 'committed':
        this.#events.committed()
        return
      case 'leader-changed':
        this.#events.leaderChanged()
        return
      case 'elected':
        this.#events.elected()
        return
      case 'deposed':
        this.#events.deposed()
        return
      case 'snapshot-installed':
        this.#events.snapshotInstalled()
        return
      default:
        assertNever(effect)
    }
  }

  async #send({ to, id, request }: Extract<RaftEffect, { type: 'send' }>): Promise<void> {
    const answer = await this.#peers.ask(to, request)
    if (answer === null) this.step({ type: 'unanswered', from: to, id })
    else this.step({ type: 'answered', from: to, id, answer })
  }

  #answer(requestId: number, answer: RaftAnswer): void {
    const resolve = this.#asked.get(requestId)
    this.#asked.delete(requestId)
    resolve?.(answer)
  }

  #answerRecords(effect: Extract<RaftEffect, { type: 'answer-records' }>): void {
    const { requestId, fetchOffset, upToOffset, highWatermark, leaderEpoch, leaderId } = effect
    const { startOffset, latestSnapshot } = this.log
    const common = { type: 'fetch', error: 'NONE', leaderEpoch, leaderId } as const
    // While the fetch waited, a snapshot may have taken the place of what it asks for.
    if (fetchOffset < startOffset && latestSnapshot !== null) {
      const found = { type: 'snapshot', snapshot: latestSnapshot } as const
      this.#answer(requestId, { ...common, found })
      return
    }
    const batches = this.log.read(fetchOffset, upToOffset, this.#fetchBytesMax)
    this.#answer(requestId, { ...common, found: { type: 'records', batches, highWatermark } })
  }

  #answerSnapshotPart(effect: Extract<RaftEffect, { type: 'answer-snapshot-part' }>): void {
    const { requestId, snapshot, position, leaderEpoch, leaderId } = effect
    const { snapshots } = this.log
    const common = { type: 'fetch-snapshot' as const, leaderEpoch, leaderId }
    if (!snapshots.has(snapshot)) {
      this.#answer(requestId, { ...common, error: 'SNAPSHOT_NOT_FOUND', part: null })
      return
    }
    const sizeBytes = BigInt(snapshots.sizeBytes(snapshot))
    if (position < 0n || position >= sizeBytes) {
      this.#answer(requestId, { ...common, error: 'POSITION_OUT_OF_RANGE', part: null })
      return
    }
    const bytes = snapshots.readPart(snapshot, position, SNAPSHOT_PART_BYTES_MAX)
    const part = { sizeBytes, position, bytes }
    this.#answer(requestId, { ...common, error: 'NONE', part })
  }

  #schedule(): void {
    this.#cancelTimer()
    this.#cancelTimer = () => {}
    if (this.#closed) return
    const deadlineMs = this.raft.nextDeadlineMs()
    if (deadlineMs === null) return
    this.#cancelTimer = this.#clock.at(deadlineMs, () => this.step({ type: 'tick' }))
  }
}
