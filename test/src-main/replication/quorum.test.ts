import { expect, test } from 'vitest'
import { quorumOf, silentVoters } from '../../../src-main/lookups/quorum.ts'

test('whoever follows without a vote stands behind the voters, also one of their ids on a new disk', () => {
  const state = {
    replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
    logEndOffset: 24n,
    lastFetchTimestamp: 1_000n,
    lastCaughtUpTimestamp: 1_000n,
  }
  const quorum = quorumOf(
    { nodes: [] },
    {
      partitionIndex: 0,
      errorCode: 0,
      errorMessage: null,
      leaderId: 3,
      leaderEpoch: 2,
      highWatermark: 24n,
      currentVoters: [
        { ...state, replicaId: 3 },
        { ...state, replicaId: 1 },
      ],
      observers: [
        { ...state, replicaId: 4, logEndOffset: 20n },
        { ...state, replicaId: 1 },
      ],
    },
  )
  expect(quorum.members.map(({ id, role, voter, lag }) => [id, role, voter, lag])).toEqual([
    [1, 'follower', true, 0n],
    [3, 'leader', true, 0n],
    [1, 'observer', false, 0n],
    [4, 'observer', false, 4n],
  ])
})

test('a voter that does not fetch is silent, and one that never did, once its leader has led a while', () => {
  const member = {
    role: 'follower',
    voter: true,
    kind: 'controller',
    address: null,
    logEndOffset: 24n,
    lag: 0n,
    lastCaughtUpMs: null,
  } as const
  const members = [
    { ...member, id: 1, role: 'leader' as const, lastFetchMs: null },
    { ...member, id: 2, lastFetchMs: 90_000n },
    { ...member, id: 3, lastFetchMs: 99_800n },
    { ...member, id: 4, lastFetchMs: null },
    { ...member, id: 5, lastFetchMs: 1_000n, voter: false },
  ]
  expect([...silentVoters({ members }, 5_000)]).toEqual([2])
  expect([...silentVoters({ members }, 5_001)]).toEqual([2, 4])
})

test('a new leader that does not know the high watermark yet tells none', () => {
  const empty = { replicaDirectoryId: '', logEndOffset: 0n, lastFetchTimestamp: -1n }
  const quorum = quorumOf(
    { nodes: [] },
    {
      partitionIndex: 0,
      errorCode: 0,
      errorMessage: null,
      leaderId: 3,
      leaderEpoch: 2,
      highWatermark: -1n,
      currentVoters: [{ ...empty, replicaId: 3, lastCaughtUpTimestamp: -1n }],
      observers: [],
    },
  )
  expect(quorum.highWatermark).toBeNull()
})
