import { expect, test } from 'vitest'
import { CLIENT_LISTENER } from '../../../engine/broker/cluster-view.ts'
import { GroupedFlushes } from '../../../engine/broker/grouped-flushes.ts'
import { Partition } from '../../../engine/broker/partition.ts'
import { ReplicaFetchers } from '../../../engine/broker/replica-fetchers.ts'
import { ReplicationThrottle } from '../../../engine/broker/replication-throttle.ts'
import { brokerSettings } from '../../../engine/config/settings.ts'
import { MetadataImage } from '../../../engine/controller/metadata-image.ts'
import { errorCode } from '../../../engine/protocol/errors.ts'
import { fetchRequest, fetchResponse } from '../../../engine/protocol/messages/fetch.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../../engine/protocol/messages/list-offsets.ts'
import { PartitionFollower } from '../../../engine/replica/partition-follower.ts'
import { servedApi } from '../../../engine/server/dispatcher.ts'
import { InMemoryNetwork, settled } from '../in-memory-network.ts'
import { FullableDisk } from '../log/fullable-disk.ts'
import { asClient, oneRecord, openLog, topicId } from '../log/log-fixture.ts'
import { ManualClock } from '../manual-clock.ts'
import { serveNode } from './in-memory-node.ts'

const LEADER = 2
const FOLLOWER = 1
const LATEST = -1n
/** Without it, whoever asks again at once would do so for ever. */
const ANSWER_MS = 1
const outOfRange = errorCode('OFFSET_OUT_OF_RANGE')

/**
 * A leader that has one record of each partition, and serves who stands behind it; partitions that
 * `isMoving` names serve nobody, whatever they say of their range. And how often it was asked for each.
 */
async function world({ isMoving }: { isMoving: (index: number) => boolean }) {
  const network = new InMemoryNetwork({})
  const clock = new ManualClock()
  const address = { host: '127.0.0.1', port: 9_002 }
  const fetches = new Map<number, number>()
  const answered = (partitionIndex: number, fetchOffset: bigint) => ({
    partitionIndex,
    errorCode: fetchOffset === 1n && !isMoving(partitionIndex) ? 0 : outOfRange,
    highWatermark: 1n,
    abortedTransactions: null,
    records: null,
  })
  const fetch = servedApi({
    request: fetchRequest,
    response: fetchResponse,
    handle: async ({ topics }) => {
      await new Promise<void>(resolve => void clock.at(clock.nowMs() + ANSWER_MS, resolve))
      const responses = topics.map(topic => ({
        topicId: topic.topicId,
        partitions: topic.partitions.map(({ partition, fetchOffset }) => {
          fetches.set(partition, (fetches.get(partition) ?? 0) + 1)
          return answered(partition, fetchOffset)
        }),
      }))
      // A leader that keeps no sessions is told of every partition with every fetch.
      return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses }
    },
    failed: ({ code }) => ({ errorCode: code, throttleTimeMs: 0, responses: [] }),
  })
  const listOffsets = servedApi({
    request: listOffsetsRequest,
    response: listOffsetsResponse,
    handle: ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          errorCode: 0,
          oldStyleOffsets: [],
          timestamp: -1n,
          offset: timestamp === LATEST ? 1n : 0n,
          leaderEpoch: 0,
        })),
      })),
    }),
    failed: () => ({ throttleTimeMs: 0, topics: [] }),
  })
  await serveNode({ network, clock, address, apis: [fetch, listOffsets] })
  const fetchers = new ReplicaFetchers({
    brokerId: FOLLOWER,
    brokerEpoch: () => 1n,
    image: imageWith(address.port),
    settings: brokerSettings,
    network,
    clock,
    logger: { info() {}, warn() {}, error() {} },
    throttle: new ReplicationThrottle(FOLLOWER, new MetadataImage()),
    flushes: new GroupedFlushes({ info() {}, warn() {}, error() {} }),
    onCommitted: () => {},
  })
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed++) {
      await settled()
      clock.advance(1)
    }
    await settled()
  }
  /** Follows the leader with one record more than that has, of an epoch of its own. */
  const follow = (index: number, disk = new FullableDisk()) => {
    const log = openLog(disk)
    for (const leaderEpoch of [0, 1])
      log.appendAsLeader(oneRecord(`of epoch ${leaderEpoch}`), { ...asClient, leaderEpoch })
    const partition = new Partition({ topic: 'orders', topicId, index, log, highWatermark: 0n })
    const led = { leaderId: LEADER, leaderEpoch: 2, highWatermark: 0n }
    partition.beginFollowing(new PartitionFollower(led))
    fetchers.follow(partition)
    return { log, disk }
  }
  return { fetchers, fetches, pass, follow }
}

function imageWith(port: number): MetadataImage {
  const image = new MetadataImage()
  image.replay(
    {
      type: 'RegisterBrokerRecord',
      value: {
        brokerId: LEADER,
        isMigratingZkBroker: false,
        incarnationId: topicId,
        brokerEpoch: 1n,
        endPoints: [{ name: CLIENT_LISTENER, host: '127.0.0.1', port, securityProtocol: 0 }],
        features: [],
        rack: null,
        fenced: false,
        inControlledShutdown: false,
        logDirs: [],
        cordonedLogDirs: null,
      },
    },
    0n,
  )
  return image
}

test('a partition whose disk fails as it is truncated holds up no other', async () => {
  const { fetchers, fetches, pass, follow } = await world({ isMoving: () => false })
  const stuck = follow(0)
  const other = follow(1)
  stuck.disk.isFull = true
  await pass(3)
  expect(other.log.epochs()).toEqual([{ leaderEpoch: 0, startOffset: 0n }])
  expect(fetches.get(1)).toBeGreaterThan(1)
  stuck.disk.isFull = false
  await pass(100)
  expect(stuck.log.epochs()).toEqual([{ leaderEpoch: 0, startOffset: 0n }])
  expect(fetches.get(0)).toBeGreaterThan(50)
  await fetchers.stop()
})

test('who is refused within the leader’s range asks again later, and holds up nobody', async () => {
  const { fetchers, fetches, pass, follow } = await world({ isMoving: index => index === 0 })
  follow(0)
  const other = follow(1)
  await pass(200)
  expect(fetches.get(0)).toBeLessThan(10)
  expect(fetches.get(1)).toBeGreaterThan(50)
  expect(other.log.logEndOffset).toBe(1n)
  await fetchers.stop()
})
