import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  PartitionLeader,
  type IsrProposal,
  type LeaderRules,
} from '../../../engine/replica/partition-leader.ts'
import type { ErrorName } from '../../../engine/protocol/errors.ts'

const LOCAL = 1
const MAX_LAG_MS = 30_000

interface WorldOptions {
  readonly replicas?: readonly number[]
  readonly isr?: readonly number[]
  readonly logEndOffset?: bigint
  readonly highWatermark?: bigint
  readonly minInsyncReplicas?: number
}

function world(options: WorldOptions = {}) {
  const { replicas = [1, 2, 3], isr = replicas, minInsyncReplicas = 1 } = options
  const { logEndOffset = 0n, highWatermark = 0n } = options
  /** Broker epochs as the metadata log has them; null for a broker that is fenced. */
  const epochs = new Map<number, bigint | null>(replicas.map(id => [id, BigInt(id * 10)]))
  const rules: LeaderRules = {
    replicaLagTimeMaxMs: () => MAX_LAG_MS,
    localBrokerEpoch: () => epochs.get(LOCAL) ?? -1n,
    eligibleBrokerEpoch: id => epochs.get(id) ?? null,
  }
  const assigned = { replicas, isr, leaderEpoch: 5, partitionEpoch: 7 }
  const leader = new PartitionLeader({
    localId: LOCAL,
    rules,
    assigned,
    logEndOffset,
    highWatermark,
    minInsyncReplicas,
    nowMs: 1_000,
  })
  const fetch = (brokerId: number, fetchOffset: bigint, nowMs = 1_000, brokerEpoch?: bigint) =>
    leader.followerFetched({
      brokerId,
      fetchOffset,
      nowMs,
      brokerEpoch: brokerEpoch ?? BigInt(brokerId * 10),
      logStartOffset: 0n,
    })
  return { leader, epochs, fetch, assigned }
}

function idsOf(proposal: IsrProposal | null): readonly number[] | null {
  return proposal?.isr.map(each => each.brokerId) ?? null
}

