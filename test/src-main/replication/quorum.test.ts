import { expect, test } from 'vitest'
import { quorumOf } from '../../../src-main/lookups/quorum.ts'

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
