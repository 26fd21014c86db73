import { beforeEach, expect, test } from 'vitest'
import { ClusterView } from '../../../engine/broker/cluster-view.ts'
import { GroupedFlushes } from '../../../engine/broker/grouped-flushes.ts'
import { MetadataChanges } from '../../../engine/broker/metadata-changes.ts'
import { Replicas } from '../../../engine/broker/replicas.ts'
import { Traffic } from '../../../engine/broker/traffic.ts'
import { noBrokerConfigs } from '../../../engine/config/settings.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { SeededRandom } from '../../simulation/seeded-random.ts'
import { ControlledCluster } from '../controller/controlled-cluster.ts'
import { config } from '../log/log-fixture.ts'
import { ManualClock } from '../manual-clock.ts'

const logger = { info() {}, warn() {}, error() {} }
const TOPICS = 60

/** On which every look costs a millisecond, as opening a partition does. */
class BusyClock extends ManualClock {
  #looks = 0

  override monotonicMs(): number {
    return this.#looks++
  }
}

let clock: BusyClock
let some: ControlledCluster
let folder: LogFolder
let changes: MetadataChanges
beforeEach(() => {
  clock = new BusyClock()
  some = new ControlledCluster().startBrokers(1)
  const { image } = some.controller
  folder = LogFolder.open({
    disk: new MemoryDisk(),
    folder: '/data',
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => config(),
    producerIdExpirationMs: 86_400_000,
    nowMs: clock.nowMs(),
  })
  const random = new SeededRandom('changes')
  const replicas = new Replicas({
    brokerId: 1,
    folder,
    image,
    random,
    configLayers: () => noBrokerConfigs,
    traffic: new Traffic(),
    rules: {
      replicaLagTimeMaxMs: () => 30_000,
      localBrokerEpoch: () => 0n,
      eligibleBrokerEpoch: () => 0n,
    },
    effects: {
      flushes: new GroupedFlushes(logger),
      committed() {},
      appended() {},
      proposes() {},
      roleChanged() {},
      gone() {},
    },
  })
  const groups = { topicsDeleted() {}, hosts: () => false, lead() {}, resign() {} }
  changes = new MetadataChanges({ cluster: new ClusterView(image), replicas, groups, clock })
})

test('a few partitions are opened at once, with nobody to wait for', () => {
  some.createOn('orders', [1])
  expect(changes.openLogs()).toBe(null)
  expect(opened()).toBe(1)
})

test('many partitions are opened in slices, between which everything else has its turn', async () => {
  for (let n = 0; n < TOPICS; n++) some.createOn(`topic-${n}`, [1])
  const opening = changes.openLogs()
  const perSlice = [opened()]
  for (let n = 0; n < TOPICS && opened() < TOPICS; n++) {
    const before = opened()
    await nextSlice()
    perSlice.push(opened() - before)
  }
  // It finds out that there is no more.
  await nextSlice()
  await opening
  expect(opened()).toBe(TOPICS)
  expect(Math.max(...perSlice)).toBeLessThanOrEqual(11)
  expect(perSlice.length).toBeGreaterThanOrEqual(TOPICS / 11)
})

test('a broker that stops meanwhile opens no more', async () => {
  for (let n = 0; n < TOPICS; n++) some.createOn(`topic-${n}`, [1])
  const opening = changes.openLogs()
  const before = opened()
  changes.stop()
  await nextSlice()
  await opening
  expect(opened()).toBe(before)
})

function opened(): number {
  return [...folder.logs()].length
}

async function nextSlice(): Promise<void> {
  clock.advance(0)
  await new Promise(setImmediate)
}