describe('the high watermark', () => {
  test('follows the log end where there is one replica', () => {
    const { leader } = world({ replicas: [1] })
    expect(leader.recordsAppended(4n, 1_000)).toBe(true)
    expect(leader.highWatermark).toBe(4n)
  })

  test('is what the slowest of the ISR has', () => {
    const { leader, fetch } = world()
    leader.recordsAppended(10n, 1_000)
    expect(fetch(2, 10n)).toBe(false)
    expect(fetch(3, 6n)).toBe(true)
    expect(leader.highWatermark).toBe(6n)
  })

  test('waits for a follower that the controller may have let in already', () => {
    const { leader, fetch } = world({ isr: [1, 2], highWatermark: 0n })
    fetch(2, 0n)
    fetch(3, 0n)
    expect(idsOf(leader.takeProposal())).toEqual([1, 2, 3])
    leader.recordsAppended(5n, 1_000)
    fetch(2, 5n)
    expect(leader.highWatermark).toBe(0n)
    fetch(3, 5n)
    expect(leader.highWatermark).toBe(5n)
  })

  test('waits for a caught-up follower that may join, before the controller is asked', () => {
    const { leader, fetch } = world({ isr: [1, 2], logEndOffset: 8n, highWatermark: 3n })
    fetch(2, 8n)
    fetch(3, 8n)
    // It is asked for alone, so that another is not held back by what it was asked for.
    const proposal = leader.takeProposal()!
    leader.proposalAnswered(proposal, refused('INELIGIBLE_REPLICA'), 1_000)
    leader.recordsAppended(9n, 1_001)
    fetch(2, 9n, 1_002)
    expect(leader.highWatermark).toBe(8n)
  })

  test('waits for one that was asked for, though it has been silent since', () => {
    const { leader, fetch } = world({ isr: [1, 2] })
    fetch(3, 0n)
    leader.takeProposal()
    leader.recordsAppended(5n, 50_000)
    fetch(2, 5n, 50_000)
    expect(leader.highWatermark).toBe(0n)
  })

  test('is not held back by a follower that is fenced, or a former run of itself', () => {
    for (const epoch of [null, 99n]) {
      const { leader, fetch, epochs } = world({ isr: [1, 2] })
      epochs.set(3, epoch)
      fetch(3, 0n)
      expect(leader.hasUnsentProposal).toBe(false)
      leader.recordsAppended(5n, 1_000)
      fetch(2, 5n)
      expect(leader.highWatermark).toBe(5n)
    }
  })

  test('stands still while the ISR is below min.insync.replicas', () => {
    const { leader } = world({ isr: [1], minInsyncReplicas: 2 })
    leader.recordsAppended(5n, 1_000)
    expect(leader.highWatermark).toBe(0n)
    expect(leader.takesAcksAll).toBe(false)
    expect(leader.setMinInsyncReplicas(1, 1_000)).toBe(true)
    expect(leader.highWatermark).toBe(5n)
  })

  test('never asks for more in-sync replicas than there are', () => {
    const { leader } = world({ replicas: [1], minInsyncReplicas: 2 })
    expect(leader.takesAcksAll).toBe(true)
    expect(leader.recordsAppended(1n, 1_000)).toBe(true)
  })

  test('is moved by a smaller ISR only once the metadata log is read up to it', () => {
    const { leader, fetch } = world()
    leader.recordsAppended(5n, 1_000)
    fetch(2, 5n)
    leader.tick(1_000 + MAX_LAG_MS + 1)
    const proposal = leader.takeProposal()!
    expect(idsOf(proposal)).toEqual([1, 2])
    fetch(2, 5n, 40_000)
    expect(leader.highWatermark).toBe(0n)
    const isr = [1, 2]
    const committed = { type: 'committed', isr, leaderEpoch: 5, partitionEpoch: 8 } as const
    expect(leader.proposalAnswered(proposal, committed, 40_000)).toBe(false)
    expect(leader.isr).toEqual([1, 2, 3])
    const assigned = { replicas: [1, 2, 3], isr, leaderEpoch: 5, partitionEpoch: 8 }
    expect(leader.metadataChanged(assigned, 40_000)).toBe(true)
    expect(leader.highWatermark).toBe(5n)
    expect(leader.isr).toEqual(isr)
  })

  test('stands where a larger min.insync.replicas was decided before the smaller ISR', () => {
    const { leader, fetch } = world({ replicas: [1, 2], minInsyncReplicas: 1 })
    fetch(2, 0n)
    leader.recordsAppended(5n, 1_000)
    leader.tick(1_000 + MAX_LAG_MS + 1)
    const proposal = leader.takeProposal()!
    // By two in-sync replicas, broker 2 is eligible to lead from here on: without these records.
    const committed = { type: 'committed', isr: [1], leaderEpoch: 5, partitionEpoch: 8 } as const
    leader.proposalAnswered(proposal, committed, 40_000)
    leader.setMinInsyncReplicas(2, 40_000)
    const assigned = { replicas: [1, 2], isr: [1], leaderEpoch: 5, partitionEpoch: 8 }
    leader.metadataChanged(assigned, 40_000)
    expect(leader.highWatermark).toBe(0n)
  })
})

