import { describe, expect, test } from 'vitest'
import { advertisedFeatures } from '../../../engine/controller/bootstrap.ts'
import { rulesOfTopic } from '../../../engine/controller/partition-rules.ts'
import { errorName } from '../../../engine/protocol/errors.ts'
import { ControlledCluster, directory, incarnation } from './controlled-cluster.ts'

const elr = 'eligible.leader.replicas.version'
const upgrade = 1
const downgrade = 2

describe('a new cluster', () => {
  test('runs at the newest metadata version, with eligible leader replicas', () => {
    const some = new ControlledCluster({ 'min.insync.replicas': '2' })
    expect(Object.fromEntries(some.controller.image.features)).toEqual({
      'metadata.version': 30,
      [elr]: 1,
    })
    expect(Object.fromEntries(some.controller.image.configs(4, ''))).toEqual({
      'min.insync.replicas': '2',
    })
  })

  test('advertises what it supports and what it runs at', () => {
    const { image } = new ControlledCluster().controller
    expect(advertisedFeatures(image)).toEqual({
      supported: [
        { name: 'metadata.version', minVersion: 7, maxVersion: 30 },
        { name: elr, minVersion: 0, maxVersion: 1 },
        { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
      ],
      finalized: [
        { name: 'metadata.version', minVersionLevel: 30, maxVersionLevel: 30 },
        { name: elr, minVersionLevel: 1, maxVersionLevel: 1 },
      ],
      finalizedEpoch: image.lastOffset,
    })
  })

  test('advertises kraft.version where the quorum says that its voters can change', () => {
    const { image } = new ControlledCluster().controller
    const levels = () => advertisedFeatures(image).finalized.map(({ name }) => name)
    expect(levels()).not.toContain('kraft.version')
    image.kRaftVersion = 1
    expect(advertisedFeatures(image).finalized.at(-1)).toEqual({
      name: 'kraft.version',
      minVersionLevel: 1,
      maxVersionLevel: 1,
    })
  })
})

describe('UpdateFeatures', () => {
  test('a feature is switched off and on again', () => {
    const some = new ControlledCluster().startBrokers(1)
    expect(some.updateFeature(elr, 0, downgrade)).toBe('NONE')
    expect(some.controller.image.features.has(elr)).toBe(false)
    expect(some.updateFeature(elr, 1, upgrade)).toBe('NONE')
    expect(some.controller.image.features.get(elr)).toBe(1)
  })

  test('what is only validated is not written', () => {
    const some = new ControlledCluster()
    const length = some.log.length
    expect(some.updateFeature(elr, 0, downgrade, true)).toBe('NONE')
    expect(some.log.length).toBe(length)
  })

  test.each([
    ['a downgrade that is not asked for as such', elr, 0, upgrade],
    ['a level that nobody supports', elr, 2, upgrade],
    ['a feature that nobody knows', 'nothing.version', 1, upgrade],
    ['a feature that nobody knows, at its first level too,', 'nothing.version', 0, downgrade],
    ['what the quorum decides by itself', 'kraft.version', 1, upgrade],
    ['what nobody serves yet', 'group.version', 1, upgrade],
    ['a negative level', elr, -1, downgrade],
    ['an upgrade type that there is not', elr, 1, 4],
    ['metadata that older ones could not read', 'metadata.version', 22, downgrade],
    ['an unsafe downgrade', 'metadata.version', 22, 3],
    ['a downgrade that goes up', 'metadata.version', 31, downgrade],
  ])('%s is refused', (_, feature, level, type) => {
    const some = new ControlledCluster().startBrokers(1)
    const before = new Map(some.controller.image.features)
    expect(some.updateFeature(feature, level, type)).toBe('INVALID_UPDATE_VERSION')
    expect(some.controller.image.features).toEqual(before)
  })

  test('kraft.version may be asked to be what it is, and not to go back', () => {
    const some = new ControlledCluster()
    some.controller.image.kRaftVersion = 1
    const length = some.log.length
    expect(some.updateFeature('kraft.version', 1, upgrade)).toBe('NONE')
    expect(some.updateFeature('kraft.version', 1, downgrade)).toBe('NONE')
    expect(some.log.length).toBe(length)
    for (const type of [upgrade, downgrade, 3])
      expect(some.updateFeature('kraft.version', 0, type)).toBe('INVALID_UPDATE_VERSION')
  })

  test('a feature that nobody serves is at 0, and may be asked to be', () => {
    const some = new ControlledCluster()
    const length = some.log.length
    for (const feature of ['group.version', 'transaction.version', 'share.version'])
      expect(some.updateFeature(feature, 0, downgrade)).toBe('NONE')
    expect(some.log.length).toBe(length)
  })

  test('a feature that is named twice goes where it is named last', () => {
    const some = new ControlledCluster()
    const twice = [2, 0].map(maxVersionLevel => {
      return { feature: elr, maxVersionLevel, allowDowngrade: false, upgradeType: downgrade }
    })
    const request = { timeoutMs: 1_000, featureUpdates: twice, validateOnly: false }
    const { errorCode } = some.done(some.controller.handleUpdateFeatures(request, some.context(2)))
    expect(errorName(errorCode)).toBe('NONE')
    expect(some.controller.image.features.has(elr)).toBe(false)
  })

  test('a broker that cannot follow holds the whole cluster back', () => {
    const some = new ControlledCluster()
    some.updateFeature(elr, 0, downgrade)
    const features = [{ name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 30 }]
    some.register(1, { features })
    expect(some.updateFeature(elr, 1)).toBe('INVALID_UPDATE_VERSION')
  })

  test('a broker that does not know a feature in force is not registered', () => {
    const some = new ControlledCluster()
    const features = [{ name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 30 }]
    expect(errorName(some.register(1, { features }).errorCode)).toBe('UNSUPPORTED_VERSION')
  })

  test('eligible leader replicas bring one minimum of in-sync replicas for all brokers', () => {
    const some = new ControlledCluster({ 'min.insync.replicas': '3' }).startBrokers(1)
    some.updateFeature(elr, 0, downgrade)
    expect(some.configure('', 'min.insync.replicas', null)).toBe('NONE')
    expect(some.configure('1', 'min.insync.replicas', '2')).toBe('NONE')
    expect(some.updateFeature(elr, 1)).toBe('NONE')
    expect(Object.fromEntries(some.controller.image.configs(4, ''))).toEqual({
      'min.insync.replicas': '3',
    })
    expect(some.controller.image.configs(4, '1').size).toBe(0)
  })
})

describe('min.insync.replicas beside eligible leader replicas', () => {
  test('it is not set for one broker, and not taken from all of them', () => {
    const some = new ControlledCluster().startBrokers(1)
    expect(some.configure('1', 'min.insync.replicas', '2')).toBe('INVALID_CONFIG')
    expect(some.configure('', 'min.insync.replicas', null)).toBe('INVALID_CONFIG')
    expect(some.configure('', 'min.insync.replicas', '2')).toBe('NONE')
  })

  test('a change of it forgets who was eligible under the old one', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    for (const name of ['orders', 'payments']) {
      some.createOn(name, [1, 2], { 'min.insync.replicas': '2' })
      some.alterPartition(name, [1])
      expect(some.partition(name).eligibleLeaderReplicas).toEqual([2])
    }
    some.configure('orders', 'min.insync.replicas', '1')
    expect(some.partition('orders').eligibleLeaderReplicas).toEqual([])
    expect(some.partition('payments').eligibleLeaderReplicas).toEqual([2])
    some.configure('', 'min.insync.replicas', '2')
    expect(some.partition('payments').eligibleLeaderReplicas).toEqual([])
  })

  test('a change of it does not forget who may lead a partition that nobody is in sync with', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.createOn('orders', [1, 2], { 'min.insync.replicas': '2' }).lose(1, 2)
    const before = some.partition('orders')
    expect(before).toMatchObject({ isr: [], eligibleLeaderReplicas: [1, 2], lastKnownElr: [2] })
    expect(some.configure('orders', 'min.insync.replicas', '1')).toBe('NONE')
    const { partitionEpoch } = some.partition('orders')
    expect(some.partition('orders')).toEqual({ ...before, partitionEpoch })
    // From then on one is enough, and whoever is not in sync falls behind.
    some.restart(1, 'clean')
    expect(some.partition('orders')).toMatchObject({
      leader: 1,
      isr: [1],
      eligibleLeaderReplicas: [],
    })
  })

  test('it never asks for more replicas than a topic has', () => {
    const some = new ControlledCluster({ 'min.insync.replicas': '3' }).startBrokers(1, 2)
    some.createOn('orders', [1, 2])
    const topic = some.controller.image.topicsByName.get('orders')!
    const rules = rulesOfTopic(some.controller, topic)(topic.partitions[0]!)
    expect(rules.minIsr).toBe(2)
  })
})

