/**
 * Some nodes of a quorum, a network that loses, delays and cuts, and a clock: one thread, one seed.
 * What every node says is checked after each event against rules that are written apart from it.
 */
import { expect } from 'vitest'
import type { FetchRequest, RaftAnswer } from '../../../engine/raft/raft-messages.ts'
import { Raft, type RaftEvent } from '../../../engine/raft/raft.ts'
import { defaultRaftConfig, type RaftEffect } from '../../../engine/raft/raft-state.ts'
import { fixedVoters } from '../../../engine/raft/voter-set.ts'
import { SeededRandom } from '../../simulation/seeded-random.ts'
import {
  MemoryElectionStore,
  MemoryRaftLog,
  type Entry,
  type PlantedBug,
} from './memory-raft-log.ts'

const FETCH_ENTRIES_MAX = 5
const SNAPSHOT_PART_BYTES = 97

export interface WorldOptions {
  readonly seed: string
  readonly voters: number
  readonly observers?: number
  readonly logBug?: PlantedBug | null
  readonly firstElectionMs?: (id: number) => number
}

export interface Node {
  readonly id: number
  readonly log: MemoryRaftLog
  readonly store: MemoryElectionStore
  raft: Raft | null
  /** Grows with each life: messages of an earlier one are lost. */
  life: number
}

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

export class RaftWorld {
  nowMs = 0
  readonly nodes: Node[] = []
  readonly random: SeededRandom
  /** Entries that some node has called committed. */
  readonly committed: Entry[] = []
  readonly leaders = new Map<number, number>()
  lossChance = 0
  latencyMs = 5
  /** Pairs that do not reach each other, as `a>b`. */
  readonly cut = new Set<string>()
  readonly #options: WorldOptions
  readonly #queue: Due[] = []
  #order = 0
  #requestId = 0
  readonly #highWatermarks = new Map<Node, bigint>()
  readonly #asked = new Map<number, (answer: RaftAnswer | RaftEffect) => void>()

  constructor(options: WorldOptions) {
    this.#options = options
    this.random = new SeededRandom(options.seed)
    const voters = fixedVoters(Array.from({ length: options.voters }, (_, id) => id))
    for (let id = 0; id < options.voters + (options.observers ?? 0); id++) {
      const log = new MemoryRaftLog(voters, options.logBug ?? null)
      const store = new MemoryElectionStore(options.logBug ?? null)
      this.nodes.push({ id, log, store, raft: null, life: 0 })
    }
    for (const node of this.nodes) this.start(node)
  }

  start(node: Node): void {
    if (node.raft !== null) return
    node.life++
    const firstElectionMs = this.#options.firstElectionMs?.(node.id)
    node.raft = new Raft({
      local: { id: node.id, directoryId: null },
      log: node.log,
      store: node.store,
      config: defaultRaftConfig,
      random: this.random,
      nowMs: this.nowMs,
      ...(firstElectionMs === undefined ? {} : { firstElectionMs }),
    })
    this.#highWatermarks.delete(node)
    this.step(node, { type: 'nodes-known', ids: this.nodes.map(({ id }) => id) })
  }

  crash(node: Node): void {
    node.raft = null
    node.life++
    node.log.crash()
  }

  step(node: Node, event: RaftEvent): void {
    const { raft } = node
    if (raft === null) return
    const effects = raft.step(event, this.nowMs)
    for (const effect of effects) this.#carryOut(node, effect)
    this.#checkNode(node)
    this.#wakeAtDeadline(node)
  }

  /** Appends at a node that leads; says whether it did. */
  append(node: Node, value: string): boolean {
    if (node.raft?.leads !== true) return false
    node.log.append(node.raft.leaderEpoch, value)
    this.step(node, { type: 'appended' })
    return true
  }

  get leader(): Node | null {
    const leading = this.nodes.filter(({ raft }) => raft?.leads === true)
    return leading.toSorted((a, b) => b.raft!.leaderEpoch - a.raft!.leaderEpoch)[0] ?? null
  }

