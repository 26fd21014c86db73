import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { FullableDisk } from './fullable-disk.ts'
import { asClient, batch, nowMs, openLog } from './log-fixture.ts'

const EPOCHS = '/data/orders-0/leader-epoch-checkpoint'

const ofProducer = (baseSequence: number) =>
  batch({ producerId: 7n, producerEpoch: 0, baseSequence })
const replicated = (baseOffset: bigint, leaderEpoch: number) => batch({ baseOffset, leaderEpoch })

describe('a truncation', () => {
  test('that finds the disk full leaves no producer whose records went', () => {
    const disk = new FullableDisk()
    const log = openLog(disk)
    log.appendAsLeader(ofProducer(0), { ...asClient, leaderEpoch: 1 })
    log.appendAsLeader(ofProducer(3), { ...asClient, leaderEpoch: 3 })
    disk.isFull = true
    expect(() => log.truncateTo(3n, { nowMs })).toThrow('the disk is full')
    disk.isFull = false
    expect(log.logEndOffset).toBe(3n)
    // The producer sends again what is gone: it is no repetition.
    const again = log.appendAsLeader(ofProducer(3), { ...asClient, leaderEpoch: 4 })
    expect([again.duplicate, again.baseOffset]).toEqual([false, 3n])
    const reopened = openLog(disk.afterKill(), { cleanShutdown: false })
    expect(reopened.epochs()).toEqual([
      { leaderEpoch: 1, startOffset: 0n },
      { leaderEpoch: 4, startOffset: 3n },
    ])
  })
})

describe('after a power cut', () => {
  test('epochs are those of the records, though the file is one of before a truncation', () => {
    const disk = new MemoryDisk()
    const log = openLog(disk)
    log.appendAsFollower(Buffer.concat([replicated(0n, 5), replicated(3n, 6)]), { nowMs })
    const before = disk.readFile(EPOCHS)
    log.truncateTo(3n, { nowMs })
    // What the leader had in the earlier epoch, and nobody here had yet.
    log.appendAsFollower(Buffer.concat([replicated(3n, 5), replicated(6n, 5)]), { nowMs })
    const cut = disk.afterKill()
    cut.writeFileAtomically(EPOCHS, before, { durable: true })
    const reopened = openLog(cut, { cleanShutdown: false })
    expect(reopened.epochs()).toEqual([{ leaderEpoch: 5, startOffset: 0n }])
    expect(reopened.endOffsetForEpoch(5)).toEqual({ leaderEpoch: 5, endOffset: 9n })
    expect(openLog(cut).epochs()).toEqual([{ leaderEpoch: 5, startOffset: 0n }])
  })

  test('records of an earlier epoch behind later ones are of another history, and go', () => {
    const disk = new MemoryDisk()
    const log = openLog(disk)
    log.appendAsFollower(Buffer.concat([replicated(0n, 7), replicated(3n, 6)]), { nowMs })
    const reopened = openLog(disk.afterKill(), { cleanShutdown: false })
    expect(reopened.logEndOffset).toBe(3n)
  })

  test('epochs that the file tells truly are not written again', () => {
    const disk = new MemoryDisk()
    const log = openLog(disk)
    log.appendAsFollower(Buffer.concat([replicated(0n, 5), replicated(3n, 6)]), { nowMs })
    const killed = disk.afterKill()
    const written: string[] = []
    const write = killed.writeFileAtomically.bind(killed)
    killed.writeFileAtomically = (path, bytes, options) => {
      written.push(path)
      write(path, bytes, options)
    }
    expect(openLog(killed, { cleanShutdown: false }).epochs()).toEqual(log.epochs())
    expect(written).toEqual([])
  })
})