describe('a follower', () => {
  test('that is silent leaves the ISR at the first look past the lag limit', () => {
    const { leader, fetch } = world()
    fetch(2, 0n, 2_000)
    fetch(3, 0n, 2_000)
    leader.recordsAppended(5n, 2_000)
    fetch(3, 5n, 2_000)
    expect(leader.nextDeadlineMs()).toBe(2_000 + MAX_LAG_MS + 1)
    leader.tick(2_000 + MAX_LAG_MS)
    expect(leader.takeProposal()).toBeNull()
    leader.tick(2_000 + MAX_LAG_MS + 1)
    expect(idsOf(leader.takeProposal())).toEqual([1, 3])
  })

  test('that is always one fetch behind a steady stream stays in the ISR', () => {
    const { leader, fetch } = world({ replicas: [1, 2] })
    let end = 0n
    for (let nowMs = 1_000; nowMs < 200_000; nowMs += 500) {
      const before = end
      end += 10n
      leader.recordsAppended(end, nowMs)
      fetch(2, before, nowMs)
      leader.tick(nowMs)
    }
    expect(leader.hasUnsentProposal).toBe(false)
  })

  test('that asks again for what it has stays caught up, if it is in sync and the same run', () => {
    const { leader, fetch } = world({ isr: [1, 2], logEndOffset: 3n, highWatermark: 3n })
    fetch(2, 3n, 1_000)
    fetch(3, 3n, 1_000, 99n)
    expect(leader.followerStays(2, 20n, 500_000)).toBe(true)
    expect(leader.followerStays(2, 21n, 600_000)).toBe(false)
    expect(leader.followerStays(3, 99n, 500_000)).toBe(false)
    leader.recordsAppended(4n, 500_000)
    expect(leader.followerStays(2, 20n, 500_001)).toBe(false)
    expect(leader.nextDeadlineMs()).toBe(500_000 + MAX_LAG_MS + 1)
  })

  test('in an idle partition never leaves', () => {
    const { leader, fetch } = world({ replicas: [1, 2], logEndOffset: 3n, highWatermark: 3n })
    fetch(2, 3n)
    leader.tick(10_000_000)
    expect(leader.hasUnsentProposal).toBe(false)
    expect(leader.nextDeadlineMs()).toBeNull()
  })

  test('does not join below the start of the leader’s epoch', () => {
    const { leader, fetch } = world({ isr: [1], logEndOffset: 9n, highWatermark: 0n })
    leader.setMinInsyncReplicas(2, 1_000)
    expect(leader.epochStartOffset).toBe(9n)
    fetch(2, 8n)
    expect(leader.hasUnsentProposal).toBe(false)
    fetch(2, 9n)
    expect(idsOf(leader.takeProposal())).toEqual([1, 2])
  })

  test('joins with the broker epoch that it fetched with', () => {
    const { leader, fetch } = world({ isr: [1] })
    fetch(2, 0n)
    expect(leader.takeProposal()).toEqual({
      isr: [
        { brokerId: 1, brokerEpoch: 10n },
        { brokerId: 2, brokerEpoch: 20n },
      ],
      leaderEpoch: 5,
      partitionEpoch: 7,
    })
  })
})

