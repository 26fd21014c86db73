import { expect, test } from 'vitest'
import { nowMs, appendText, config, openLog } from './log-fixture.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'

test('flush.messages asks for a flush every so many records, counted from what is durable', async () => {
  const log = openLog(new MemoryDisk(), { config: config({ flushMessages: 3n }) })
  const due: boolean[] = []
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    appendText(log, text)
    due.push(log.flushIsDue)
    if (!log.flushIsDue) continue
    const { file, finish } = log.beginFlush()!
    await file.flushAside()
    finish()
  }
  expect(due).toEqual([false, false, true, false, false, true, false])
  expect(log.recoveryPoint).toBe(6n)
})

test('a changed flush.messages holds at once', () => {
  const log = openLog(new MemoryDisk())
  appendText(log, 'left to the operating system')
  expect(log.flushIsDue).toBe(false)
  log.updateConfig(config({ flushMessages: 1n }))
  expect(log.flushIsDue).toBe(true)
  log.flush()
  expect([log.flushIsDue, log.recoveryPoint]).toEqual([false, 1n])
})

test('what is appended while a flush is under way is no part of it', () => {
  const log = openLog(new MemoryDisk())
  appendText(log, 'a')
  const { finish } = log.beginFlush()!
  appendText(log, 'b')
  finish()
  expect(log.recoveryPoint).toBe(1n)
})

test('a flush that a truncation overtook makes nothing durable', () => {
  const log = openLog(new MemoryDisk())
  appendText(log, 'a')
  appendText(log, 'b')
  const { finish } = log.beginFlush()!
  log.truncateTo(1n, { nowMs })
  appendText(log, 'another b')
  finish()
  expect(log.recoveryPoint).toBe(0n)
})

test('a segment that was closed while it was flushed keeps its indexes through a power cut', () => {
  const disk = new MemoryDisk()
  const small = config({ segmentBytes: 150 })
  const log = openLog(disk, { config: small })
  appendText(log, '.'.repeat(60), nowMs + 5)
  const { file, finish } = log.beginFlush()!
  appendText(log, '.'.repeat(60), nowMs)
  expect(log.segmentCount).toBe(2)
  file.flush()
  finish()
  const { recoveryPoint } = log
  expect(recoveryPoint).toBe(1n)
  const survivor = openLog(disk.afterPowerCut(), {
    config: small,
    cleanShutdown: false,
    recoveryPoint,
  })
  expect(survivor.maxTimestampOffset()?.offset).toBe(0n)
})

test('a flush syncs the records of the active segment, and a clean end its indexes too', () => {
  const disk = new MemoryDisk()
  const synced: string[] = []
  const open = disk.open.bind(disk)
  disk.open = path => {
    const file = open(path)
    const flush = file.flush.bind(file)
    file.flush = () => {
      const kind = path.slice(path.lastIndexOf('.') + 1)
      if (kind !== 'tmp') synced.push(kind)
      flush()
    }
    return file
  }
  const log = openLog(disk)
  appendText(log, 'a')
  log.flush()
  expect(synced).toEqual(['log'])
  appendText(log, 'b')
  log.close()
  expect(synced).toEqual(['log', 'log', 'timeindex'])
})

test('a flush of a new segment makes its name durable too, and no later flush', async () => {
  const disk = new MemoryDisk()
  const synced: string[] = []
  disk.flushFolder = path => void synced.push(path)
  const log = openLog(disk, { config: config({ segmentBytes: 150 }) })
  appendText(log, '.'.repeat(60))
  log.flush()
  expect(synced).toEqual([log.folder])
  log.flush()
  appendText(log, 'in the next one'.repeat(4))
  expect(log.segmentCount).toBe(2)
  const { file, finish } = log.beginFlush()!
  expect(synced).toHaveLength(1)
  await file.flushAside()
  finish()
  expect(synced).toEqual([log.folder, log.folder])
  log.close()
  expect(synced).toHaveLength(2)
})
