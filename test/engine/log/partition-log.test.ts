import { describe, expect, test } from 'vitest'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import {
  baseOffsetOf,
  leaderEpochOf,
  wholeBatches,
} from '../../../engine/protocol/records/record-batch.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import {
  appendText,
  asClient,
  batch,
  config,
  nowMs,
  openLog,
  oneRecord,
  read,
  readAll,
  values,
} from './log-fixture.ts'

const names = (disk: MemoryDisk) => [...disk.files.keys()].map(path => path.split('/').pop())

describe('an append', () => {
  test('stamps the given bytes in place and writes exactly them', () => {
    const disk = new MemoryDisk()
    const log = openLog(disk)
    appendText(log, 'first')
    const bytes = batch()
    const result = log.appendAsLeader(bytes, { ...asClient, leaderEpoch: 5 })
    expect(result).toEqual({
      baseOffset: 1n,
      lastOffset: 3n,
      logAppendTimeMs: -1n,
      logStartOffset: 0n,
      sizeBytes: bytes.length,
      recordCount: 3,
      duplicate: false,
    })
    expect([baseOffsetOf(bytes, 0), leaderEpochOf(bytes, 0)]).toEqual([1n, 5])
    expect(Buffer.compare(read(log, 1n).bytes, bytes)).toBe(0)
    const file = disk.readFile('/data/orders-0/00000000000000000000.log')
    expect(Buffer.compare(file.subarray(file.length - bytes.length), bytes)).toBe(0)
  })

  test('answers with the append time where the topic stamps it', () => {
    const log = openLog(new MemoryDisk(), {
      config: config({ messageTimestampType: 'LogAppendTime' }),
    })
    expect(log.appendAsLeader(batch(), asClient).logAppendTimeMs).toBe(BigInt(nowMs))
    expect(log.maxTimestampOffset()).toEqual({
      offset: 0n,
      timestampMs: BigInt(nowMs),
      leaderEpoch: 0,
    })
  })

  test('is stamped with what the wall clock says by then', () => {
    let setByMs = 0
    const log = openLog(new MemoryDisk(), {
      config: config({ messageTimestampType: 'LogAppendTime' }),
      timestampOf: steadyMs => steadyMs + setByMs,
    })
    setByMs = -3_600_000
    expect(log.appendAsLeader(batch(), asClient).logAppendTimeMs).toBe(BigInt(nowMs - 3_600_000))
  })

  test('of a coordinator takes several batches, and control batches too', () => {
    const log = openLog(new MemoryDisk())
    const control = buildBatch({ records: values(1), control: true })
    const append = { leaderEpoch: 2, nowMs, origin: 'coordinator' as const }
    const result = log.appendAsLeader(Buffer.concat([batch(), control, batch()]), append)
    expect([result.baseOffset, result.lastOffset, result.recordCount]).toEqual([0n, 6n, 7])
    const bases = [...wholeBatches(read(log, 0n).bytes)].map(({ at }) => at)
    expect(bases).toHaveLength(3)
  })

  test('of a follower keeps offsets and epochs, and refuses what does not follow', () => {
    const log = openLog(new MemoryDisk())
    const at = (baseOffset: bigint, leaderEpoch: number) => batch({ baseOffset, leaderEpoch })
    log.appendAsFollower(Buffer.concat([at(5n, 1), at(8n, 3)]), { nowMs })
    expect(log.logEndOffset).toBe(11n)
    expect(log.epochs()).toEqual([
      { leaderEpoch: 1, startOffset: 5n },
      { leaderEpoch: 3, startOffset: 8n },
    ])
    expect(() => log.appendAsFollower(at(10n, 3), { nowMs })).toThrow('OFFSET_OUT_OF_RANGE')
    const damaged = Buffer.from(at(11n, 3))
    damaged[70]! ^= 1
    expect(() => log.appendAsFollower(damaged, { nowMs })).toThrow('CORRUPT_MESSAGE')
    expect(log.logEndOffset).toBe(11n)
  })

  test('that finds the disk full changes nothing, and what it left is cut before the next', () => {
    const disk = new MemoryDisk({ capacityBytes: 1_000 })
    const log = openLog(disk)
    appendText(log, 'fits')
    expect(() => appendText(log, '.'.repeat(2_000))).toThrow('the disk is full')
    expect(log.logEndOffset).toBe(1n)
    expect(readAll(log)).toEqual([{ offset: 0n, text: 'fits' }])
    appendText(log, 'fits too')
    log.close()
    expect(readAll(openLog(disk)).map(({ text }) => text)).toEqual(['fits', 'fits too'])
  })
})

