import { describe, expect, test } from 'vitest'
import type { MetadataResponse } from '../../../engine/protocol/messages/metadata.ts'
import { CatalogueBuilder } from '../../../src-main/lookups/catalogue.ts'
import { brokerSummaries } from '../../../src-main/brokers/cluster-overview.ts'
import { controllersOf, healthOf, type HealthFacts } from '../../../src-main/brokers/health.ts'
import type { QuorumDescription } from '../../../src-main/contract/model/replication.ts'

type Partition = MetadataResponse['topics'][number]['partitions'][number]

describe('health', () => {
  test('of a cluster with all replicas in sync has no reasons', () => {
    const seen = metadata({ partitions: [partition(0), partition(1)] })
    expect(healthOf(facts(seen))).toEqual([])
  })

  test('names partitions without a leader before those that lack replicas', () => {
    const seen = metadata({
      partitions: [partition(0, { leaderId: -1, isrNodes: [] }), partition(1, { isrNodes: [1] })],
    })
    expect(healthOf(facts(seen))).toMatchObject([
      { severity: 'error', code: 'OFFLINE_PARTITIONS', subjects: ['orders-0'], subjectCount: 1 },
      { severity: 'warning', code: 'UNDER_REPLICATED_PARTITIONS', subjects: ['orders-1'] },
    ])
  })

  test('names a broker that holds replicas but is not listed, and one that is silent', () => {
    const seen = metadata({ partitions: [partition(0, { replicaNodes: [1, 2, 7] })] })
    const problem = { code: 'UNREACHABLE', message: 'nobody answers' }
    const silent = { brokerId: 2, logDirs: [], problem }
    const brokers = summaries(seen, [...answering(1), silent])
    expect(brokers.map(({ id, state }) => [id, state])).toEqual([
      [1, 'online'],
      [2, 'unreachable'],
      [7, 'offline'],
    ])
    expect(healthOf(facts(seen, { brokers }))).toContainEqual(
      expect.objectContaining({ code: 'BROKER_UNREACHABLE', subjects: ['2', '7'] }),
    )
  })

  test('a broker of ours that is down and holds nothing is still one of the brokers', () => {
    const seen = metadata({ partitions: [partition(0)] })
    const brokers = brokerSummaries(seen, seen.catalogue, answering(1, 2), [1, 2, 9])
    expect(brokers.map(({ id, state }) => [id, state])).toEqual([
      [1, 'online'],
      [2, 'online'],
      [9, 'offline'],
    ])
    const [first] = healthOf(facts(seen, { brokers }))
    expect([first?.code, first?.subjects]).toEqual(['BROKER_UNREACHABLE', ['9']])
  })

  test('lists a hundred subjects and counts them all', () => {
    const partitions = Array.from({ length: 250 }, (_, id) => partition(id, { leaderId: -1 }))
    const seen = metadata({ partitions })
    const [offline] = healthOf(facts(seen))
    expect([offline?.subjects.length, offline?.subjectCount]).toEqual([100, 250])
    expect(offline?.message).toBe('250 partitions have no leader')
  })
})

describe('reasons of replication', () => {
  test('who is below min ISR is told apart from who is at it, and from who only lacks one', () => {
    const partitions = [
      partition(0, { replicaNodes: [1, 2, 3], isrNodes: [1] }),
      partition(1, { replicaNodes: [1, 2, 3], isrNodes: [1, 2] }),
      partition(2, { replicaNodes: [1, 2, 3, 4], isrNodes: [1, 2, 3] }),
      partition(3, { replicaNodes: [1, 2], isrNodes: [1, 2] }),
    ]
    const seen = metadata({ partitions })
    const health = healthOf(facts(seen, { brokers: [], minIsr: new Map([['orders', 2]]) }))
    expect(health.map(({ code, severity, subjects }) => [severity, code, subjects])).toEqual([
      ['error', 'UNDER_MIN_ISR_PARTITIONS', ['orders-0']],
      ['warning', 'AT_MIN_ISR_PARTITIONS', ['orders-1']],
      ['warning', 'UNDER_REPLICATED_PARTITIONS', ['orders-0', 'orders-1', 'orders-2']],
    ])
  })

  test('more than there are replicas is asked of nobody', () => {
    const partitions = [partition(0, { replicaNodes: [1, 2], isrNodes: [1] })]
    const minIsr = new Map([['orders', 7]])
    const [first] = healthOf(facts(metadata({ partitions }), { brokers: [], minIsr }))
    expect(first?.code).toBe('UNDER_MIN_ISR_PARTITIONS')
  })

  test('a replica that a reassignment adds is not missing', () => {
    const partitions = [partition(0, { replicaNodes: [1, 2, 3], isrNodes: [1, 2] })]
    const seen = metadata({ partitions })
    const adding = new Map([['orders-0', [3]]])
    expect(healthOf(facts(seen, { brokers: [], adding }))).toEqual([])
  })

  test('a quorum without a leader is an error, and one without a follower is none', () => {
    const seen = metadata({ partitions: [partition(0)] })
    const brokers: HealthFacts['brokers'] = []
    const codes = (controllers: HealthFacts['controllers']) =>
      healthOf(facts(seen, { brokers, controllers })).map(each => [each.severity, each.code])
    expect(codes({ leaderId: 3_000, silent: [3_002] })).toEqual([
      ['warning', 'CONTROLLER_UNREACHABLE'],
    ])
    expect(codes({ leaderId: null, silent: [3_001, 3_002] })).toEqual([
      ['error', 'NO_CONTROLLER'],
      ['error', 'CONTROLLER_UNREACHABLE'],
    ])
  })
})

