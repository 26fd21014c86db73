import { describe, expect, test } from 'vitest'
import type { RaftAnswer, RaftRequest } from '../../../engine/raft/raft-messages.ts'
import { defaultRaftConfig, type RaftEffect } from '../../../engine/raft/raft-state.ts'
import { Raft } from '../../../engine/raft/raft.ts'
import { fixedVoters } from '../../../engine/raft/voter-set.ts'
import { SeededRandom } from '../../simulation/seeded-random.ts'
import { MemoryElectionStore, MemoryRaftLog, type PlantedBug } from './memory-raft-log.ts'

const { fetchTimeoutMs } = defaultRaftConfig

describe('a single voter', () => {
  test('leads at once, and has committed the record that says so', () => {
    const node = newNode({ voters: [0] })
    const effects = node.step({ type: 'tick' }, 0)
    expect(effects.map(({ type }) => type)).toContain('elected')
    expect(node.raft.leads).toBe(true)
    expect(node.raft.highWatermark).toBe(1n)
    expect(node.store.read()).toEqual({ leaderEpoch: 1, leaderId: 0, votedFor: local(0) })
  })

  test('never resigns, however long nobody fetches', () => {
    const node = newNode({ voters: [0] })
    node.step({ type: 'tick' }, 0)
    node.step({ type: 'tick' }, 10_000_000)
    expect(node.raft.leads).toBe(true)
    expect(node.raft.nextDeadlineMs()).toBe(null)
  })

  test('leads again in a later epoch after a restart', () => {
    const node = newNode({ voters: [0] })
    node.step({ type: 'tick' }, 0)
    node.restart(10)
    node.step({ type: 'tick' }, 10)
    expect(node.raft.leads).toBe(true)
    expect(node.raft.leaderEpoch).toBe(2)
  })
})

describe('a vote', () => {
  test('is given once an epoch, also by a node that was restarted in between', () => {
    const node = newNode({})
    expect(granted(node.ask(voteOf(1, 5)))).toBe(true)
    expect(granted(node.ask(voteOf(2, 5)))).toBe(false)
    node.restart(1)
    expect(granted(node.ask(voteOf(2, 5)))).toBe(false)
    expect(granted(node.ask(voteOf(1, 5)))).toBe(true)
  })

  test('is given twice where it was not made durable, which is what the test above finds', () => {
    const node = newNode({ bug: 'vote not persisted' })
    expect(granted(node.ask(voteOf(1, 5)))).toBe(true)
    node.restart(1)
    expect(granted(node.ask(voteOf(2, 5)))).toBe(true)
  })

  test('is refused to a log that lacks what the voter has', () => {
    const node = newNode({ log: [1, 1, 3] })
    expect(granted(node.ask(voteOf(1, 5, { lastEpoch: 1, endOffset: 9n })))).toBe(false)
    expect(granted(node.ask(voteOf(1, 6, { lastEpoch: 3, endOffset: 2n })))).toBe(false)
    expect(granted(node.ask(voteOf(1, 7, { lastEpoch: 3, endOffset: 3n })))).toBe(true)
  })

  test('in an epoch that is over is refused as fenced', () => {
    const node = newNode({})
    node.ask(voteOf(1, 5))
    const answer = node.ask(voteOf(2, 4))
    expect(answer).toMatchObject({ error: 'FENCED_LEADER_EPOCH', leaderEpoch: 5 })
  })

  test('before the vote is not refused to one who asks, and binds nobody', () => {
    const node = newNode({})
    expect(granted(node.ask({ ...voteOf(1, 0), preVote: true }))).toBe(true)
    expect(granted(node.ask({ ...voteOf(2, 0), preVote: true }))).toBe(true)
    expect(node.store.read()).toBe(null)
  })

  test('before the vote is refused by a follower that hears from its leader', () => {
    const node = newNode({})
    node.ask({ type: 'begin-quorum-epoch', leaderEpoch: 3, leaderId: 2 })
    node.answerFetch({ leaderEpoch: 3, leaderId: 2 })
    expect(granted(node.ask({ ...voteOf(1, 3), preVote: true }))).toBe(false)
    // It has stopped hearing, and tries itself.
    node.step({ type: 'tick' }, fetchTimeoutMs + 1)
    expect(node.raft.role.type).toBe('prospective')
    expect(granted(node.ask({ ...voteOf(1, 3), preVote: true }))).toBe(true)
  })
})

