import { describe, expect, test } from 'vitest'
import type { MetadataResponse } from '../../../engine/protocol/messages/metadata.ts'
import { CatalogueBuilder } from '../../../src-main/lookups/catalogue.ts'
import { brokerSummaries, healthOf } from '../../../src-main/brokers/cluster-overview.ts'

type Partition = MetadataResponse['topics'][number]['partitions'][number]

describe('health', () => {
  test('of a cluster with all replicas in sync has no reasons', () => {
    const seen = metadata({ partitions: [partition(0), partition(1)] })
    expect(healthOf(seen.catalogue, 1, summaries(seen, answering(1, 2)))).toEqual([])
  })

  test('names partitions without a leader before those that lack replicas', () => {
    const seen = metadata({
      partitions: [partition(0, { leaderId: -1, isrNodes: [] }), partition(1, { isrNodes: [1] })],
    })
    expect(healthOf(seen.catalogue, 1, summaries(seen, answering(1, 2)))).toMatchObject([
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
    expect(healthOf(seen.catalogue, 1, brokers)).toContainEqual(
      expect.objectContaining({ code: 'BROKER_UNREACHABLE', subjects: ['2', '7'] }),
    )
  })

  test('lists a hundred subjects and counts them all', () => {
    const partitions = Array.from({ length: 250 }, (_, id) => partition(id, { leaderId: -1 }))
    const seen = metadata({ partitions })
    const [offline] = healthOf(seen.catalogue, 1, summaries(seen, answering(1, 2)))
    expect([offline?.subjects.length, offline?.subjectCount]).toEqual([100, 250])
    expect(offline?.message).toBe('250 partitions have no leader')
  })
})

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
