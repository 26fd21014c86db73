import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { ControlledCluster, incarnation } from './controlled-cluster.ts'

const sessionTimeoutMs = 9000

describe('BrokerRegistration', () => {
  test("a broker's epoch is the offset of the record that registers it", () => {
    const some = new ControlledCluster()
    const offset = BigInt(some.log.length)
    expect(some.register(1)).toEqual({ throttleTimeMs: 0, errorCode: 0, brokerEpoch: offset })
    expect(some.log[Number(offset)]!.type).toBe('RegisterBrokerRecord')
  })

  test('a broker begins fenced', () => {
    const some = new ControlledCluster()
    some.register(1)
    expect(some.controller.image.brokers.get(1)).toMatchObject({
      fenced: true,
      inControlledShutdown: false,
      incarnationId: incarnation(1),
    })
  })

  test('a broker of another cluster is refused', () => {
    const some = new ControlledCluster()
    const { errorCode } = some.register(1, { clusterId: 'another' })
    expect(errorName(errorCode)).toBe('INCONSISTENT_CLUSTER_ID')
    expect(some.controller.image.brokers.size).toBe(0)
  })

  test('a broker that cannot read this metadata version is refused', () => {
    const some = new ControlledCluster()
    const features = [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 7 }]
    const { errorCode } = some.register(1, { features })
    expect(errorName(errorCode)).toBe('UNSUPPORTED_VERSION')
  })

  test('a second process with the id of one that is alive is refused', () => {
    const some = new ControlledCluster().startBrokers(1)
    const { errorCode } = some.register(1, { incarnationId: incarnation(1, 2) })
    expect(errorName(errorCode)).toBe('DUPLICATE_BROKER_REGISTRATION')
  })

  test('a process after one that stopped cleanly is taken at once', () => {
    const some = new ControlledCluster().startBrokers(1)
    const { brokerEpoch } = some.controller.image.brokers.get(1)!
    const second = { incarnationId: incarnation(1, 2), previousBrokerEpoch: brokerEpoch }
    expect(some.register(1, second).errorCode).toBe(0)
  })

  test('a process that has another epoch than the one alive, as of an old folder, is refused', () => {
    const some = new ControlledCluster().startBrokers(1)
    const { brokerEpoch } = some.controller.image.brokers.get(1)!
    const second = { incarnationId: incarnation(1, 2), previousBrokerEpoch: brokerEpoch - 1n }
    expect(errorName(some.register(1, second).errorCode)).toBe('DUPLICATE_BROKER_REGISTRATION')
  })

  test('a process that registers again is unfenced once it has replayed that too', () => {
    const some = new ControlledCluster()
    const first = some.register(1).brokerEpoch
    expect(some.register(1).brokerEpoch).toBe(first)
    expect(some.heartbeat(1, { currentMetadataOffset: first })).toMatchObject({
      isCaughtUp: false,
      isFenced: true,
    })
    expect(some.heartbeat(1)).toMatchObject({ isCaughtUp: true, isFenced: false })
  })

  test('a process after one that was registered and never heard of is taken at once', () => {
    const some = new ControlledCluster()
    some.register(1)
    expect(some.register(1, { incarnationId: incarnation(1, 2) }).errorCode).toBe(0)
    some.heartbeat(1, { wantFence: true })
    // Fenced or not: it is alive.
    const { errorCode } = some.register(1, { incarnationId: incarnation(1, 3) })
    expect(errorName(errorCode)).toBe('DUPLICATE_BROKER_REGISTRATION')
  })

  test('brokers that shut down together do not wait for one another', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.create({ name: 'one', assignments: [{ partitionIndex: 0, brokerIds: [1] }] })
    some.create({ name: 'two', assignments: [{ partitionIndex: 0, brokerIds: [2] }] })
    const currentMetadataOffset = 0n
    some.heartbeat(1, { wantShutDown: true, currentMetadataOffset })
    some.heartbeat(2, { wantShutDown: true, currentMetadataOffset })
    expect(some.heartbeat(1, { wantShutDown: true }).shouldShutDown).toBe(true)
  })

  test('a second process is taken once the first has been silent for the session timeout', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.nowMs += sessionTimeoutMs
    expect(some.register(1, { incarnationId: incarnation(1, 2) }).errorCode).toBe(0)
  })

  test('after a restart of everything, no broker waits for the session of its predecessor', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.create('orders')
    some.controller = some.replayed()
    some.controller.activate(some.nowMs)
    expect(some.register(1, { incarnationId: incarnation(1, 2) }).errorCode).toBe(0)
    expect(some.partition('orders').leader).toBe(-1)
    some.heartbeat(1)
    expect(some.partition('orders')).toMatchObject({ leader: 1, leaderEpoch: 2, isr: [1] })
  })

  test('the same process registering again keeps its epoch and what it leads', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.create('orders')
    const before = some.controller.image.brokers.get(1)!
    expect(some.register(1).brokerEpoch).toBe(before.brokerEpoch)
    expect(some.controller.image.brokers.get(1)).toEqual(before)
    expect(some.partition('orders').leader).toBe(1)
  })
})