describe('controllersOf', () => {
  test('a voter that fetches no more while others do is silent', () => {
    const quorum = quorumOf([
      { id: 3_001, lastFetchMs: 90_000n },
      { id: 3_002, lastFetchMs: 99_700n },
    ])
    expect(controllersOf(quorum, [])).toEqual({ leaderId: 3_000, silent: [3_001] })
  })

  test('one that has not fetched from a new leader yet is not called silent', () => {
    const quorum = quorumOf([
      { id: 3_001, lastFetchMs: null },
      { id: 3_002, lastFetchMs: 99_700n },
    ])
    expect(controllersOf(quorum, []).silent).toEqual([])
  })

  test('of nodes that run here their own state counts, brokers apart', () => {
    const node = { reason: null, brokerEpoch: null }
    const nodes = [
      { ...node, id: 1, kind: 'broker', state: 'killed' },
      { ...node, id: 3_001, kind: 'controller', state: 'paused' },
      { ...node, id: 3_002, kind: 'controller', state: 'running' },
    ] as const
    expect(controllersOf(null, nodes)).toEqual({ leaderId: null, silent: [3_001] })
  })

  test('without a majority of the voters nobody leads, whoever was last heard to', () => {
    const quorum = quorumOf([
      { id: 3_001, lastFetchMs: 99_600n },
      { id: 3_002, lastFetchMs: 99_700n },
    ])
    const down = (id: number) =>
      ({ id, kind: 'controller', state: 'killed', reason: null, brokerEpoch: null }) as const
    expect(controllersOf(quorum, [down(3_001)]).leaderId).toBe(3_000)
    expect(controllersOf(quorum, [down(3_001), down(3_002)])).toEqual({
      leaderId: null,
      silent: [3_001, 3_002],
    })
  })
})

function quorumOf(
  followers: readonly { readonly id: number; readonly lastFetchMs: bigint | null }[],
): QuorumDescription {
  const member = { voter: true, kind: 'controller', address: null } as const
  const ends = { logEndOffset: 9n, lag: 0n, lastCaughtUpMs: null }
  return {
    leaderId: 3_000,
    leaderEpoch: 4,
    highWatermark: 9n,
    members: [
      { ...member, ...ends, id: 3_000, role: 'leader', lastFetchMs: null },
      ...followers.map(each => ({ ...member, ...ends, ...each, role: 'follower' as const })),
    ],
  }
}

function facts(seen: ReturnType<typeof metadata>, overrides: Partial<HealthFacts> = {}) {
  return {
    catalogue: seen.catalogue,
    brokers: overrides.brokers ?? summaries(seen, answering(1, 2)),
    controllers: { leaderId: 1, silent: [] },
    minIsr: new Map<string, number>(),
    adding: new Map<string, readonly number[]>(),
    ...overrides,
  }
}

function metadata({ partitions }: { partitions: readonly Partition[] }) {
  const broker = (nodeId: number) => ({
    nodeId,
    host: '127.0.0.1',
    port: 9_091 + nodeId,
    rack: null,
  })
  const builder = new CatalogueBuilder()
  builder.add({
    errorCode: 0,
    name: 'orders',
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    isInternal: false,
    partitions,
    topicAuthorizedOperations: 0,
  })
  return { brokers: [broker(1), broker(2)], controllerId: 1, catalogue: builder.finish() }
}

function summaries(
  seen: ReturnType<typeof metadata>,
  logDirs: Parameters<typeof brokerSummaries>[2],
) {
  return brokerSummaries(seen, seen.catalogue, logDirs)
}

function partition(partitionIndex: number, overrides: Partial<Partition> = {}): Partition {
  return {
    errorCode: 0,
    partitionIndex,
    leaderId: 1,
    leaderEpoch: 0,
    replicaNodes: [1, 2],
    isrNodes: [1, 2],
    offlineReplicas: [],
    ...overrides,
  }
}

function answering(...brokerIds: number[]) {
  return brokerIds.map(brokerId => ({ brokerId, logDirs: [], problem: null }))
}
