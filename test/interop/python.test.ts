import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { python } from './setup/python.ts'
import { createTopic, pythonRun } from './tools.ts'
import { keepsOldRecords } from '../cluster/old-records.ts'

const found = await python.find()
let cluster: RunningCluster

describe.skipIf(found === null)('Python clients', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest({ configs: keepsOldRecords })
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test('confluent-kafka produces, consumes and administers', async () => {
    const steps = await pythonRun('confluent_round.py', [cluster.bootstrap, 'c'])

    const brokers = cluster.bootstrap.split(',').length
    const dynamic = (value: string) => ({ value, source: 1, default: false })
    const byDefault = (value: string) => ({ value, source: 5, default: true })
    expect(steps).toEqual([
      { step: 'create', error: null },
      { step: 'create again', error: 'TOPIC_ALREADY_EXISTS' },
      { step: 'unknown config', error: 'INVALID_CONFIG' },
      { step: 'replication factor 9', error: 'INVALID_REPLICATION_FACTOR' },
      { step: 'bad name', error: 'TOPIC_EXCEPTION' },
      { step: 'validate only', error: null },
      { step: 'more partitions', error: null },
      { step: 'fewer partitions', error: 'INVALID_PARTITIONS' },
      { step: 'metadata', partitions: 4, names: ['c-confluent'] },
      { step: 'describe topic', partitions: [0, 1, 2, 3], internal: false, hasId: true },
      { step: 'describe cluster', nodes: brokers, clusterId: true, controller: true },
      { step: 'config', retention: dynamic('86400000'), segment: byDefault('1073741824') },
      { step: 'alter config', error: null },
      { step: 'altered config', retention: dynamic('3600000'), size: byDefault('1048588') },
      { step: 'bad value', error: 'INVALID_CONFIG' },
      { step: 'produced', count: 1000, errors: [], last: 249 },
      { step: 'consumed', count: 1000, k7: ['v7', 1_700_000_007_000, '7'] },
      { step: 'watermarks', values: [0, 1, 2, 3].map(() => [0, 250]) },
      { step: 'offset for time', offset: 100 },
      { step: 'offset for a later time', offset: -1 },
      { step: 'committed', offsets: [250, 250, 250, 250] },
      { step: 'group', state: 'STABLE', members: 1, assigned: 4 },
      { step: 'delete busy group', error: 'NON_EMPTY_GROUP' },
      { step: 'list groups', states: { 'c-group': 'EMPTY' } },
      { step: 'group offsets', offsets: [[2, 250]] },
      { step: 'alter offsets', error: null },
      { step: 'altered offsets', offsets: [[2, 5]] },
      { step: 'delete group', error: null },
      { step: 'list offsets earliest', offset: 0, timestamp: -1 },
      { step: 'list offsets latest', offset: 250, timestamp: -1 },
      { step: 'list offsets max timestamp', offset: 249, timestamp: 1_700_000_996_000 },
      { step: 'delete records', lowWatermark: 100 },
      { step: 'earliest after deletion', offset: 100 },
      { step: 'delete topic', error: null },
      { step: 'delete again', error: 'UNKNOWN_TOPIC_OR_PART' },
    ])
  })

  test('confluent-kafka shares partitions cooperatively, with static members', async () => {
    await createTopic(cluster, 'cooperative', { partitions: 6 })
    const args = [cluster.bootstrap, 'cooperative', 'cooperative-group']
    const steps = await pythonRun('confluent_group.py', args)

    const all = [0, 1, 2, 3, 4, 5]
    expect(steps).toEqual([
      { step: 'alone', owned: all, read: 300 },
      { step: 'shared', together: all, kept: 3 },
      { step: 'came back', same: true, otherUndisturbed: true, reread: 0 },
      {
        step: 'described',
        state: 'STABLE',
        assignor: 'cooperative-sticky',
        instances: ['one', 'two'],
      },
      { step: 'session ended', owned: all },
    ])
  })

  test('kafka-python produces, consumes and administers', async () => {
    expect(await pythonRun('kafka_python_round.py', [cluster.bootstrap, 'k'])).toEqual([
      { step: 'create', error: null },
      { step: 'create again', error: 'TopicAlreadyExistsError' },
      { step: 'more partitions', error: null },
      { step: 'delete missing', error: 'UnknownTopicOrPartitionError' },
      { step: 'configs', retention: true },
      { step: 'produced', count: 300, last: 99 },
      { step: 'consumed', count: 300, v7: ['k7', 1_700_000_000_007, '7'] },
      { step: 'committed', offsets: [100, 100, 100] },
      { step: 'ends', offsets: [100, 100, 100], begins: [0, 0, 0] },
      { step: 'offset for time', offset: 50 },
      { step: 'sought', offset: 95, value: 'v286' },
      { step: 'groups', listed: true },
      { step: 'delete group', error: null },
      { step: 'delete', error: null },
    ])
  })
})