describe('BrokerHeartbeat', () => {
  test('a broker is unfenced once it has replayed its own registration, and not before', () => {
    const some = new ControlledCluster()
    const { brokerEpoch } = some.register(1)
    expect(some.heartbeat(1, { currentMetadataOffset: brokerEpoch - 1n })).toMatchObject({
      isCaughtUp: false,
      isFenced: true,
    })
    expect(some.heartbeat(1, { currentMetadataOffset: brokerEpoch })).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      isCaughtUp: true,
      isFenced: false,
      shouldShutDown: false,
    })
    expect(some.controller.image.brokers.get(1)!.fenced).toBe(false)
  })

  test('a heartbeat that changes nothing writes nothing', () => {
    const some = new ControlledCluster().startBrokers(1)
    const length = some.log.length
    some.heartbeat(1)
    expect(some.log.length).toBe(length)
  })

  test.each([[-1n], [0n], [99n]])('a heartbeat with broker epoch %s is stale', brokerEpoch => {
    const some = new ControlledCluster().startBrokers(1)
    expect(errorName(some.heartbeat(1, { brokerEpoch }).errorCode)).toBe('STALE_BROKER_EPOCH')
  })

  test('a fenced broker leads nothing, stays eligible where it was the last, and leads again', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.create({ name: 'mine', assignments: [{ partitionIndex: 0, brokerIds: [1] }] })
    some.create({ name: 'other', assignments: [{ partitionIndex: 0, brokerIds: [2] }] })
    const other = some.partition('other')
    some.heartbeat(1, { wantFence: true })
    expect(some.partition('mine')).toMatchObject({
      leader: -1,
      isr: [],
      eligibleLeaderReplicas: [1],
      leaderEpoch: 1,
      partitionEpoch: 1,
    })
    some.heartbeat(1)
    expect(some.partition('mine')).toMatchObject({
      leader: 1,
      isr: [1],
      leaderEpoch: 2,
      partitionEpoch: 2,
    })
    expect(some.partition('other')).toBe(other)
  })

  test('a broker that shuts down hands over first, then may go', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.create('orders')
    expect(some.heartbeat(1, { wantShutDown: true })).toMatchObject({
      isFenced: false,
      shouldShutDown: false,
    })
    expect(some.controller.image.brokers.get(1)).toMatchObject({
      fenced: false,
      inControlledShutdown: true,
    })
    expect(some.partition('orders')).toMatchObject({ leader: -1, eligibleLeaderReplicas: [1] })
    expect(some.heartbeat(1, { wantShutDown: true })).toMatchObject({
      isFenced: true,
      shouldShutDown: true,
    })
    expect(some.controller.image.brokers.get(1)!.fenced).toBe(true)
  })

  test('a broker that has begun to shut down does not come back without registering anew', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.create('orders')
    some.heartbeat(1, { wantShutDown: true })
    some.heartbeat(1, { wantShutDown: true })
    expect(some.heartbeat(1)).toMatchObject({ isFenced: true, shouldShutDown: true })
    const previousBrokerEpoch = some.controller.image.brokers.get(1)!.brokerEpoch
    some.register(1, { incarnationId: incarnation(1, 2), previousBrokerEpoch })
    expect(some.heartbeat(1)).toMatchObject({ isFenced: false, shouldShutDown: false })
    expect(some.partition('orders').leader).toBe(1)
  })

  test('a broker that leads nothing may go at once', () => {
    const some = new ControlledCluster().startBrokers(1)
    expect(some.heartbeat(1, { wantShutDown: true }).shouldShutDown).toBe(true)
  })

  test('a broker waits until the others have heard who leads in its place', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.create({ name: 'mine', assignments: [{ partitionIndex: 0, brokerIds: [1] }] })
    some.heartbeat(1, { wantShutDown: true })
    const handedOver = BigInt(some.log.length - 1)
    some.heartbeat(2, { currentMetadataOffset: handedOver - 1n })
    expect(some.heartbeat(1, { wantShutDown: true }).shouldShutDown).toBe(false)
    some.heartbeat(2, { currentMetadataOffset: handedOver })
    expect(some.heartbeat(1, { wantShutDown: true }).shouldShutDown).toBe(true)
  })

  test.each([
    ['a negative id', { brokerId: -1 }, 'INVALID_REGISTRATION'],
    ['a life under ZooKeeper', { isMigratingZkBroker: true }, 'BROKER_ID_NOT_REGISTERED'],
    ['no word of the metadata that it supports', { features: [] }, 'INVALID_REGISTRATION'],
  ])('a broker of %s is refused', (_, overrides, error) => {
    const some = new ControlledCluster()
    expect(errorName(some.register(1, overrides).errorCode)).toBe(error)
    expect(some.controller.image.brokers.size).toBe(0)
  })

  test('a broker that shuts down gets no new partition', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.create({ name: 'mine', assignments: [{ partitionIndex: 0, brokerIds: [1] }] })
    some.heartbeat(1, { wantShutDown: true })
    some.create({ name: 'later', numPartitions: 4 })
    const later = some.controller.image.topicsByName.get('later')!
    expect(later.partitions.map(partition => partition.leader)).toEqual([2, 2, 2, 2])
  })
})