describe('a new segment begins', () => {
  test('when the batch would not fit, named after its first offset', () => {
    const disk = new MemoryDisk()
    const size = oneRecord('x').length
    const log = openLog(disk, { config: config({ segmentBytes: size * 3 }) })
    for (let n = 0; n < 7; n++) appendText(log, 'x')
    expect(log.segments().map(({ baseOffset, sizeBytes }) => [baseOffset, sizeBytes])).toEqual([
      [0n, size * 3],
      [3n, size * 3],
      [6n, size],
    ])
    expect(names(disk)).toContain('00000000000000000003.snapshot')
  })

  test('when records are segment.ms apart by their own time', () => {
    const log = openLog(new MemoryDisk(), { config: config({ segmentMs: 1_000n }) })
    appendText(log, 'a', nowMs)
    appendText(log, 'b', nowMs + 1_000)
    expect(log.segments()).toHaveLength(1)
    appendText(log, 'c', nowMs + 1_001)
    expect(log.segments().map(({ baseOffset }) => baseOffset)).toEqual([0n, 2n])
  })

  test('when an index is full', () => {
    const full = config({ indexIntervalBytes: 0, segmentIndexBytes: 36 })
    const log = openLog(new MemoryDisk(), { config: full })
    for (let n = 0; n < 9; n++) appendText(log, 'x', nowMs + n)
    expect(log.segments().length).toBeGreaterThan(2)
    expect(readAll(log)).toHaveLength(9)
  })

  test('when offsets would not fit 31 bits', () => {
    const log = openLog(new MemoryDisk())
    log.appendAsFollower(batch({ baseOffset: 0n }), { nowMs })
    log.appendAsFollower(batch({ baseOffset: 2n ** 31n - 3n }), { nowMs })
    log.appendAsFollower(batch({ baseOffset: 2n ** 31n }), { nowMs })
    expect(log.segments().map(({ baseOffset }) => baseOffset)).toEqual([0n, 2n ** 31n])
    expect([...wholeBatches(read(log, 2n ** 31n).bytes)]).toHaveLength(1)
  })
})

describe('a read', () => {
  const log = openLog(new MemoryDisk(), { config: config({ indexIntervalBytes: 100 }) })
  const sizes = Array.from({ length: 50 }, (_, n) => {
    const bytes = batch({ records: values(3, 10 + n) })
    log.appendAsLeader(bytes, asClient)
    return bytes.length
  })

  test('at an offset inside a batch gives the whole batch', () => {
    const { bytes, nextOffset } = read(log, 31n, { maxBytes: 1 })
    expect([baseOffsetOf(bytes, 0), bytes.length, nextOffset]).toEqual([30n, sizes[10], 33n])
  })

  test('gives whole batches up to its limit, and no part of another', () => {
    const limit = sizes[0]! + sizes[1]! + sizes[2]!
    expect(read(log, 0n, { maxBytes: limit }).nextOffset).toBe(9n)
    expect(read(log, 0n, { maxBytes: limit - 1 }).nextOffset).toBe(6n)
    expect(read(log, 0n, { maxBytes: limit + 30 }).bytes.length).toBe(limit)
  })

  test('gives nothing rather than a part, unless one batch is asked for', () => {
    expect(read(log, 0n, { maxBytes: 50, minOneBatch: false }).bytes).toHaveLength(0)
    expect(read(log, 0n, { maxBytes: 0, minOneBatch: false }).bytes).toHaveLength(0)
    expect(read(log, 0n, { maxBytes: 0 }).bytes).toHaveLength(sizes[0]!)
  })

  test('stops below the offset it may go up to, also inside a batch', () => {
    expect(read(log, 0n, { upToOffset: 9n }).nextOffset).toBe(9n)
    expect(read(log, 0n, { upToOffset: 11n }).nextOffset).toBe(9n)
    expect(read(log, 9n, { upToOffset: 11n, maxBytes: 1 }).bytes).toHaveLength(0)
    expect(read(log, 20n, { upToOffset: 9n }).bytes).toHaveLength(0)
  })

  test('at the log end finds nothing, and beyond it is out of range', () => {
    expect(read(log, 150n)).toEqual({ bytes: new Uint8Array(0), nextOffset: 150n })
    expect(() => read(log, 151n)).toThrow('OFFSET_OUT_OF_RANGE')
    expect(() => read(log, -1n)).toThrow('OFFSET_OUT_OF_RANGE')
  })

  test('is told beforehand how many bytes there are', () => {
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(log.bytesFrom(0n, 150n)).toBe(total)
    expect(log.bytesFrom(0n, 9n)).toBe(sizes[0]! + sizes[1]! + sizes[2]!)
    expect(log.bytesFrom(147n, 150n)).toBe(sizes[49])
    expect(log.bytesFrom(150n, 150n)).toBe(0)
  })
})

