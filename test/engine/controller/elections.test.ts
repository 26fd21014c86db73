import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { ControlledCluster } from './controlled-cluster.ts'

const preferred = 0
const unclean = 1

function led(configs: Record<string, string> = {}): ControlledCluster {
  return new ControlledCluster().startBrokers(1, 2, 3).createOn('orders', [1, 2, 3], configs)
}

describe('brokers that come and go', () => {
  test('a broker that is lost leaves the ISR, and the next in order leads', () => {
    const some = led().lose(1)
    expect(some.partition('orders')).toMatchObject({
      leader: 2,
      leaderEpoch: 1,
      isr: [2, 3],
      eligibleLeaderReplicas: [],
    })
  })

  test('a follower that is lost leaves the ISR, and the leader epoch stays', () => {
    const some = led().lose(3)
    expect(some.partition('orders')).toMatchObject({ leader: 1, leaderEpoch: 0, isr: [1, 2] })
  })

  test('two brokers stop one after the other: who stopped last leads first', () => {
    const some = led({ 'min.insync.replicas': '2' }).lose(1).lose(2).lose(3)
    expect(some.partition('orders')).toMatchObject({
      leader: -1,
      isr: [],
      eligibleLeaderReplicas: [2, 3],
      lastKnownElr: [3],
    })
    some.restart(1, 'clean')
    expect(some.partition('orders').leader).toBe(-1)
    some.restart(2, 'clean')
    expect(some.partition('orders')).toMatchObject({
      leader: 2,
      isr: [2],
      eligibleLeaderReplicas: [3],
      leaderRecoveryState: 0,
    })
  })

  test('who comes back after an unclean stop is not eligible (KIP-966)', () => {
    const some = led({ 'min.insync.replicas': '2' }).lose(1).lose(2).lose(3)
    some.restart(2, 'unclean')
    expect(some.partition('orders')).toMatchObject({ leader: -1, eligibleLeaderReplicas: [3] })
    some.restart(3, 'clean')
    expect(some.partition('orders')).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 0 })
  })

  test('when all stopped uncleanly, the last leader leads again and recovers', () => {
    const some = led({ 'min.insync.replicas': '2' }).lose(1).lose(2).lose(3)
    for (const brokerId of [1, 2]) some.restart(brokerId, 'unclean')
    expect(some.partition('orders')).toMatchObject({ leader: -1, eligibleLeaderReplicas: [3] })
    some.restart(3, 'unclean')
    expect(some.partition('orders')).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 1 })
  })

  test('a broker whose process was replaced unnoticed is out of sync if it stopped uncleanly', () => {
    const some = led()
    some.nowMs += 9000
    some.heartbeat(2)
    some.heartbeat(3)
    some.restart(1, 'unclean')
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] })
  })

  test('a broker that shuts down hands its leaderships over, and leaves the ISRs', () => {
    const some = led()
    some.heartbeat(1, { wantShutDown: true })
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] })
    expect(some.controller.image.brokers.get(1)!.inControlledShutdown).toBe(true)
  })

  test('an unregistered broker is in no ISR, and stays assigned', () => {
    const some = led()
    some.done(some.controller.handleUnregisterBroker({ brokerId: 1 }))
    expect(some.partition('orders')).toMatchObject({
      leader: 2,
      isr: [2, 3],
      replicas: [1, 2, 3],
    })
  })

  test('a log folder that breaks is left by its replicas, the leader among them', () => {
    const some = led()
    const { logDirs } = some.controller.image.brokers.get(1)!
    some.done(
      some.controller.handleBrokerHeartbeat(
        {
          brokerId: 1,
          brokerEpoch: some.controller.image.brokers.get(1)!.brokerEpoch,
          currentMetadataOffset: BigInt(some.log.length - 1),
          wantFence: false,
          wantShutDown: false,
          offlineLogDirs: logDirs,
          cordonedLogDirs: null,
        },
        some.context(),
      ),
    )
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] })
  })

  test('without eligible leader replicas, the last of an ISR is waited for', () => {
    const some = led()
    some.updateFeature('eligible.leader.replicas.version', 0, 2)
    some.lose(1, 2, 3)
    expect(some.partition('orders')).toMatchObject({
      leader: -1,
      isr: [3],
      eligibleLeaderReplicas: [],
    })
    some.restart(2, 'clean')
    expect(some.partition('orders').leader).toBe(-1)
    some.restart(3, 'unclean')
    expect(some.partition('orders')).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 0 })
  })

  test('the last of an ISR leads again that comes back unclean after they were switched on', () => {
    const some = led()
    some.updateFeature('eligible.leader.replicas.version', 0, 2)
    some.lose(1, 2, 3)
    some.updateFeature('eligible.leader.replicas.version', 1, 1)
    some.restart(3, 'unclean')
    expect(some.partition('orders')).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 1 })
  })
})