  run(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const next = this.#queue[0]
      if (next === undefined || next.atMs > untilMs) break
      this.#queue.shift()
      this.nowMs = next.atMs
      next.run()
    }
    this.nowMs = untilMs
  }

  heal(): void {
    this.cut.clear()
    this.lossChance = 0
    this.latencyMs = 5
    for (const node of this.nodes) this.start(node)
  }

  /** Two logs that have a record of one epoch at one offset are equal up to it. */
  checkLogsMatch(): void {
    for (const a of this.nodes)
      for (const b of this.nodes) {
        if (a.id >= b.id) continue
        const [left, right] = [a.log.all, b.log.all]
        const length = Math.min(left.length, right.length)
        let last = length - 1
        while (last >= 0 && left[last]!.leaderEpoch !== right[last]!.leaderEpoch) last--
        expectSame(left, right, last + 1, 'logs with a record in common are equal up to it')
      }
  }

  #at(atMs: number, run: () => void): void {
    const due = { atMs, order: this.#order++, run }
    const index = this.#queue.findIndex(
      each => each.atMs > atMs || (each.atMs === atMs && each.order > due.order),
    )
    if (index < 0) this.#queue.push(due)
    else this.#queue.splice(index, 0, due)
  }

  #wakeAtDeadline(node: Node): void {
    const { raft, life } = node
    const deadlineMs = raft?.nextDeadlineMs() ?? null
    if (deadlineMs === null) return
    expect(deadlineMs, `node ${node.id} has nothing left to do now`).toBeGreaterThan(this.nowMs)
    this.#at(deadlineMs, () => {
      if (node.life === life && node.raft?.nextDeadlineMs() === deadlineMs)
        this.step(node, { type: 'tick' })
    })
  }

  #carryOut(node: Node, effect: RaftEffect): void {
    switch (effect.type) {
      case 'send':
        this.#send(node, effect)
        return
      case 'answer':
        this.#asked.get(effect.requestId)?.(effect.answer)
        this.#asked.delete(effect.requestId)
        return
      case 'answer-records':
      case 'answer-snapshot-part':
        this.#asked.get(effect.requestId)?.(effect)
        this.#asked.delete(effect.requestId)
        return
      case 'elected': {
        const { leaderEpoch } = effect
        const other = this.leaders.get(leaderEpoch)
        expect(other ?? node.id, `epoch ${leaderEpoch} has one leader`).toBe(node.id)
        this.leaders.set(leaderEpoch, node.id)
        const all = node.log.all
        expectSame(all, this.committed, this.committed.length, 'a leader has all that is committed')
        return
      }
      case 'committed': {
        const all = node.log.all.slice(0, Number(effect.highWatermark))
        expect(BigInt(all.length), 'what is committed is there').toBe(effect.highWatermark)
        const common = Math.min(all.length, this.committed.length)
        expectSame(all, this.committed, common, 'what is committed stays')
        this.committed.push(...all.slice(common))
        return
      }
      default:
    }
  }

  #send(from: Node, effect: Extract<RaftEffect, { type: 'send' }>): void {
    const { to, id, request } = effect
    const target = this.nodes[to]!
    const { life } = from
    const fail = () =>
      this.#at(this.nowMs + this.latencyMs, () => {
        if (from.life === life) this.step(from, { type: 'unanswered', from: to, id })
      })
    const deliverAnswer = (answer: RaftAnswer) => {
      if (this.#lost(to, from.id)) return fail()
      this.#at(this.nowMs + this.#delayMs(), () => {
        if (from.life === life) this.step(from, { type: 'answered', from: to, id, answer })
      })
    }
    if (this.#lost(from.id, to)) return fail()
    this.#at(this.nowMs + this.#delayMs(), () => {
      if (target.raft === null) return fail()
      const requestId = this.#requestId++
      this.#asked.set(requestId, answer => deliverAnswer(this.#answerOf(target, request, answer)))
      this.step(target, { type: 'asked', requestId, request })
    })
  }

  #answerOf(node: Node, request: unknown, given: RaftAnswer | RaftEffect): RaftAnswer {
    const { log } = node
    if (given.type === 'answer-records') {
      const { leaderEpoch, leaderId, highWatermark, fetchOffset, upToOffset } = given
      const { replica } = request as FetchRequest
      expect(replica.id).not.toBe(node.id)
      const batches = log.read(fetchOffset, upToOffset, FETCH_ENTRIES_MAX)
      const found = { type: 'records' as const, batches, highWatermark }
      return { type: 'fetch', error: 'NONE', leaderEpoch, leaderId, found }
    }
    if (given.type === 'answer-snapshot-part') {
      const { leaderEpoch, leaderId, snapshot, position } = given
      const common = { type: 'fetch-snapshot' as const, leaderEpoch, leaderId }
      if (log.latestSnapshot?.endOffset !== snapshot.endOffset)
        return { ...common, error: 'SNAPSHOT_NOT_FOUND', part: null }
      const bytes = log.snapshotBytes()
      const start = Number(position)
      const part = {
        sizeBytes: BigInt(bytes.length),
        position,
        bytes: bytes.subarray(start, start + SNAPSHOT_PART_BYTES),
      }
      return { ...common, error: 'NONE', part }
    }
    return given as RaftAnswer
  }

  #lost(from: number, to: number): boolean {
    return this.cut.has(`${from}>${to}`) || this.random.chance(this.lossChance)
  }

  #delayMs(): number {
    return 1 + this.random.integer(Math.max(1, this.latencyMs))
  }

  #checkNode(node: Node): void {
    const highWatermark = node.raft?.highWatermark ?? null
    if (highWatermark === null) return
    const before = this.#highWatermarks.get(node) ?? 0n
    expect(highWatermark, 'the high watermark never goes back').toBeGreaterThanOrEqual(before)
    this.#highWatermarks.set(node, highWatermark)
  }
}

/** By hand: thousands of these are compared, and only a difference is worth a picture. */
function expectSame(a: readonly Entry[], b: readonly Entry[], count: number, rule: string): void {
  for (let index = 0; index < count; index++) {
    const [left, right] = [a[index], b[index]]
    if (left?.leaderEpoch === right?.leaderEpoch && left?.value === right?.value) continue
    expect(left, `${rule}: entry ${index}`).toEqual(right)
  }
}
