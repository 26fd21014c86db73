import { beforeEach, describe, expect, test } from 'vitest'
import { GroupedFlushes } from '../../../engine/broker/grouped-flushes.ts'
import type { PartitionLog } from '../../../engine/log/partition-log.ts'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, openLog } from '../log/log-fixture.ts'

/** A device that works until it is told to be done. */
class SlowDisk extends MemoryDisk {
  readonly flushes: PromiseWithResolvers<void>[] = []

  override open(path: string) {
    const file = super.open(path)
    let isClosed = false
    const close = file.close.bind(file)
    file.close = () => {
      isClosed = true
      close()
    }
    file.flushAside = async () => {
      const flush = Promise.withResolvers<void>()
      this.flushes.push(flush)
      await flush.promise
      // As a real one, it does not mind a file that was closed meanwhile.
      if (!isClosed) file.flush()
    }
    return file
  }
}

let disk: SlowDisk
let log: PartitionLog
let said: string[]
let flushes: GroupedFlushes
beforeEach(() => {
  disk = new SlowDisk()
  log = openLog(disk)
  said = []
  const error = (message: string) => said.push(message)
  flushes = new GroupedFlushes({ info: error, warn: error, error })
})

describe('closed segments', () => {
  beforeEach(() => {
    log = openLog(disk, { config: config({ segmentBytes: 150 }) })
    for (const text of ['a', 'b', 'c']) appendText(log, text.repeat(60))
    expect(log.segmentCount).toBe(3)
  })

  test('become durable one after another, while the device works and the thread goes on', async () => {
    const done = flushes.flushRolled(log)
    // Records and time index of the first: it is too small for an entry of the other.
    expect(disk.flushes).toHaveLength(2)
    expect(log.recoveryPoint).toBe(0n)
    for (const each of disk.flushes.splice(0)) each.resolve()
    await settled()
    expect(log.recoveryPoint).toBe(1n)
    for (const each of disk.flushes.splice(0)) each.resolve()
    await done
    expect(log.recoveryPoint).toBe(2n)
    await flushes.flushRolled(log)
    expect(disk.flushes).toHaveLength(0)
    const { recoveryPoint } = log
    const survivor = openLog(disk.afterPowerCut(), {
      config: config({ segmentBytes: 150 }),
      cleanShutdown: false,
      recoveryPoint,
    })
    expect(survivor.logEndOffset).toBe(2n)
  })

  test('that a truncation overtook are not durable', async () => {
    const done = flushes.flushRolled(log)
    log.truncateTo(0n, { nowMs: 0 })
    for (const each of disk.flushes.splice(0)) each.resolve()
    await done
    expect(log.recoveryPoint).toBe(0n)
  })

  test('that the device refuses are told of, and flushed by nobody any more', async () => {
    const done = flushes.flushRolled(log)
    const [first, ...rest] = disk.flushes
    first!.reject(new OperationalError('the device reports an error'))
    for (const each of rest) each.resolve()
    await done
    expect(said).toHaveLength(1)
    expect(flushes.hasFailed(log)).toBe(true)
    await flushes.flushRolled(log)
    expect(log.recoveryPoint).toBe(0n)
    expect(said).toHaveLength(1)
  })
})

describe('flushes of one log', () => {
  test('are shared by all who come while the device works', async () => {
    const done: number[] = []
    const appendAndFlush = (n: number) => {
      appendText(log, String(n))
      void flushes.flush(log).then(() => done.push(n))
    }
    appendAndFlush(1)
    for (let n = 2; n <= 20; n++) appendAndFlush(n)
    expect(disk.flushes).toHaveLength(1)
    disk.flushes[0]!.resolve()
    await settled()
    expect(done).toEqual([1])
    expect(log.recoveryPoint).toBe(1n)
    expect(disk.flushes).toHaveLength(2)
    disk.flushes[1]!.resolve()
    await settled()
    expect(done).toHaveLength(20)
    expect(log.recoveryPoint).toBe(20n)
    expect(disk.flushes).toHaveLength(2)
    expect(flushes.pending(log)).toBeNull()
  })

  test('are told of to who appended before them, and to nobody else', async () => {
    expect(flushes.pending(log)).toBeNull()
    appendText(log, 'a')
    const first = flushes.flush(log)
    expect(flushes.pending(log)).toBe(first)
    appendText(log, 'b')
    const second = flushes.flush(log)
    expect(flushes.pending(log)).toBe(second)
    disk.flushes[0]!.resolve()
    await first
    disk.flushes[1]!.resolve()
    await second
    await settled()
    expect(flushes.pending(log)).toBeNull()
  })

  test('of several logs wait for each other in nothing', async () => {
    const other = openLog(disk, { folder: '/data/other-0' })
    appendText(log, 'a')
    appendText(other, 'a')
    void flushes.flush(log)
    const flushed = flushes.flush(other)
    expect(disk.flushes).toHaveLength(2)
    disk.flushes[1]!.resolve()
    await flushed
    expect([log.recoveryPoint, other.recoveryPoint]).toEqual([0n, 1n])
  })

  test('that wait for their turn when the log is closed touch nothing of it', async () => {
    appendText(log, 'a')
    const first = flushes.flush(log)
    const second = flushes.flush(log)
    log.abandon()
    disk.rename(log.folder, '/data/moved-away')
    disk.flushes[0]!.resolve()
    await Promise.all([first, second])
    expect(disk.flushes).toHaveLength(1)
    expect(flushes.hasFailed(log)).toBe(false)
  })

  test('that fail once fail for all who wait and all who come', async () => {
    appendText(log, 'a')
    const first = flushes.flush(log)
    const second = flushes.flush(log)
    disk.flushes[0]!.reject(new OperationalError('the device reports an error (EIO)'))
    await expect(first).rejects.toThrow('EIO')
    await expect(second).rejects.toThrow('EIO')
    await expect(flushes.flush(log)).rejects.toThrow('EIO')
    expect(flushes.hasFailed(log)).toBe(true)
    expect(log.recoveryPoint).toBe(0n)
    expect(disk.flushes).toHaveLength(1)
    expect(said).toHaveLength(1)
    await settled()
    expect(flushes.pending(log)).toBeNull()
  })
})

/** Everything that needs no device has happened. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