describe('opening', () => {
  test('after a clean stop reads nothing but the tail of the last segment', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 5_000, indexIntervalBytes: 500 })
    let log = openLog(disk, { config: small })
    for (let n = 0; n < 200; n++) appendText(log, 'x'.repeat(100), nowMs + n)
    log.close()
    let bytesRead = 0
    const opened: string[] = []
    const open = disk.open.bind(disk)
    disk.open = path => {
      opened.push(path)
      const file = open(path)
      const readFile = file.read.bind(file)
      file.read = (target, start, length, position) => {
        const n = readFile(target, start, length, position)
        bytesRead += n
        return n
      }
      return file
    }
    log = openLog(disk, { config: small })
    expect(log.logEndOffset).toBe(200n)
    expect(bytesRead).toBeLessThan(2_000)
    expect(opened.filter(path => path.endsWith('.log'))).toHaveLength(1)
  })

  test('drops stray files, finishes swaps, and rebuilds an index that is not there', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 300, indexIntervalBytes: 0 })
    let log = openLog(disk, { config: small })
    for (let n = 0; n < 9; n++) appendText(log, `record ${n}`, nowMs + n)
    const before = readAll(log)
    const [, second] = log.segments()
    log.close()
    const at = (name: string) => `/data/orders-0/${name}`
    const file = (offset: bigint, kind: string) => at(`${String(offset).padStart(20, '0')}.${kind}`)
    const kept = disk.readFile(file(second!.baseOffset, 'index'))
    disk.rename(file(0n, 'log'), file(0n, 'log.swap'))
    disk.remove(file(0n, 'index'))
    disk.remove(file(second!.baseOffset, 'index'))
    for (const stray of ['00000000000000000007.log.deleted', '00000000000000000002.log.cleaned'])
      disk.writeFileAtomically(at(stray), Buffer.from('?'))
    disk.writeFileAtomically(at('00000000000000000777.timeindex'), Buffer.alloc(12))
    log = openLog(disk, { config: small })
    expect(readAll(log)).toEqual(before)
    expect(disk.readFile(file(second!.baseOffset, 'index'))).toEqual(kept)
    expect(names(disk).filter(name => /deleted|cleaned|swap|777/.test(name ?? ''))).toEqual([])
  })

  test('takes the indexes that a killed Kafka leaves, zeros behind the entries', () => {
    const disk = new MemoryDisk()
    let log = openLog(disk, { config: config({ indexIntervalBytes: 0 }) })
    for (let n = 0; n < 9; n++) appendText(log, `record ${n}`, nowMs + n)
    log.close()
    for (const kind of ['index', 'timeindex']) {
      const opened = disk.open(`/data/orders-0/00000000000000000000.${kind}`)
      opened.truncate(4_800)
      opened.close()
    }
    log = openLog(disk, { config: config({ indexIntervalBytes: 0 }) })
    expect([log.logEndOffset, log.maxTimestampOffset()?.offset]).toEqual([9n, 8n])
    // The first append after opening is not indexed, as in Kafka; the second is.
    appendText(log, 'record 9', nowMs + 9)
    appendText(log, 'record 10', nowMs + 10)
    log.close()
    expect(disk.files.get('/data/orders-0/00000000000000000000.index')!.size).toBe(8 * 9)
    expect(readAll(openLog(disk))).toHaveLength(11)
  })

  test.each([true, false])('finds no records in nothing (clean: %s)', cleanShutdown => {
    const log = openLog(new MemoryDisk(), { cleanShutdown, logStartOffset: 7n })
    expect([log.logStartOffset, log.logEndOffset, log.recoveryPoint]).toEqual([7n, 7n, 7n])
    expect(log.offsetForTimestamp(0n, { upToOffset: 7n })).toBeNull()
    expect(log.maxTimestampOffset()).toBeNull()
    expect([log.logStartOffset, log.epochAt(7n)]).toEqual([7n, -1])
  })

  test('after any stop cuts a batch with a flipped bit, and every segment behind it', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 400 })
    const log = openLog(disk, { config: small })
    for (let n = 0; n < 20; n++) appendText(log, `record ${n}`)
    const segments = log.segments()
    const second = segments[1]!
    const path = `/data/orders-0/${String(second.baseOffset).padStart(20, '0')}.log`
    const killed = disk.afterKill()
    killed.files.get(path)!.bytes[oneRecord('record 5').length + 66]! ^= 4
    const reopened = openLog(killed, { config: small, cleanShutdown: false })
    expect(reopened.logEndOffset).toBe(second.baseOffset + 1n)
    expect(reopened.segments()).toHaveLength(2)
    expect(appendText(reopened, 'again')).toBe(second.baseOffset + 1n)
  })

  test('after a power cut that took a whole segment, keeps nothing behind it', () => {
    const disk = new MemoryDisk()
    const log = openLog(disk, { config: config({ segmentBytes: 200 }) })
    for (let n = 0; n < 12; n++) appendText(log, `record ${n}`)
    const [first, second] = log.segments()
    log.abandon()
    // The file ends between two batches, so that nothing of it is torn.
    const name = String(second!.baseOffset).padStart(20, '0')
    const file = disk.open(`/data/orders-0/${name}.log`)
    file.truncate(0)
    file.close()
    const reopened = openLog(disk, { cleanShutdown: false })
    expect(reopened.logEndOffset).toBe(first!.nextOffset)
    expect(readAll(reopened).map(each => each.offset)).toEqual(
      Array.from({ length: Number(first!.nextOffset) }, (_, n) => BigInt(n)),
    )
  })

  test('rebuilds the very indexes that appending had made', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 3_000, indexIntervalBytes: 300 })
    const log = openLog(disk, { config: small })
    for (let n = 0; n < 100; n++) appendText(log, '.'.repeat(n), nowMs + ((n * 37) % 50))
    const killed = disk.afterKill()
    log.close()
    for (const [path, file] of killed.files)
      if (path.endsWith('index')) file.bytes = file.bytes.fill(1)
    openLog(killed, { config: small, cleanShutdown: false }).close()
    const indexes = [...disk.files.keys()].filter(path => path.endsWith('index'))
    expect(indexes.length).toBeGreaterThan(6)
    for (const path of indexes) expect(killed.readFile(path)).toEqual(disk.readFile(path))
  })
})

test('records below the log start are not read again, nor their offsets given twice', () => {
  const log = openLog(new MemoryDisk())
  for (let n = 0; n < 5; n++) log.appendAsLeader(batch(), asClient)
  expect(() => log.deleteRecordsBefore(16n)).toThrow('OFFSET_OUT_OF_RANGE')
  log.deleteRecordsBefore(7n)
  expect(() => read(log, 6n)).toThrow('OFFSET_OUT_OF_RANGE')
  expect(readAll(log).map(({ offset }) => offset)).toEqual([7n, 8n, 9n, 10n, 11n, 12n, 13n, 14n])
  log.deleteRecordsBefore(15n)
  expect([log.logStartOffset, appendText(log, 'next')]).toEqual([15n, 15n])
})
