import { expect, test } from 'vitest'
import { Checkpoints } from '../../../engine/log/checkpoints.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, nowMs, topicId } from './log-fixture.ts'

const NAME = 'recovery-point-offset-checkpoint'
const at = (offset: bigint) => new Map([['orders-0', { topic: 'orders', partition: 0, offset }]])
const textOf = (disk: MemoryDisk) =>
  disk.exists(`/data/${NAME}`) ? Buffer.from(disk.readFile(`/data/${NAME}`)).toString() : null
const holding = (offset: number) => `0\n1\norders 0 ${offset}\n`

function setUp() {
  const disk = new MemoryDisk()
  disk.makeFolder('/data')
  return { disk, checkpoints: new Checkpoints(disk, '/data') }
}

test('a checkpoint written aside is in place only when it is safe', async () => {
  const { disk, checkpoints } = setUp()
  const written = checkpoints.writeAside(NAME, at(5n))
  expect(textOf(disk)).toBeNull()
  await written
  expect(textOf(disk)).toBe(holding(5))
  expect(textOf(disk.afterPowerCut())).toBe(holding(5))
  expect(disk.openFiles).toBe(0)
})

test('a checkpoint that says nothing new is not written', async () => {
  const { disk, checkpoints } = setUp()
  await checkpoints.writeAside(NAME, at(5n))
  disk.remove(`/data/${NAME}`)
  await checkpoints.writeAside(NAME, at(5n))
  checkpoints.write(NAME, at(5n), { durable: true })
  expect(textOf(disk)).toBeNull()
})

test('the later of two writes stays, whichever way it is written', async () => {
  const { disk, checkpoints } = setUp()
  const first = checkpoints.writeAside(NAME, at(5n))
  checkpoints.write(NAME, at(3n), { durable: true })
  await first
  expect(textOf(disk)).toBe(holding(3))
  const second = checkpoints.writeAside(NAME, at(6n))
  const third = checkpoints.writeAside(NAME, at(7n))
  await Promise.all([second, third])
  expect(textOf(disk)).toBe(holding(7))
})

test('going back to what was written last drops what is on its way', async () => {
  const { disk, checkpoints } = setUp()
  checkpoints.write(NAME, at(3n), { durable: true })
  const aside = checkpoints.writeAside(NAME, at(5n))
  checkpoints.write(NAME, at(3n), { durable: true })
  await aside
  expect(textOf(disk)).toBe(holding(3))
})

test('after a crash nothing more is put in place', async () => {
  const { disk, checkpoints } = setUp()
  const aside = checkpoints.writeAside(NAME, at(5n))
  checkpoints.abandon()
  await aside
  expect(textOf(disk)).toBeNull()
})

test('a folder writes aside, and at once where a recovery point went back', async () => {
  const disk = new MemoryDisk()
  const folder = openFolder(disk)
  const log = folder.create({ topic: 'orders', partition: 0, topicId, config: config(), nowMs })
  for (let n = 0; n < 5; n++) appendText(log, 'x')
  log.flush()
  const written = folder.writeCheckpointsAside(() => 4n)
  expect(textOf(disk)).toBeNull()
  expect(Buffer.from(disk.readFile('/data/replication-offset-checkpoint')).toString()).toBe(
    holding(4),
  )
  await written
  expect(textOf(disk)).toBe(holding(5))

  log.truncateTo(2n, { nowMs })
  void folder.writeCheckpointsAside(() => 2n)
  expect(textOf(disk)).toBe(holding(2))
})

test('of a partition that was deleted before a crash are not those of the next of its name', () => {
  const disk = new MemoryDisk()
  const before = openFolder(disk)
  const named = { topic: 'orders', partition: 0, config: config(), nowMs }
  const log = before.create({ ...named, topicId })
  for (let n = 0; n < 5; n++) appendText(log, 'x')
  log.deleteRecordsBefore(3n)
  log.flush()
  before.writeCheckpoints(() => 4n)
  before.delete('orders', 0, nowMs)

  const killed = disk.afterKill()
  const after = openFolder(killed)
  const next = after.create({ ...named, topicId: 'ccccccccccccccccccccccQ' })
  expect([next.logStartOffset, next.logEndOffset, next.recoveryPoint]).toEqual([0n, 0n, 0n])
  expect(after.checkpointedHighWatermark('orders', 0)).toBe(0n)
  for (let n = 0; n < 9; n++) appendText(next, 'y')

  const last = openFolder(killed.afterKill())
  expect(last.get('orders', 0, nowMs)?.logStartOffset).toBe(0n)
  expect(last.checkpointedHighWatermark('orders', 0)).toBe(0n)
})

function openFolder(disk: MemoryDisk): LogFolder {
  return LogFolder.open({
    disk,
    folder: '/data',
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => config(),
    producerIdExpirationMs: 86_400_000,
    nowMs,
  })
}
