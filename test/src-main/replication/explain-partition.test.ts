import { describe, expect, test } from 'vitest'
import type { ReplicaProgress } from '../../../src-main/contract/model/replication.ts'
import {
  explainPartition,
  type PartitionFacts,
} from '../../../src-main/replication/explain-partition.ts'

describe('explainPartition', () => {
  test('a partition that has all its replicas in sync has nothing to explain', () => {
    expect(explainPartition(facts({}))).toEqual([])
  })

  test('a broker that is away is named with the moment it was first missed', () => {
    const found = explainPartition(
      facts({
        replicas: [leader(1), follower(2), away(3)],
        awaySinceMs: new Map([[3, 1_000n]]),
      }),
    )
    expect(found).toEqual([
      { type: 'replica-down', broker: 3, state: 'offline', sinceMs: 1_000n, lacking: null },
      { type: 'at-min-isr', count: 2, min: 2 },
    ])
  })

  test('what a broker that is away lacks counts from where its log was last seen to end', () => {
    const seen = (seenEndOffset: bigint) =>
      explainPartition(facts({ replicas: [leader(1), follower(2), { ...away(3), seenEndOffset }] }))
    expect(seen(60n)[0]).toMatchObject({ type: 'replica-down', broker: 3, lacking: 40n })
    // Its own end was told a moment later than the leader's.
    expect(seen(101n)[0]).toMatchObject({ lacking: 0n })
  })

  test('below min ISR comes first, since writes are refused', () => {
    const found = explainPartition(
      facts({ replicas: [leader(1), away(2), { ...away(3), brokerState: 'fenced' }] }),
    )
    expect(found.map(({ type }) => type)).toEqual(['below-min-isr', 'replica-down', 'replica-down'])
    expect(found[0]).toEqual({ type: 'below-min-isr', count: 1, min: 2 })
    expect(found[1]).toMatchObject({ sinceMs: null })
  })

  test('min ISR counts for no more than there are replicas', () => {
    expect(explainPartition(facts({ replicas: [leader(1)], minInSyncReplicas: 2 }))).toEqual([])
  })

  test('a follower that is not in sync is behind, or joins when it has everything', () => {
    const behind = { ...follower(2), inSync: false, lag: 40n, lagMs: 900 }
    const joining = { ...follower(3), inSync: false, lag: 0n }
    const found = explainPartition(
      facts({ replicas: [leader(1), behind, joining], minInSyncReplicas: 1 }),
    )
    expect(found).toEqual([
      { type: 'replica-behind', broker: 2, lag: 40n, lagMs: 900 },
      { type: 'replica-joining', broker: 3 },
      { type: 'at-min-isr', count: 1, min: 1 },
    ])
  })

  test('a reassignment explains who is not in sync, and the order that is not yet there', () => {
    const coming = { ...follower(4), inSync: false, lag: 7n }
    const found = explainPartition(
      facts({
        leader: 2,
        replicas: [{ ...follower(1) }, leader(2), coming],
        adding: [4],
        removing: [1],
      }),
    )
    expect(found).toEqual([
      { type: 'replica-removing', broker: 1 },
      { type: 'replica-adding', broker: 4, lag: 7n },
      { type: 'at-min-isr', count: 2, min: 2 },
    ])
  })

  test('without a leader it says who is waited for, and what an unclean election would lose', () => {
    const found = explainPartition(
      facts({
        leader: null,
        replicas: [away(1), { ...follower(2), inSync: false, logEndOffset: 90n }, away(3)],
        elr: [1],
        lastKnownElr: [],
        highestCommitted: 100n,
      }),
    )
    expect(found.slice(0, 2)).toEqual([
      { type: 'no-leader', waitsFor: [1], from: 'elr' },
      { type: 'unclean-choice', broker: 2, lost: 10n },
    ])
  })

  test('what was never seen committed is not counted as lost, nor as kept', () => {
    const found = explainPartition(
      facts({
        leader: null,
        replicas: [
          { ...away(1), inSync: true },
          { ...follower(2), inSync: false },
        ],
        highestCommitted: null,
      }),
    )
    expect(found.slice(0, 2)).toEqual([
      { type: 'no-leader', waitsFor: [1], from: 'isr' },
      { type: 'unclean-choice', broker: 2, lost: null },
    ])
  })

  test('a leader that is not the preferred one is said last', () => {
    const found = explainPartition(facts({ leader: 2, replicas: [follower(1), leader(2)] }))
    expect(found).toEqual([{ type: 'not-preferred', leader: 2, preferred: 1 }])
  })
})

function facts(given: Partial<PartitionFacts>): PartitionFacts {
  return {
    partition: 0,
    leader: 1,
    leaderEpoch: 3,
    partitionEpoch: null,
    highWatermark: 100n,
    replicas: [leader(1), follower(2), follower(3)],
    elr: [],
    lastKnownElr: [],
    adding: [],
    removing: [],
    minInSyncReplicas: 2,
    awaySinceMs: new Map(),
    highestCommitted: 100n,
    ...given,
  }
}

function follower(broker: number): ReplicaProgress {
  return {
    broker,
    brokerState: 'online',
    isLeader: false,
    inSync: true,
    logStartOffset: 0n,
    logEndOffset: 100n,
    seenEndOffset: null,
    lag: 0n,
    lagMs: 0,
    lagSource: 'observed',
    sizeBytes: 1,
    problem: null,
  }
}

function leader(broker: number): ReplicaProgress {
  return { ...follower(broker), isLeader: true }
}

function away(broker: number): ReplicaProgress {
  return {
    ...follower(broker),
    brokerState: 'offline',
    inSync: false,
    logEndOffset: null,
    lag: null,
    lagMs: null,
  }
}
