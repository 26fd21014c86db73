/**
 * The process dies after every single byte it might have written: in an append, while a segment is
 * rolled, in a sweep, in a checkpoint, in a clean stop. What was acknowledged is there afterwards.
 */
import { describe, expect, test } from 'vitest'
import type { PartitionLog } from '../../../engine/log/partition-log.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { MemoryDisk, PowerCut } from '../../simulation/memory-disk.ts'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { config, nowMs, readAll, topicId } from './log-fixture.ts'

const small = config({
  segmentBytes: 220,
  indexIntervalBytes: 0,
  segmentIndexBytes: 1_000,
  retentionBytes: 500n,
  fileDeleteDelayMs: 0n,
})

function openFolder(disk: MemoryDisk): LogFolder {
  return LogFolder.open({
    disk,
    folder: '/d',
    clusterId: 'c',
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => small,
    producerIdExpirationMs: 86_400_000,
    nowMs,
  })
}

/** Everything a partition goes through, telling of each append that was acknowledged. */
function live(disk: MemoryDisk, acknowledged: (offset: bigint) => void): void {
  const folder = openFolder(disk)
  const log = folder.create({ topic: 't', partition: 0, topicId, config: small, nowMs })
  for (let n = 0; n < 9; n++) {
    const records = [{ timestampMs: BigInt(nowMs + n), key: null, value: Buffer.from(String(n)) }]
    const bytes = buildBatch({ records, producerId: 4n, producerEpoch: 0, baseSequence: n })
    const append = { leaderEpoch: n >> 2, nowMs: nowMs + n, origin: 'client' as const }
    acknowledged(log.appendAsLeader(bytes, append).baseOffset)
    if (n === 3) log.flush()
    if (n === 5) folder.writeCheckpoints(() => log.logEndOffset)
    if (n === 7) {
      folder.applyRetention(nowMs, () => log.logEndOffset)
      folder.removeDue(nowMs)
    }
  }
  folder.close({ brokerEpoch: 1n, highWatermarkOf: () => log.logEndOffset })
}

function expectWhole(log: PartitionLog, acknowledged: bigint): void {
  expect(log.logEndOffset).toBeGreaterThanOrEqual(acknowledged + 1n)
  const records = readAll(log)
  expect(records.map(({ offset }) => offset)).toEqual(
    Array.from({ length: records.length }, (_, index) => log.logStartOffset + BigInt(index)),
  )
  for (const { offset, text } of records) expect(text).toBe(String(offset))
  expect(log.logStartOffset).toBeLessThanOrEqual(5n)
  // The producer goes on where it was, or repeats its last batch: it is known either way.
  const next = Number(log.logEndOffset)
  if (next === 0) return
  const records2 = [{ timestampMs: BigInt(nowMs), key: null, value: Buffer.from(String(next)) }]
  const bytes = (baseSequence: number) =>
    buildBatch({ records: records2, producerId: 4n, producerEpoch: 0, baseSequence })
  const append = { leaderEpoch: 9, nowMs, origin: 'client' as const }
  expect(() => log.appendAsLeader(bytes(next + 1), append)).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER')
  expect(log.appendAsLeader(bytes(next - 1), append).duplicate).toBe(true)
  expect(log.appendAsLeader(bytes(next), append).baseOffset).toBe(BigInt(next))
}

describe('a process that dies after any number of bytes', () => {
  const whole = new MemoryDisk()
  const budget = 1_000_000
  whole.bytesUntilCut = budget
  live(whole, () => {})
  const written = budget - whole.bytesUntilCut

  test.each(['killed', 'cut from power'] as const)('has what it acknowledged, when %s', how => {
    expect(written).toBeGreaterThan(1_000)
    for (let cutAfter = 0; cutAfter <= written; cutAfter++) {
      const disk = new MemoryDisk()
      disk.bytesUntilCut = cutAfter
      let acknowledged = -1n
      let recoveryPoint = -1n
      try {
        live(disk, offset => {
          acknowledged = offset
          // The flush follows the append of offset 3; a later one has it behind it.
          if (offset > 3n) recoveryPoint = 3n
        })
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error
      }
      const survived = how === 'killed' ? disk.afterKill() : disk.afterPowerCut()
      const folder = openFolder(survived)
      const log = folder.get('t', 0, nowMs)
      const durable = how === 'killed' ? acknowledged : recoveryPoint
      if (log === null) expect(durable).toBe(-1n)
      else if (how === 'killed') expectWhole(log, durable)
      else expect(log.logEndOffset).toBeGreaterThan(durable)
    }
  })
})