describe('broker sessions', () => {
  test('a silent broker is fenced on the first tick at the session timeout', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.create({ name: 'mine', assignments: [{ partitionIndex: 0, brokerIds: [1] }] })
    some.nowMs = 4000
    some.heartbeat(2)
    expect(some.controller.nextDeadlineMs()).toBe(sessionTimeoutMs)
    some.nowMs = sessionTimeoutMs - 1
    expect(some.tick()).toEqual([])
    some.nowMs = sessionTimeoutMs
    expect(some.tick().map(change => change.type)).toEqual(['broker-changed', 'partition-changed'])
    expect(some.controller.image.brokers.get(1)!.fenced).toBe(true)
    expect(some.controller.image.brokers.get(2)!.fenced).toBe(false)
    expect(some.controller.nextDeadlineMs()).toBe(4000 + sessionTimeoutMs)
  })

  test('all that are overdue are fenced, one after the other', () => {
    const some = new ControlledCluster().startBrokers(1, 2, 3)
    some.nowMs = 20_000
    some.tick()
    expect([...some.controller.image.brokers.values()].map(broker => broker.fenced)).toEqual([
      true,
      true,
      true,
    ])
    expect(some.controller.nextDeadlineMs()).toBe(300_000)
  })

  test('the session timeout is the one configured', () => {
    const some = new ControlledCluster({ 'broker.session.timeout.ms': '500' }).startBrokers(1)
    expect(some.controller.nextDeadlineMs()).toBe(500)
  })

  test('a new controller gives every broker a whole session', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.nowMs = 8000
    some.controller = some.replayed()
    some.controller.activate(some.nowMs)
    expect(some.controller.nextDeadlineMs()).toBe(8000 + sessionTimeoutMs)
  })

  test('a controller that is not active fences nobody', () => {
    const some = new ControlledCluster().startBrokers(1)
    some.controller.deactivate()
    some.nowMs = 20_000
    expect(some.controller.nextDeadlineMs()).toBe(null)
    expect(some.controller.tick(some.nowMs)).toEqual([])
  })
})

describe('UnregisterBroker', () => {
  test('an unregistered broker is gone, and what it led waits without a leader', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.create({ name: 'mine', assignments: [{ partitionIndex: 0, brokerIds: [1] }] })
    some.done(some.controller.handleUnregisterBroker({ brokerId: 1 }))
    expect([...some.controller.image.brokers.keys()]).toEqual([2])
    expect(some.partition('mine')).toMatchObject({
      leader: -1,
      replicas: [1],
      isr: [],
      eligibleLeaderReplicas: [1],
    })
  })

  test('a broker nobody knows cannot be unregistered', () => {
    const some = new ControlledCluster()
    const response = some.done(some.controller.handleUnregisterBroker({ brokerId: 7 }))
    expect(response).toEqual({
      throttleTimeMs: 0,
      errorCode: 102,
      errorMessage: 'broker 7 is not registered',
    })
  })
})
