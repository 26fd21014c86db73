import { expect, test } from 'vitest'
import type { CommittedOffset } from '../../../src-main/groups/group-offsets.ts'
import type { BareGroup, BareMember } from '../../../src-main/groups/bare-group.ts'
import { holdersOf, lagOf, partitionFacts } from '../../../src-main/groups/partition-facts.ts'
import { existing } from '../../../src-main/groups/streams-groups.ts'
import type { OffsetTable } from '../../../src-main/lookups/list-offsets.ts'

function group(...members: Pick<BareMember, 'memberId' | 'assignment' | 'tasks'>[]): BareGroup {
  return {
    groupId: 'g',
    state: 'Stable',
    type: null,
    protocolType: '',
    protocol: '',
    epoch: 1,
    coordinator: 1,
    topology: null,
    members: members.map(each => ({
      groupInstanceId: null,
      clientId: 'c',
      clientHost: '/h',
      subscribedTopics: null,
      assignmentBytes: null,
      ...each,
    })),
  }
}

function ends(table: Readonly<Record<string, readonly bigint[]>>): OffsetTable {
  return new Map(
    Object.entries(table).map(([topic, offsets]) => [
      topic,
      new Map(
        offsets.map((offset, index) => [
          index,
          { type: 'found' as const, offset, timestampMs: -1n },
        ]),
      ),
    ]),
  )
}

function committed(topic: string, offset: bigint, reportedLag?: bigint): CommittedOffset {
  const rest = reportedLag === undefined ? {} : { reportedLag }
  return { topic, partition: 0, offset, leaderEpoch: null, metadata: '', ...rest }
}

const none = { active: [], standby: [], warmup: [] }
const reads = (topic: string, ...partitions: number[]) => ({ topic, partitions })

test('a partition that several members read is held by all of them', () => {
  const shared = group(
    { memberId: 'a', assignment: [reads('t', 0, 1)], tasks: null },
    { memberId: 'b', assignment: [reads('t', 1)], tasks: null },
  )
  const facts = partitionFacts([], holdersOf(shared), {
    starts: new Map(),
    ends: ends({ t: [1n, 2n] }),
  })
  expect(facts.map(({ partition, memberIds }) => [partition, memberIds])).toEqual([
    [0, ['a']],
    [1, ['a', 'b']],
  ])
})

test('the lag that a coordinator reckons counts, else the distance to the end', () => {
  expect(lagOf(committed('t', 3n, 1n), 10n)).toBe(1n)
  expect(lagOf(committed('t', 3n), 10n)).toBe(7n)
  expect(lagOf(committed('t', 11n), 10n)).toBe(0n)
  expect(lagOf(undefined, 10n)).toBeNull()
  expect(lagOf(committed('t', 3n, 1n), null)).toBeNull()
})

test('a task reads a partition of those topics alone that have it', () => {
  const assignment = [reads('narrow', 0, 1), reads('wide', 0, 1), reads('deleted', 0)]
  const streams = group({ memberId: 'a', assignment, tasks: none })
  const facts = partitionFacts([], holdersOf(streams), {
    starts: new Map(),
    ends: ends({ narrow: [4n], wide: [5n, 6n] }),
  })
  expect(facts.map(({ topic, partition, problem }) => [topic, partition, problem?.code])).toEqual([
    ['deleted', 0, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['narrow', 0, undefined],
    ['wide', 0, undefined],
    ['wide', 1, undefined],
  ])
  expect(existing({ assignment, tasks: none }, facts)).toEqual([
    reads('narrow', 0),
    reads('wide', 0, 1),
    reads('deleted', 0),
  ])
  // Whoever was given partitions, and not tasks, holds what it was given.
  expect(existing({ assignment, tasks: null }, [])).toEqual(assignment)
})

test('a partition that is gone is told of where the group committed for it', () => {
  const facts = partitionFacts([committed('gone', 2n)], new Map(), {
    starts: new Map(),
    ends: new Map(),
  })
  expect(facts).toMatchObject([
    { topic: 'gone', lag: null, problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
  ])
})
