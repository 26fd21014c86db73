import { expect, test } from 'vitest'
import { quorumOf } from '../../../src-main/lookups/quorum.ts'

test('a node that is broker and controller stands once, as the voter that it is', () => {
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
        { ...state, replicaId: 1 },
        { ...state, replicaId: 3 },
      ],
      observers: [
        { ...state, replicaId: 1 },
        { ...state, replicaId: 3 },
        { ...state, replicaId: 4, logEndOffset: 20n },
      ],
    },
  )
  expect(quorum.members.map(({ id, role, voter, lag }) => [id, role, voter, lag])).toEqual([
    [1, 'follower', true, 0n],
    [3, 'leader', true, 0n],
    [4, 'observer', false, 4n],
  ])
})