describe('ElectLeaders', () => {
  test('a preferred election gives leadership back', () => {
    const some = led().lose(1).restart(1, 'clean')
    expect(some.elect('orders', preferred)).toBe('PREFERRED_LEADER_NOT_AVAILABLE')
    some.alterPartition('orders', [2, 3, 1])
    expect(some.elect('orders', preferred)).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({ leader: 1, leaderEpoch: 2, isr: [2, 3, 1] })
    expect(some.elect('orders', preferred)).toBe('ELECTION_NOT_NEEDED')
  })

  test('an unclean election takes who is alive, at the price of records', () => {
    const some = led()
    some.alterPartition('orders', [1])
    expect(some.elect('orders', unclean)).toBe('ELECTION_NOT_NEEDED')
    some.lose(1)
    expect(some.partition('orders').leader).toBe(-1)
    expect(some.elect('orders', unclean)).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      leader: 2,
      isr: [2],
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
      leaderRecoveryState: 1,
    })
  })

  test('with nobody alive an unclean election fails', () => {
    const some = led().lose(1, 2, 3)
    expect(some.elect('orders', unclean)).toBe('ELIGIBLE_LEADERS_NOT_AVAILABLE')
  })

  test('there are two types of election, and topics have to exist', () => {
    expect(led().elect('orders', 2)).toBe('INVALID_REQUEST')
    expect(led().elect('nothing', preferred)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  test('asked for all partitions, those that need no election are left out', () => {
    const some = led().createOn('payments', [2, 1])
    some.lose(1).restart(1, 'clean')
    some.alterPartition('orders', [2, 3, 1])
    const { replicaElectionResults } = some.done(
      some.controller.handleElectLeaders(
        { electionType: preferred, topicPartitions: null, timeoutMs: 1000 },
        some.context(2),
      ),
    )
    expect(
      replicaElectionResults.map(({ topic, partitionResult }) => [
        topic,
        partitionResult.map(result => errorName(result.errorCode)),
      ]),
    ).toEqual([
      ['orders', ['NONE']],
      ['payments', []],
    ])
  })
})

describe('elections that nobody asks for', () => {
  const balanceMs = 300_000

  function unbalanced(configs: Readonly<Record<string, string>> = {}): ControlledCluster {
    const some = new ControlledCluster({
      'broker.session.timeout.ms': '900000',
      ...configs,
    }).startBrokers(1, 2)
    some.createOn('orders', [1, 2]).lose(1).restart(1, 'clean')
    some.alterPartition('orders', [2, 1])
    expect(some.partition('orders').leader).toBe(2)
    return some
  }

  test('leadership goes back to the preferred replica after the interval', () => {
    const some = unbalanced()
    expect(some.controller.nextDeadlineMs()).toBe(balanceMs)
    some.nowMs = balanceMs - 1
    expect(some.tick()).toEqual([])
    some.nowMs = balanceMs
    some.tick()
    expect(some.partition('orders').leader).toBe(1)
    expect(some.controller.nextDeadlineMs()).toBe(2 * balanceMs)
  })

  test('the interval is the one configured', () => {
    const some = unbalanced({ 'leader.imbalance.check.interval.seconds': '7' })
    expect(some.controller.nextDeadlineMs()).toBe(7000)
  })

  test('leadership stays where balancing is switched off', () => {
    const some = unbalanced({ 'auto.leader.rebalance.enable': 'false' })
    some.nowMs = balanceMs
    expect(some.tick()).toEqual([])
    expect(some.partition('orders').leader).toBe(2)
  })

  test('an unclean election follows within five minutes of being allowed', () => {
    const some = new ControlledCluster({ 'broker.session.timeout.ms': '900000' })
    some.startBrokers(1, 2).createOn('orders', [1, 2])
    some.alterPartition('orders', [1])
    some.lose(1)
    some.nowMs = 300_000
    some.tick()
    expect(some.partition('orders').leader).toBe(-1)
    expect(some.configure('orders', 'unclean.leader.election.enable', 'true')).toBe('NONE')
    some.nowMs = 600_000
    some.tick()
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
  })

  test('what one broker configures for all allows unclean elections everywhere', () => {
    const some = led()
    some.alterPartition('orders', [1])
    expect(some.configure('', 'unclean.leader.election.enable', 'true')).toBe('NONE')
    some.lose(1)
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
  })
})
