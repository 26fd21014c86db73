import { expect, test } from 'vitest'
import { GroupedFlushes } from '../../../engine/broker/grouped-flushes.ts'
import { Maintenance } from '../../../engine/broker/maintenance.ts'
import { brokerSettings } from '../../../engine/config/settings.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, topicId } from '../log/log-fixture.ts'
import { ManualClock } from '../manual-clock.ts'

const logger = { info() {}, warn() {}, error() {} }

test('flush.ms makes records durable that time after the first of them, and no other log', async () => {
  const clock = new ManualClock()
  const folder = LogFolder.open({
    disk: new MemoryDisk(),
    folder: '/data',
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => config(),
    producerIdExpirationMs: 86_400_000,
    nowMs: clock.nowMs(),
  })
  const create = (topic: string, flushMs: bigint | null) =>
    folder.create({
      topic,
      partition: 0,
      topicId,
      config: config({ flushMs }),
      nowMs: clock.nowMs(),
    })
  const [timed, left] = [create('timed', 500n), create('left', null)]
  const settings = brokerSettings()
  const maintenance = new Maintenance({
    folder,
    settings: () => settings,
    highWatermarkOf: log => log.logEndOffset,
    flushes: new GroupedFlushes(logger),
    clock,
    logger,
  })
  clock.advance(2_000)
  for (const log of [timed, left]) appendText(log, 'one')
  clock.advance(400)
  appendText(timed, 'two')
  expect(timed.recoveryPoint).toBe(0n)
  // Once in 50 ms it is looked whether anything is due.
  clock.advance(150)
  await new Promise(setImmediate)
  expect([timed.recoveryPoint, left.recoveryPoint]).toEqual([2n, 0n])
  appendText(timed, 'three')
  clock.advance(400)
  expect(timed.recoveryPoint).toBe(2n)
  maintenance.stop()
  expect(clock.waiting).toBe(0)
})