describe('the controller’s answer', () => {
  const proposed = () => {
    const made = world({ isr: [1, 2] })
    made.fetch(3, 0n)
    return { ...made, proposal: made.leader.takeProposal()! }
  }

  test.each(['OPERATION_NOT_ATTEMPTED', 'INELIGIBLE_REPLICA'] as const)(
    '%s takes the proposal back',
    error => {
      const { leader, proposal, fetch } = proposed()
      leader.proposalAnswered(proposal, refused(error), 1_000)
      expect(leader.maximalIsr).toEqual([1, 2])
      fetch(3, 0n)
      expect(leader.hasUnsentProposal).toBe(true)
    },
  )

  test.each([
    'UNKNOWN_TOPIC_OR_PARTITION',
    'UNKNOWN_TOPIC_ID',
    'FENCED_LEADER_EPOCH',
    'INVALID_UPDATE_VERSION',
    'INVALID_REQUEST',
    'NEW_LEADER_ELECTED',
  ] as const)('%s keeps the larger ISR until the metadata log tells', error => {
    const { leader, proposal, fetch, assigned } = proposed()
    leader.proposalAnswered(proposal, refused(error), 1_000)
    fetch(3, 0n)
    expect(leader.hasUnsentProposal).toBe(false)
    expect(leader.maximalIsr).toEqual([1, 2, 3])
    leader.metadataChanged({ ...assigned, isr: [1], partitionEpoch: 9 }, 1_000)
    expect(leader.maximalIsr).toEqual([1])
  })

  test.each(['NETWORK_EXCEPTION', 'NOT_CONTROLLER', 'UNKNOWN_SERVER_ERROR'] as const)(
    '%s asks again for the same',
    error => {
      const { leader, proposal } = proposed()
      leader.proposalAnswered(proposal, refused(error), 1_000)
      expect(leader.takeProposal()).toBe(proposal)
    },
  )

  test('that comes after newer metadata changes nothing', () => {
    const { leader, proposal, assigned } = proposed()
    leader.metadataChanged({ ...assigned, isr: [1], partitionEpoch: 9 }, 1_000)
    const late = { type: 'committed', isr: [1, 2, 3], leaderEpoch: 5, partitionEpoch: 8 } as const
    leader.proposalAnswered(proposal, late, 1_000)
    expect(leader.isr).toEqual([1])
    expect(leader.partitionEpoch).toBe(9)
  })

  test('that the metadata log told before is heard of once', () => {
    const { leader, assigned } = proposed()
    leader.metadataChanged({ ...assigned, isr: [1, 2, 3], partitionEpoch: 8 }, 1_000)
    leader.metadataChanged({ ...assigned, isr: [1, 2], partitionEpoch: 7 }, 1_000)
    expect(leader.isr).toEqual([1, 2, 3])
  })
})

test('a leader that is elected again begins its epoch at its log end', () => {
  const { leader, assigned } = world({ isr: [1, 2] })
  leader.recordsAppended(6n, 1_000)
  leader.metadataChanged({ ...assigned, isr: [1, 2], leaderEpoch: 6, partitionEpoch: 8 }, 1_000)
  expect([leader.leaderEpoch, leader.epochStartOffset]).toEqual([6, 6n])
})

test('the low watermark counts the replicas whose brokers are there', () => {
  const { leader } = world()
  const fetched = { brokerEpoch: 1n, fetchOffset: 0n, nowMs: 1 }
  leader.followerFetched({ ...fetched, brokerId: 2, logStartOffset: 4n })
  leader.followerFetched({ ...fetched, brokerId: 3, logStartOffset: 2n })
  expect(leader.lowWatermark(6n, () => true)).toBe(2n)
  expect(leader.lowWatermark(6n, id => id !== 3)).toBe(4n)
})

test('followers count anew for a leader that may have missed another one', () => {
  const { leader, fetch, assigned } = world({ replicas: [1, 2], isr: [1, 2] })
  leader.recordsAppended(10n, 1_000)
  fetch(2, 10n)
  leader.recordsAppended(12n, 1_000)
  // In epoch 6 the follower may have led, or have cut off what it had for another leader.
  leader.metadataChanged({ ...assigned, leaderEpoch: 7, partitionEpoch: 9 }, 1_000)
  expect(leader.follower(2)?.logEndOffset).toBe(-1n)
  expect(leader.highWatermark).toBe(10n)
  leader.recordsAppended(13n, 1_000)
  expect(fetch(2, 8n)).toBe(false)
  expect(fetch(2, 13n)).toBe(true)
})

test('an ISR that shrinks together with such a change commits nothing by what followers had', () => {
  const { leader, fetch, assigned } = world({ replicas: [1, 2, 3] })
  leader.recordsAppended(10n, 1_000)
  fetch(2, 10n)
  fetch(3, 4n)
  expect(leader.highWatermark).toBe(4n)
  const change = { ...assigned, isr: [1, 2], leaderEpoch: 7, partitionEpoch: 9 }
  leader.metadataChanged(change, MAX_LAG_MS * 10)
  expect(leader.highWatermark).toBe(4n)
})