describe('a leader', () => {
  test('does not commit what an earlier leader wrote before a record of its own epoch', () => {
    const node = leading({ log: [1, 1] })
    expect(node.raft.leaderEpoch).toBe(2)
    // A majority has both old records, and not the one that begins the epoch.
    node.ask(fetchBy(1, { fetchOffset: 2n, lastEpoch: 1, leaderEpoch: 2 }))
    expect(node.raft.highWatermark).toBe(null)
    node.ask(fetchBy(1, { fetchOffset: 3n, lastEpoch: 2, leaderEpoch: 2 }))
    expect(node.raft.highWatermark).toBe(3n)
  })

  test('resigns when no majority has fetched for one and a half fetch time-outs', () => {
    const node = leading({})
    const deadlineMs = 1.5 * fetchTimeoutMs
    node.step({ type: 'tick' }, deadlineMs - 1)
    expect(node.raft.leads).toBe(true)
    const effects = node.step({ type: 'tick' }, deadlineMs)
    expect(effects.map(({ type }) => type)).toContain('deposed')
    expect(node.raft.role.type).toBe('resigned')
  })

  test('stays while one of two others fetches', () => {
    const node = leading({})
    for (let nowMs = 0; nowMs < 20_000; nowMs += 1_000) {
      node.ask(fetchBy(1, { fetchOffset: 0n, lastEpoch: 0, leaderEpoch: 1 }), nowMs)
      node.step({ type: 'tick' }, nowMs)
    }
    expect(node.raft.leads).toBe(true)
  })

  test('names to a replica whose log has parted the place where its own goes on', () => {
    const node = leading({ log: [1, 1, 4] })
    const answer = node.ask(fetchBy(1, { fetchOffset: 5n, lastEpoch: 3, leaderEpoch: 5 }))
    const place = { leaderEpoch: 1, endOffset: 2n }
    expect(answer).toMatchObject({ error: 'NONE', found: { type: 'diverging', place } })
  })

  test('gives its snapshot to who has nothing, though it has all the records too', () => {
    const node = leading({ log: [1, 1, 1] })
    const snapshot = { endOffset: 2n, leaderEpoch: 1 }
    const ask = (fetchOffset: bigint, lastEpoch: number) =>
      node.effectsOf(fetchBy(7, { fetchOffset, lastEpoch, leaderEpoch: 2, maxWaitMs: 0 }))
    expect(ask(0n, 0)).toMatchObject([{ type: 'answer-records' }])
    node.log.snapshots.push(snapshot)
    const answer = { error: 'NONE', found: { type: 'snapshot', snapshot } }
    expect(ask(0n, 0)).toMatchObject([{ type: 'answer', answer }])
    expect(ask(1n, 1)).toMatchObject([{ type: 'answer-records' }])
  })

  test('gives observers what is committed, and voters all it has', () => {
    const node = leading({})
    const voter = node.effectsOf(fetchBy(1, { fetchOffset: 0n, lastEpoch: 0, leaderEpoch: 1 }))
    expect(voter).toMatchObject([{ type: 'answer-records', upToOffset: 1n }])
    const observer = node.effectsOf(
      fetchBy(7, { fetchOffset: 0n, lastEpoch: 0, leaderEpoch: 1, maxWaitMs: 0 }),
    )
    expect(observer).toMatchObject([{ type: 'answer-records', upToOffset: 0n }])
  })

  test('that resigns names the voter that has most as its first successor', () => {
    const node = leading({ log: [1, 1] })
    node.ask(fetchBy(1, { fetchOffset: 1n, lastEpoch: 1, leaderEpoch: 2 }))
    node.ask(fetchBy(2, { fetchOffset: 2n, lastEpoch: 1, leaderEpoch: 2 }))
    const request = { type: 'end-quorum-epoch', leaderEpoch: 2, leaderId: 0, successors: [2, 1] }
    expect(sent(node.step({ type: 'resign' }, 5))).toMatchObject([{ to: 1, request }])
    // The first one stands at once, so the other must know by then.
    const { id } = node.raft.state.peers.get(1)!.inFlight!
    const answer = { type: 'end-quorum-epoch', error: 'NONE', leaderEpoch: 2, leaderId: 0 } as const
    const told = sent(node.step({ type: 'answered', from: 1, id, answer }, 6))
    expect(told).toMatchObject([{ to: 2, request }])
  })

  test('that resigns tells its first successor although another voter hangs', () => {
    const node = leading({})
    node.ask(fetchBy(2, { fetchOffset: 0n, lastEpoch: 0, leaderEpoch: 1 }))
    expect(sent(node.step({ type: 'resign' }, 5)).map(({ to }) => to)).toEqual([1])
    const deadlineMs = node.raft.nextDeadlineMs()!
    expect(sent(node.step({ type: 'tick' }, deadlineMs)).map(({ to }) => to)).toEqual([2])
    expect(deadlineMs).toBeLessThan(100)
  })
})

