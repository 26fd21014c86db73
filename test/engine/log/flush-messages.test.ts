import { expect, test } from 'vitest'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, openLog } from './log-fixture.ts'

test('flush.messages makes every so many records durable, and counts from what is', () => {
  const log = openLog(new MemoryDisk(), { config: config({ flushMessages: 3n }) })
  const durable = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(text => {
    appendText(log, text)
    return log.recoveryPoint
  })
  expect(durable).toEqual([0n, 0n, 3n, 3n, 3n, 6n, 6n])
})

test('a changed flush.messages counts from the next append on', () => {
  const log = openLog(new MemoryDisk())
  appendText(log, 'left to the operating system')
  expect(log.recoveryPoint).toBe(0n)
  log.updateConfig(config({ flushMessages: 1n }))
  appendText(log, 'forced to disk')
  expect(log.recoveryPoint).toBe(2n)
})