describe('whatever happens', () => {
  const move = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.bigInt(1n, 5n) }),
    fc.record({
      kind: fc.constant('fetch' as const),
      brokerId: fc.constantFrom(2, 3),
      behind: fc.bigInt(0n, 4n),
    }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
    fc.record({ kind: fc.constant('send' as const) }),
    fc.record({
      kind: fc.constant('answer' as const),
      as: fc.constantFrom('agreed', 'lost', 'INELIGIBLE_REPLICA', 'INVALID_UPDATE_VERSION'),
    }),
    fc.record({ kind: fc.constant('metadata' as const) }),
    fc.record({ kind: fc.constant('fence' as const), brokerId: fc.constantFrom(2, 3) }),
  )

  /** The controller is a model of its own: what it has committed, whether the leader knows or not. */
  function run(
    moves: readonly (typeof move extends fc.Arbitrary<infer T> ? T : never)[],
    minIsr: number,
    isr: readonly number[],
  ) {
    const { leader, fetch, epochs, assigned } = world({ minInsyncReplicas: minIsr, isr })
    let committed = { isr: assigned.isr, partitionEpoch: assigned.partitionEpoch }
    let sent: IsrProposal | null = null
    let nowMs = 1_000
    let end = 0n
    const held = new Map([
      [1, 0n],
      [2, -1n],
      [3, -1n],
    ])
    for (const next of moves) {
      const before = leader.highWatermark
      switch (next.kind) {
        case 'append':
          end += next.count
          held.set(1, end)
          leader.recordsAppended(end, nowMs)
          break
        case 'fetch': {
          const offset = end > next.behind ? end - next.behind : 0n
          // A follower's log does not shrink under one leader.
          const fetchOffset = offset > held.get(next.brokerId)! ? offset : held.get(next.brokerId)!
          const from = fetchOffset < 0n ? 0n : fetchOffset
          held.set(next.brokerId, from)
          fetch(next.brokerId, from, nowMs)
          break
        }
        case 'wait':
          nowMs += next.ms
          leader.tick(nowMs)
          break
        case 'send':
          sent ??= leader.takeProposal()
          break
        case 'answer': {
          if (sent === null) break
          const agreed = next.as === 'agreed' || next.as === 'lost'
          if (agreed && sent.partitionEpoch === committed.partitionEpoch)
            committed = {
              isr: sent.isr.map(each => each.brokerId),
              partitionEpoch: committed.partitionEpoch + 1,
            }
          if (next.as === 'agreed' && sent.partitionEpoch + 1 === committed.partitionEpoch)
            leader.proposalAnswered(
              sent,
              { type: 'committed', leaderEpoch: 5, ...committed },
              nowMs,
            )
          else
            leader.proposalAnswered(
              sent,
              refused(next.as === 'INELIGIBLE_REPLICA' ? next.as : 'INVALID_UPDATE_VERSION'),
              nowMs,
            )
          sent = null
          break
        }
        case 'metadata':
          leader.metadataChanged({ ...assigned, ...committed }, nowMs)
          break
        case 'fence':
          epochs.set(
            next.brokerId,
            epochs.get(next.brokerId) === null ? BigInt(next.brokerId * 10) : null,
          )
      }
      expect(leader.highWatermark >= before, 'the high watermark never goes back').toBe(true)
      expect(leader.isr).toContain(LOCAL)
      if (leader.highWatermark === before) continue
      for (const id of committed.isr)
        expect(held.get(id)! >= leader.highWatermark, `${id} may lead without a record`).toBe(true)
      expect(leader.isr.length).toBeGreaterThanOrEqual(minIsr)
    }
  }

  test('what is committed is in every log that the controller may elect', () => {
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom([1], [1, 2], [1, 2, 3]),
        run,
      ),
      { numRuns: 2_000 },
    )
  })
})

function refused(error: ErrorName) {
  return { type: 'refused', error } as const
}