test('the first successor of a leader that resigned stands at once, the others later', () => {
  const first = newNode({ voters: [0, 1, 2] })
  const end = { type: 'end-quorum-epoch', leaderEpoch: 3, leaderId: 2 } as const
  first.ask({ ...end, successors: [0, 1] })
  expect(first.raft.role.type).toBe('prospective')
  const second = newNode({ voters: [0, 1, 2] })
  second.ask({ ...end, successors: [1, 0] })
  expect(second.raft.role.type).toBe('follower')
  expect(second.raft.role).toMatchObject({ deadlineMs: defaultRaftConfig.electionBackoffMaxMs / 2 })
})

function sent(effects: readonly RaftEffect[]) {
  return effects.flatMap(effect => (effect.type === 'send' ? [effect] : []))
}

function local(id: number) {
  return { id, directoryId: null }
}

function voteOf(
  id: number,
  leaderEpoch: number,
  log: { readonly lastEpoch: number; readonly endOffset: bigint } = { lastEpoch: 0, endOffset: 0n },
) {
  return { type: 'vote', leaderEpoch, candidate: local(id), ...log, preVote: false } as const
}

function fetchBy(
  id: number,
  from: {
    readonly fetchOffset: bigint
    readonly lastEpoch: number
    readonly leaderEpoch: number
    readonly maxWaitMs?: number
  },
) {
  return {
    type: 'fetch',
    replica: local(id),
    highWatermark: null,
    maxWaitMs: 500,
    ...from,
  } as const
}

function granted(answer: RaftAnswer | null): boolean {
  return answer?.type === 'vote' && answer.granted
}

/** Node 0 of a quorum, with the epochs of the records that its log begins with. */
function newNode(options: {
  readonly voters?: readonly number[]
  readonly log?: readonly number[]
  readonly bug?: PlantedBug
}) {
  const log = new MemoryRaftLog(fixedVoters(options.voters ?? [0, 1, 2]))
  for (const leaderEpoch of options.log ?? []) log.append(leaderEpoch, 'old')
  const store = new MemoryElectionStore(options.bug)
  const random = new SeededRandom('raft')
  const life = (nowMs: number) =>
    new Raft({
      local: local(0),
      log,
      store,
      config: defaultRaftConfig,
      random,
      nowMs,
      firstElectionMs: 0,
    })
  let raft = life(0)
  let requestId = 0
  const node = {
    log,
    store,
    get raft() {
      return raft
    },
    restart(nowMs: number) {
      raft = life(nowMs)
    },
    step(event: Parameters<Raft['step']>[0], nowMs: number): readonly RaftEffect[] {
      return raft.step(event, nowMs)
    },
    /** What a request has done, requests to others left out. */
    effectsOf(request: RaftRequest, nowMs = 0): readonly RaftEffect[] {
      const effects = raft.step({ type: 'asked', requestId: requestId++, request }, nowMs)
      return effects.filter(({ type }) => type !== 'send')
    },
    ask(request: RaftRequest, nowMs = 0): RaftAnswer | null {
      const effect = node.effectsOf(request, nowMs).find(({ type }) => type === 'answer')
      return effect?.type === 'answer' ? effect.answer : null
    },
    /** Answers the fetch that is under way, with nothing new. */
    answerFetch(leader: { readonly leaderEpoch: number; readonly leaderId: number }) {
      const { inFlight } = raft.state.peers.get(leader.leaderId)!
      const found = { type: 'records', batches: new Uint8Array(0), highWatermark: -1n } as const
      const answer = { type: 'fetch', error: 'NONE', ...leader, found } as const
      raft.step({ type: 'answered', from: leader.leaderId, id: inFlight!.id, answer }, 0)
    },
  }
  return node
}

/** The same, elected by the votes of all. */
function leading(options: Parameters<typeof newNode>[0]) {
  const node = newNode(options)
  for (const _round of ['pre-vote', 'vote']) {
    node.step({ type: 'tick' }, 0)
    for (const from of [1, 2]) {
      const inFlight = node.raft.state.peers.get(from)?.inFlight
      if (inFlight?.request.type !== 'vote') continue
      const { leaderEpoch } = inFlight.request
      const answer = {
        type: 'vote',
        error: 'NONE',
        leaderEpoch,
        leaderId: null,
        granted: true,
      } as const
      node.step({ type: 'answered', from, id: inFlight.id, answer }, 0)
    }
  }
  expect(node.raft.leads).toBe(true)
  return node
}
