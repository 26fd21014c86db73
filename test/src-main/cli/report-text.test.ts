import { expect, test } from 'vitest'
import type {
  BrokerReport,
  ClusterReport,
  PartitionReport,
  QuorumReplica,
} from '../../../src-main/cli/cluster-report.ts'
import { reportText } from '../../../src-main/cli/report-text.ts'

test('a healthy cluster is three short tables', () => {
  expect(reportText(report())).toBe(
    `broker  state    address         epoch  leads  in sync  fenced
1       running  127.0.0.1:9092  12     1      1 of 1   no

controller  state    address         role             log end
3000        running  127.0.0.1:4000  leader, epoch 5  40
3001        running  127.0.0.1:4001  follower         40

1 partition of 1 topic: 0 without a leader, 0 under-replicated
`,
  )
})

test('partitions that are not as they should be are listed, with who is eligible to lead', () => {
  const lines = reportText(
    report({
      partitions: [
        partition(),
        partition({ partition: 1, replicas: [1, 2, 3], isr: [1, 2], offlineReplicas: [3] }),
        partition({ partition: 2, leader: -1, replicas: [2, 3], isr: [], elr: [3] }),
      ],
    }),
  ).split('\n')
  expect(lines).toContain('3 partitions of 1 topic: 1 without a leader, 1 under-replicated')
  expect(lines).toContain('partition  leader  epoch  replicas  ISR   ELR  offline')
  expect(lines).toContain('orders-1   1       4      1,2,3     1,2   -    3')
  expect(lines).toContain('orders-2   none    4      2,3       none  3    -')
  expect(lines.some(line => line.startsWith('orders-0'))).toBe(false)
})

test('the twentieth bad partition is the last one listed, and the others are counted', () => {
  const partitions = Array.from({ length: 25 }, (_, index) =>
    partition({ partition: index, leader: -1 }),
  )
  const text = reportText(report({ partitions }))
  expect(text).toContain('orders-19 ')
  expect(text).not.toContain('orders-20 ')
  expect(text).toContain('and 5 more; --json has them all')
})

test('voters behind, why a node failed, and what nobody tells are said', () => {
  const failure = '127.0.0.1:9092: the port is taken\n    at somewhere'
  const text = reportText(
    report({
      brokers: [broker({ state: 'failed', failure, brokerEpoch: null, fenced: null })],
      quorum: {
        leaderId: 3000,
        leaderEpoch: 5,
        highWatermark: 40n,
        voters: [voter(3000, 40n), voter(3001, 37n)],
        observers: [],
      },
      partitions: null,
      problems: ['partitions: no broker answers'],
    }),
  )
  expect(text).toMatch(/^1 +failed +127\.0\.0\.1:9092 +- +1 +1 of 1 +\?$/m)
  expect(text).toMatch(/^3001 +running +127\.0\.0\.1:4001 +follower, 3 behind +37$/m)
  expect(text).toContain('broker 1: 127.0.0.1:9092: the port is taken\n')
  expect(text).not.toContain('at somewhere')
  expect(text).toMatch(/not told: partitions: no broker answers\n$/)
})

function report(changed: Partial<ClusterReport> = {}): ClusterReport {
  const controllers = [3000, 3001].map((id, index) => {
    return { id, state: 'running', failure: null, address: `127.0.0.1:400${index}` } as const
  })
  return {
    clusterId: 'c',
    bootstrap: '127.0.0.1:9092',
    brokers: [broker()],
    controllers,
    quorum: {
      leaderId: 3000,
      leaderEpoch: 5,
      highWatermark: 40n,
      voters: [voter(3000, 40n), voter(3001, 40n)],
      observers: [],
    },
    partitions: [partition()],
    problems: [],
    ...changed,
  }
}

function broker(changed: Partial<BrokerReport> = {}): BrokerReport {
  return {
    id: 1,
    state: 'running',
    failure: null,
    address: '127.0.0.1:9092',
    brokerEpoch: 12n,
    fenced: false,
    leaders: 1,
    replicas: 1,
    inSync: 1,
    ...changed,
  }
}

function partition(changed: Partial<PartitionReport> = {}): PartitionReport {
  return {
    topic: 'orders',
    partition: 0,
    leader: 1,
    leaderEpoch: 4,
    replicas: [1],
    isr: [1],
    elr: [],
    lastKnownElr: [],
    offlineReplicas: [],
    ...changed,
  }
}

function voter(replicaId: number, logEndOffset: bigint): QuorumReplica {
  const lag = 40n - logEndOffset
  return {
    replicaId,
    logEndOffset,
    lag,
    lastFetchTimestampMs: -1n,
    lastCaughtUpTimestampMs: -1n,
  }
}
