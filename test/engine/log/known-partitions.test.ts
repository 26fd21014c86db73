import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeLog } from '../../../engine/log/describe-log.ts'
import { KNOWN_PARTITIONS } from '../../../engine/log/known-partitions.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import type { PartitionLog } from '../../../engine/log/partition-log.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, batch, config, nowMs, readAll, topicId, values } from './log-fixture.ts'

const small = config({
  segmentBytes: 600,
  indexIntervalBytes: 100,
  retentionMs: 60_000n,
  fileDeleteDelayMs: 1_000n,
})

const move = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    leaderEpoch: fc.nat(5),
    producerId: fc.constantFrom(null, 7n, 8n),
  }),
  fc.record({ kind: fc.constant('new epoch' as const), leaderEpoch: fc.nat(9) }),
  fc.record({ kind: fc.constant('truncate' as const), part: fc.nat(100) }),
  fc.record({ kind: fc.constant('delete records' as const), part: fc.nat(100) }),
  fc.record({ kind: fc.constant('start again' as const), skip: fc.bigInt(0n, 20n) }),
  fc.record({ kind: fc.constant('retention' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(90_000) }),
  fc.record({ kind: fc.constant('reopen' as const) }),
)

describe('KnownPartitions', () => {
  test('open a log as its files would, whatever was done to it', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), moves => {
        const disk = new MemoryDisk()
        let folder = open(disk)
        let log = create(folder)
        let epoch = 0
        for (const each of moves) {
          const at = (part: number) =>
            log.logStartOffset + ((log.logEndOffset - log.logStartOffset) * BigInt(part)) / 100n
          switch (each.kind) {
            case 'append':
              epoch = Math.max(epoch, each.leaderEpoch)
              append(log, epoch, each.producerId, disk.nowMs)
              break
            case 'new epoch':
              epoch = Math.max(epoch, each.leaderEpoch)
              log.assignEpochStart(epoch, log.logEndOffset)
              break
            case 'truncate':
              log.truncateTo(at(each.part), disk)
              break
            case 'delete records':
              log.deleteRecordsBefore(at(each.part))
              break
            case 'start again':
              log.truncateFullyAndStartAt(log.logEndOffset + each.skip, disk)
              break
            case 'retention':
              folder.applyRetention(disk.nowMs, () => log.logEndOffset)
              folder.removeDue(disk.nowMs)
              break
            case 'wait':
              disk.nowMs += each.ms
              break
            case 'reopen':
              folder.close({ brokerEpoch: 3n })
              folder = open(disk)
              log = folder.get('orders', 0, disk.nowMs)!
          }
        }
        folder.close({ brokerEpoch: 3n })
        expect(opened(disk.afterKill())).toEqual(opened(withoutKnown(disk.afterKill())))
      }),
      { numRuns: 300 },
    )
  })

  test('open no file of a partition', () => {
    const disk = new MemoryDisk()
    const folder = open(disk)
    appendText(create(folder), 'one')
    folder.close({ brokerEpoch: 3n })
    const again = open(disk)
    expect([...again.found()]).toEqual([{ topic: 'orders', partition: 0, topicId }])
    expect(again.get('orders', 0, nowMs)?.logEndOffset).toBe(1n)
    expect(disk.openFiles).toBe(0)
    // And they are read where they are asked for.
    expect(readAll(again.get('orders', 0, nowMs)!)).toEqual([{ offset: 0n, text: 'one' }])
  })

  test('are not believed where a name in the partition’s folder changed', () => {
    const disk = new MemoryDisk()
    const folder = open(disk)
    appendText(create(folder), 'one')
    folder.close({ brokerEpoch: 3n })
    // As another program leaves it that was here in between, and took the record.
    disk.remove('/data/orders-0/00000000000000000000.log')
    expect(open(disk).get('orders', 0, nowMs)?.logEndOffset).toBe(0n)
  })

  test.each([
    ['of another stop', `0\n2\n1\norders-0 1 ${topicId} 9 0:0:0 - - 0\n`],
    ['that are not whole', `0\n3\n2\norders-0 1 ${topicId} 9 0:0:0 - - 0\n`],
    ['cut in a line', `0\n3\n1\norders-0 1 ${topicId} 9`],
    ['of another version', `1\n3\n1\norders-0 1 ${topicId} 9 0:0:0 - - 0\n`],
  ])('%s are not believed', (_, text) => {
    const disk = new MemoryDisk()
    const folder = open(disk)
    create(folder)
    folder.close({ brokerEpoch: 3n })
    const changedMs = disk.folderChangedMs('/data/orders-0')
    const bytes = Buffer.from(text.replace('orders-0 1', `orders-0 ${changedMs}`))
    disk.writeFileAtomically(`/data/${KNOWN_PARTITIONS}`, bytes)
    expect(open(disk).get('orders', 0, nowMs)?.logEndOffset).toBe(0n)
  })

  test('are forgotten by a stop that was not clean', () => {
    const disk = new MemoryDisk()
    const first = open(disk)
    appendText(create(first), 'one')
    first.close({ brokerEpoch: 3n })
    const second = open(disk)
    appendText(second.get('orders', 0, nowMs)!, 'two')
    expect(disk.exists(`/data/${KNOWN_PARTITIONS}`)).toBe(false)
    const killed = disk.afterKill()
    expect(open(killed).get('orders', 0, nowMs)?.logEndOffset).toBe(2n)
  })

  test('stay known where nobody opened them', () => {
    const disk = new MemoryDisk()
    const first = open(disk)
    appendText(create(first), 'one')
    first.close({ brokerEpoch: 3n })
    open(disk).close({ brokerEpoch: 4n })
    const third = open(disk)
    expect(third.get('orders', 0, nowMs)?.logEndOffset).toBe(1n)
    expect(disk.openFiles).toBe(0)
  })
})

function open(disk: MemoryDisk): LogFolder {
  if (disk.nowMs === 0) disk.nowMs = nowMs
  return LogFolder.open({
    disk,
    folder: '/data',
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => small,
    producerIdExpirationMs: 86_400_000,
    nowMs: disk.nowMs,
  })
}

function create(folder: LogFolder): PartitionLog {
  return folder.create({ topic: 'orders', partition: 0, topicId, config: small, nowMs })
}

let sequence = 0

function append(
  log: PartitionLog,
  leaderEpoch: number,
  producerId: bigint | null,
  atMs: number,
): void {
  const producer =
    producerId === null ? {} : { producerId, producerEpoch: 0, baseSequence: sequence++ }
  const records = values(1, 40).map(each => ({ ...each, timestampMs: BigInt(atMs) }))
  log.appendAsLeader(batch({ records, ...producer }), {
    leaderEpoch,
    nowMs: atMs,
    origin: 'coordinator',
  })
}

/** All that can be told of the log, when it was just opened and after it went on. */
function opened(disk: MemoryDisk) {
  const log = open(disk).get('orders', 0, disk.nowMs)!
  const told = () => {
    const told = describeLog(log, { highWatermark: 0n, checkIntervalMs: 0n })
    const { latestEpoch, sizeBytes } = log
    return { ...told, latestEpoch, sizeBytes, records: readAll(log) }
  }
  const before = told()
  append(log, 20, null, disk.nowMs)
  const after = told()
  log.truncateTo(before.logEndOffset, disk)
  log.close()
  return { before, after, end: log.logEndOffset, epochs: log.epochs() }
}

function withoutKnown(disk: MemoryDisk): MemoryDisk {
  disk.remove(`/data/${KNOWN_PARTITIONS}`)
  return disk
}
