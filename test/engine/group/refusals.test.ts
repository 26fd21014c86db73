import { describe, expect, test } from 'vitest'
import type { GroupEvent } from '../../../engine/group/group-events.ts'
import { coordinatorErrorOf, refusalOf } from '../../../engine/group/refusals.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'

const context = { token: 1, apiVersion: 9, clientId: 'c', clientHost: '/127.0.0.1' }

function fetchOf(apiVersion: number): GroupEvent {
  const topics = [{ name: 'orders', topicId: ZERO_UUID, partitionIndexes: [3] }]
  return {
    ...context,
    apiVersion,
    type: 'OffsetFetch',
    request: {
      groupId: 'g',
      topics,
      groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics }],
      requireStable: false,
    },
  }
}

describe('a refusal', () => {
  test('of OffsetFetch is where its version has the error', () => {
    const empty = { throttleTimeMs: 0, errorCode: 0, topics: [], groups: [] }
    expect(refusalOf(fetchOf(9), 'NOT_COORDINATOR')).toEqual({
      ...empty,
      groups: [{ groupId: 'g', topics: [], errorCode: 16 }],
    })
    expect(refusalOf(fetchOf(2), 'NOT_COORDINATOR')).toEqual({ ...empty, errorCode: 16 })
    expect(refusalOf(fetchOf(1), 'NOT_COORDINATOR')).toEqual({
      ...empty,
      topics: [
        {
          name: 'orders',
          partitions: [
            {
              partitionIndex: 3,
              committedOffset: -1n,
              committedLeaderEpoch: -1,
              metadata: '',
              errorCode: 16,
            },
          ],
        },
      ],
    })
  })

  test('of a heartbeat while the group loads is none', () => {
    const beat: GroupEvent = {
      ...context,
      type: 'Heartbeat',
      request: { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null },
    }
    expect(refusalOf(beat, 'COORDINATOR_LOAD_IN_PROGRESS')).toMatchObject({ errorCode: 0 })
    expect(refusalOf(beat, 'NOT_COORDINATOR')).toMatchObject({ errorCode: 16 })
  })

  test('names every partition of a commit and every group of a list', () => {
    const partition = {
      committedOffset: 1n,
      committedLeaderEpoch: -1,
      commitTimestamp: -1n,
      committedMetadata: '',
    }
    const commit: GroupEvent = {
      ...context,
      type: 'OffsetCommit',
      request: {
        groupId: 'g',
        generationIdOrMemberEpoch: -1,
        memberId: '',
        groupInstanceId: null,
        retentionTimeMs: -1n,
        topics: [
          {
            name: 'orders',
            topicId: ZERO_UUID,
            partitions: [
              { ...partition, partitionIndex: 0 },
              { ...partition, partitionIndex: 1 },
            ],
          },
        ],
      },
    }
    expect(refusalOf(commit, 'COORDINATOR_NOT_AVAILABLE')).toMatchObject({
      topics: [
        {
          partitions: [
            { partitionIndex: 0, errorCode: 15 },
            { partitionIndex: 1, errorCode: 15 },
          ],
        },
      ],
    })
    const groups = { groups: ['a', 'b'], includeAuthorizedOperations: false }
    expect(
      refusalOf(
        { ...context, apiVersion: 5, type: 'DescribeGroups', request: groups },
        'NOT_COORDINATOR',
      ),
    ).toMatchObject({
      groups: [
        { groupId: 'a', errorCode: 16, groupState: '' },
        { groupId: 'b', errorCode: 16, groupState: '' },
      ],
    })
  })

  test.each([
    ['NOT_ENOUGH_REPLICAS', 'COORDINATOR_NOT_AVAILABLE'],
    ['KAFKA_STORAGE_ERROR', 'NOT_COORDINATOR'],
    ['MESSAGE_TOO_LARGE', 'UNKNOWN_SERVER_ERROR'],
    ['NOT_COORDINATOR', 'NOT_COORDINATOR'],
  ] as const)('for an append that failed with %s is %s', (appendError, error) => {
    expect(coordinatorErrorOf(appendError)).toBe(error)
  })
})
