import { describe, expect, test } from 'vitest'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { PiecewiseRemovals } from '../../../engine/log/piecewise-removals.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { asClient, batch, config, nowMs, topicId, values } from './log-fixture.ts'

const MB = 1024 * 1024

/** A folder with a large segment of that many bytes, and a small index; both files are open. */
function diskWith(bytes: number): MemoryDisk {
  const disk = new MemoryDisk()
  disk.makeFolder('/data/gone')
  disk.open('/data/gone/0.log').truncate(bytes)
  disk.open('/data/gone/0.index').truncate(100)
  return disk
}

const sizeOf = (disk: MemoryDisk, path = '/data/gone/0.log') => disk.files.get(path)?.size ?? null

describe('PiecewiseRemovals', () => {
  test('a small file, and a folder of small ones, go at once', () => {
    const disk = diskWith(4 * MB - 1)
    const removals = new PiecewiseRemovals(disk)
    removals.takeFile('/data/gone/0.index')
    expect(sizeOf(disk, '/data/gone/0.index')).toBeNull()
    removals.takeFolder('/data/gone')
    expect([disk.exists('/data/gone'), removals.cut(1)]).toEqual([false, false])
  })

  test('a large file goes piece by piece', () => {
    const disk = diskWith(5 * MB)
    const removals = new PiecewiseRemovals(disk)
    removals.takeFile('/data/gone/0.log')
    expect(sizeOf(disk)).toBe(5 * MB)
    expect([removals.cut(2 * MB), sizeOf(disk)]).toEqual([true, 3 * MB])
    expect([removals.cut(2 * MB), sizeOf(disk)]).toEqual([true, 1 * MB])
    expect([removals.cut(2 * MB), sizeOf(disk)]).toEqual([false, null])
    expect(disk.exists('/data/gone/0.index')).toBe(true)
    expect(disk.openFiles).toBe(2)
  })

  test('a folder goes with the last of its large files', () => {
    const disk = diskWith(5 * MB)
    disk.open('/data/gone/9.log').truncate(6 * MB)
    const removals = new PiecewiseRemovals(disk)
    removals.takeFolder('/data/gone')
    expect(removals.cut(5 * MB)).toBe(true)
    expect([sizeOf(disk), sizeOf(disk, '/data/gone/9.log')]).toEqual([null, 6 * MB])
    expect(disk.exists('/data/gone/0.index')).toBe(true)
    expect(removals.cut(6 * MB)).toBe(false)
    expect(disk.exists('/data/gone')).toBe(false)
  })

  test('what is abandoned stays', () => {
    const disk = diskWith(5 * MB)
    const removals = new PiecewiseRemovals(disk)
    removals.takeFolder('/data/gone')
    removals.cut(MB)
    removals.abandon()
    expect([removals.cut(MB), sizeOf(disk), disk.openFiles]).toEqual([false, 4 * MB, 2])
  })
})

describe('a log folder', () => {
  const open = (disk: MemoryDisk) =>
    LogFolder.open({
      disk,
      folder: '/data',
      clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
      nodeId: 1,
      directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
      configFor: () => config(),
      producerIdExpirationMs: 86_400_000,
      nowMs,
    })
  const create = (folder: LogFolder, topic: string) =>
    folder.create({
      topic,
      partition: 0,
      topicId,
      config: config({ retentionMs: 1_000n, fileDeleteDelayMs: 0n, maxMessageBytes: 100 * MB }),
      nowMs,
    })
  const megabytes = (count: number) => batch({ records: values(count, MB) })

  test('a deleted topic of some size goes piece by piece', () => {
    const disk = new MemoryDisk()
    const folder = open(disk)
    create(folder, 'orders').appendAsLeader(megabytes(5), asClient)
    folder.delete('orders', 0, nowMs)
    const [renamed] = folder.removeDue(nowMs)
    expect([disk.exists(renamed!), folder.cut(4 * MB)]).toEqual([true, true])
    expect([folder.cut(4 * MB), disk.exists(renamed!)]).toEqual([false, false])
  })

  test('a segment that is being cut goes on with its topic, when that is deleted', () => {
    const disk = new MemoryDisk()
    const folder = open(disk)
    const log = create(folder, 'orders')
    log.appendAsLeader(megabytes(10), asClient)
    const agedMs = nowMs + 5_000
    log.applyRetention({ nowMs: agedMs, highWatermark: 10n })
    folder.removeDue(agedMs)
    expect(folder.cut(2 * MB)).toBe(true)
    folder.delete('orders', 0, agedMs)
    expect(folder.cut(Infinity)).toBe(false)
    const [renamed] = folder.removeDue(agedMs)
    const [segment] = [...disk.files].filter(([path]) => path.endsWith('.log.deleted'))
    expect(segment![0].startsWith(renamed!)).toBe(true)
    expect(segment![1].size).toBeLessThan(9 * MB)
    expect([folder.cut(9 * MB), disk.exists(renamed!)]).toEqual([false, false])
  })

  test('a clean stop leaves nothing of them', () => {
    const disk = new MemoryDisk()
    const folder = open(disk)
    create(folder, 'orders').appendAsLeader(megabytes(5), asClient)
    folder.delete('orders', 0, nowMs)
    const [renamed] = folder.removeDue(nowMs)
    folder.cut(MB)
    folder.close({ brokerEpoch: 1n })
    expect([disk.exists(renamed!), disk.openFiles]).toEqual([false, 0])
  })
})
