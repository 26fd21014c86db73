import { expect, test } from 'vitest'
import { GroupedFlushes } from '../../../engine/broker/grouped-flushes.ts'
import { Maintenance } from '../../../engine/broker/maintenance.ts'
import { brokerSettings } from '../../../engine/config/settings.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { BufferPool } from '../../../engine/support/buffer-pool.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, topicId } from '../log/log-fixture.ts'
import { ManualClock } from '../manual-clock.ts'

const logger = { info() {}, warn() {}, error() {} }

const newFolder = (clock: ManualClock) =>
  LogFolder.open({
    disk: new MemoryDisk(),
    folder: '/data',
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => config(),
    producerIdExpirationMs: 86_400_000,
    nowMs: clock.nowMs(),
  })

const maintain = (clock: ManualClock, folder: LogFolder, buffers: readonly BufferPool[] = []) => {
  const settings = brokerSettings()
  return new Maintenance({
    folder,
    settings: () => settings,
    highWatermarkOf: log => log.logEndOffset,
    flushes: new GroupedFlushes(logger),
    buffers,
    clock,
    logger,
  })
}

test('memory that lay idle for a while goes, and not before', () => {
  const clock = new ManualClock()
  const pool = new BufferPool({ idleBytesMax: 1024 * 1024 })
  const maintenance = maintain(clock, newFolder(clock), [pool])
  pool.release(pool.acquire(100_000))
  clock.advance(15_000)
  expect(pool.idleBytes).toBe(128 * 1024)
  clock.advance(10_000)
  expect(pool.idleBytes).toBe(0)
  maintenance.stop()
})

test('flush.ms makes records durable that time after the first of them, and no other log', async () => {
  const clock = new ManualClock()
  const folder = newFolder(clock)
  const create = (topic: string, flushMs: bigint | null) =>
    folder.create({
      topic,
      partition: 0,
      topicId,
      config: config({ flushMs }),
      nowMs: clock.nowMs(),
    })
  const [timed, left] = [create('timed', 500n), create('left', null)]
  const maintenance = maintain(clock, folder)
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
