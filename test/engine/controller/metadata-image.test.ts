import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MetadataImage, type MetadataChange } from '../../../engine/controller/metadata-image.ts'
import { decodeMetadataRecord } from '../../../engine/protocol/metadata-records/metadata-record.ts'
import { isControl, wholeBatches } from '../../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../../engine/protocol/records/record-reader.ts'
import { ControlledCluster, incarnation } from './controlled-cluster.ts'

/**
 * The metadata log of Apache Kafka 4.3.1, one combined node: topics one (3 partitions, then 5;
 * retention.ms set, then deleted), two (created and deleted) and three; log.retention.ms for all
 * brokers; and a clean stop.
 */
const captured = new URL('./captured/apache-kafka-4.3.1-cluster-metadata.log', import.meta.url)

function replayCaptured(): { image: MetadataImage; changes: MetadataChange[] } {
  const image = new MetadataImage()
  const changes: MetadataChange[] = []
  const bytes = readFileSync(captured)
  for (const { at } of wholeBatches(bytes)) {
    if (isControl(bytes, at)) continue
    for (const { offset, value } of readRecords(bytes, at)) {
      const change = image.replay(decodeMetadataRecord(value!), offset, 1)
      if (change !== null) changes.push(change)
    }
  }
  return { image, changes }
}

describe("the metadata log of Apache Kafka's own controller", () => {
  const { image, changes } = replayCaptured()

  test('gives its topics, with what was deleted gone', () => {
    const counts = [...image.topicsByName].map(([name, topic]) => [name, topic.partitions.length])
    expect(counts).toEqual([
      ['one', 5],
      ['three', 1],
    ])
    expect(image.partitionCount).toBe(6)
    expect(changes.filter(change => change.type === 'topic-deleted').length).toBe(1)
  })

  test('gives its configurations as they were last set', () => {
    expect(Object.fromEntries(image.configs(4, ''))).toEqual({
      'min.insync.replicas': '1',
      'log.retention.ms': '77',
    })
    expect(image.configuredResources(2)).toEqual([])
  })

  test('gives its features', () => {
    expect(Object.fromEntries(image.features)).toEqual({
      'metadata.version': 30,
      'eligible.leader.replicas.version': 1,
      'group.version': 1,
      'share.version': 1,
      'streams.version': 1,
      'transaction.version': 2,
    })
  })

  test('gives the broker that stopped, fenced, and its partitions without a leader', () => {
    expect(image.brokers.get(1)).toMatchObject({
      brokerEpoch: 12n,
      fenced: true,
      inControlledShutdown: true,
    })
    expect(image.topicsByName.get('one')!.partitions[0]).toMatchObject({
      replicas: [1],
      isr: [],
      leader: -1,
      leaderEpoch: 1,
      partitionEpoch: 1,
      eligibleLeaderReplicas: [1],
      lastKnownElr: [1],
    })
  })

  test('ends where the log ends', () => {
    expect([image.lastOffset, image.lastEpoch]).toEqual([69n, 1])
  })
})

describe('MetadataImage', () => {
  test('says what each record changed', () => {
    const some = new ControlledCluster()
    some.startBrokers(1)
    const { records } = some.controller.handleCreateTopics({
      topics: [
        {
          name: 'orders',
          numPartitions: 1,
          replicationFactor: 1,
          assignments: [],
          configs: [{ name: 'retention.ms', value: '1' }],
        },
      ],
      timeoutMs: 0,
      validateOnly: false,
    })
    const changes = some.append(records)
    const topic = some.controller.image.topicsByName.get('orders')!
    expect(changes).toEqual([
      { type: 'topic-created', topic },
      {
        type: 'config-changed',
        resourceType: 2,
        resourceName: 'orders',
        name: 'retention.ms',
        value: '1',
      },
      {
        type: 'partition-changed',
        topic,
        partitionIndex: 0,
        before: null,
        after: topic.partitions[0],
      },
    ])
  })

  test('an entry that somebody holds does not change under him', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.create('orders')
    const [broker, partition] = [some.controller.image.brokers.get(1)!, some.partition('orders')]
    const [brokerBefore, partitionBefore] = [{ ...broker }, { ...partition }]
    some.heartbeat(1, { wantFence: true })
    some.register(1, { incarnationId: incarnation(1, 2) })
    expect([broker, partition]).toEqual([brokerBefore, partitionBefore])
    expect(some.controller.image.brokers.get(1)).not.toBe(broker)
    expect(some.partition('orders')).not.toBe(partition)
  })

  test('a record is replayed once', () => {
    const image = new MetadataImage()
    image.replay({ type: 'NoOpRecord', value: {} }, 5n)
    expect(() => image.replay({ type: 'NoOpRecord', value: {} }, 5n)).toThrow('each record once')
    expect(image.lastOffset).toBe(5n)
  })

  test('of a feature at level 0 nothing is left', () => {
    const image = new MetadataImage()
    const set = (featureLevel: number, offset: bigint) =>
      image.replay(
        { type: 'FeatureLevelRecord', value: { name: 'group.version', featureLevel } },
        offset,
      )
    set(1, 0n)
    expect(image.features.get('group.version')).toBe(1)
    expect(set(0, 1n)).toEqual({ type: 'feature-changed', name: 'group.version', level: 0 })
    expect(image.features.size).toBe(0)
  })
})