describe('AssignReplicasToDirs', () => {
  function assign(some: ControlledCluster, id: string, overrides = {}) {
    const topic = some.controller.image.topicsByName.get('orders')!
    const { errorCode, directories } = some.done(
      some.controller.handleAssignReplicasToDirs({
        brokerId: 1,
        brokerEpoch: some.controller.image.brokers.get(1)!.brokerEpoch,
        directories: [
          {
            id,
            topics: [{ topicId: topic.topicId, partitions: [{ partitionIndex: 0 }] }],
          },
        ],
        ...overrides,
      }),
    )
    if (errorCode !== 0) return errorName(errorCode)
    return errorName(directories[0]!.topics[0]!.partitions[0]!.errorCode)
  }

  const elsewhere = incarnation(9)

  test('a replica is where its broker says', () => {
    const some = new ControlledCluster()
    some.register(1, { logDirs: [directory(1), elsewhere] })
    some.heartbeat(1)
    some.startBrokers(2).createOn('orders', [1, 2])
    const [first, second] = some.partition('orders').directories
    expect([first, second]).toEqual(['AAAAAAAAAAAAAAAAAAAAAQ', directory(2)])
    expect(assign(some, elsewhere)).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      directories: [elsewhere, second],
      leader: 1,
      isr: [1, 2],
    })
  })

  test('a replica in a folder that the broker has not is not in sync', () => {
    const some = new ControlledCluster().startBrokers(1, 2).createOn('orders', [1, 2])
    expect(assign(some, elsewhere)).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2] })
  })

  test('a broker of another epoch, and one without the replica, are refused', () => {
    const some = new ControlledCluster().startBrokers(1, 2).createOn('orders', [2])
    expect(assign(some, elsewhere, { brokerEpoch: 99n })).toBe('STALE_BROKER_EPOCH')
    expect(assign(some, elsewhere)).toBe('NOT_LEADER_OR_FOLLOWER')
  })
})
