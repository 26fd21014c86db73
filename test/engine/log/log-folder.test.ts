import { describe, expect, test } from 'vitest'
import { LogFolder, type LogFolderInput } from '../../../engine/log/log-folder.ts'
import { readPartitionFolderName, readSegmentFileName } from '../../../engine/log/log-file-names.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, nowMs, readAll, topicId } from './log-fixture.ts'

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk'

function openFolder(disk: MemoryDisk, overrides: Partial<LogFolderInput> = {}): LogFolder {
  return LogFolder.open({
    disk,
    folder: '/data',
    clusterId,
    nodeId: 1,
    directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
    configFor: () => config(),
    producerIdExpirationMs: 86_400_000,
    nowMs,
    ...overrides,
  })
}

function create(folder: LogFolder, topic: string, partition = 0) {
  return folder.create({ topic, partition, topicId, config: config(), nowMs })
}

const text = (disk: MemoryDisk, name: string) =>
  Buffer.from(disk.readFile(`/data/${name}`)).toString()

describe('LogFolder', () => {
  test('writes Kafka’s own files', () => {
    const disk = new MemoryDisk()
    const folder = openFolder(disk)
    const log = create(folder, 'orders', 3)
    for (let n = 0; n < 5; n++) appendText(log, 'x')
    log.deleteRecordsBefore(2n)
    folder.close({ brokerEpoch: 17n, highWatermarkOf: () => 4n })
    expect(text(disk, 'meta.properties')).toBe(
      `#\ncluster.id=${clusterId}\ndirectory.id=bbbbbbbbbbbbbbbbbbbbbQ\nnode.id=1\nversion=1\n`,
    )
    expect(text(disk, '.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":17}')
    expect(text(disk, 'recovery-point-offset-checkpoint')).toBe('0\n1\norders 3 5\n')
    expect(text(disk, 'log-start-offset-checkpoint')).toBe('0\n1\norders 3 2\n')
    expect(text(disk, 'replication-offset-checkpoint')).toBe('0\n1\norders 3 4\n')
    expect(text(disk, 'orders-3/partition.metadata')).toBe(`version: 0\ntopic_id: ${topicId}`)
    expect(text(disk, 'orders-3/leader-epoch-checkpoint')).toBe('0\n1\n0 2\n')
    expect(disk.openFiles).toBe(0)
  })

  test('a checkpoint is written when it changed, and not otherwise', () => {
    const disk = new MemoryDisk()
    const folder = openFolder(disk)
    const log = create(folder, 'orders')
    folder.writeCheckpoints(() => log.logEndOffset)
    disk.remove('/data/replication-offset-checkpoint')
    folder.writeCheckpoints(() => log.logEndOffset)
    expect(disk.exists('/data/replication-offset-checkpoint')).toBe(false)

    appendText(log, 'x')
    folder.writeCheckpoints(() => log.logEndOffset)
    expect(text(disk, 'replication-offset-checkpoint')).toBe('0\n1\norders 0 1\n')
  })

  test('high watermarks that a power cut spoiled are unknown, and nothing else is', () => {
    const disk = new MemoryDisk()
    const folder = openFolder(disk)
    appendText(create(folder, 'orders'), 'one')
    folder.close({ brokerEpoch: 1n, highWatermarkOf: log => log.logEndOffset })
    disk.writeFileAtomically('/data/replication-offset-checkpoint', Buffer.alloc(0))

    const again = openFolder(disk)
    expect(again.checkpointedHighWatermark('orders', 0)).toBe(0n)
    expect(again.get('orders', 0, nowMs)?.logEndOffset).toBe(1n)
  })

  test('finds its partitions again, each opened when it is asked for', () => {
    const disk = new MemoryDisk()
    let folder = openFolder(disk)
    appendText(create(folder, 'orders'), 'one')
    appendText(create(folder, 'with-dash', 2), 'two')
    folder.close({ brokerEpoch: 1n, highWatermarkOf: log => log.logEndOffset })
    folder = openFolder(disk)
    expect(folder.lastShutdown).toEqual({ brokerEpoch: 1n })
    expect([...folder.found()]).toEqual([
      { topic: 'orders', partition: 0, topicId },
      { topic: 'with-dash', partition: 2, topicId },
    ])
    expect([...folder.logs()]).toEqual([])
    expect(folder.checkpointedHighWatermark('with-dash', 2)).toBe(1n)
    expect(readAll(folder.get('with-dash', 2, nowMs)!)).toEqual([{ offset: 0n, text: 'two' }])
    expect(folder.get('with-dash', 3, nowMs)).toBeNull()
    folder.openAll(nowMs)
    expect([...folder.logs()]).toHaveLength(2)
  })

  test('loses nothing that was written when it is killed, opened or not', () => {
    let disk = new MemoryDisk()
    let folder = openFolder(disk)
    for (const topic of ['a', 'b'])
      for (let n = 0; n < 3; n++) appendText(create2(folder, topic), topic + n)
    disk = disk.afterKill()
    folder = openFolder(disk)
    expect(folder.lastShutdown).toBeNull()
    appendText(folder.get('a', 0, nowMs)!, 'a3')
    folder.close({ brokerEpoch: 2n })
    // Nobody looked at b since the kill: the stop cannot be called clean.
    expect(disk.exists('/data/.kafka_cleanshutdown')).toBe(false)
    folder = openFolder(disk)
    folder.openAll(nowMs)
    expect([...folder.logs()].map(log => [log.topic, readAll(log).length])).toEqual([
      ['a', 4],
      ['b', 3],
    ])
    folder.close({ brokerEpoch: 3n })
    expect(openFolder(disk).lastShutdown).toEqual({ brokerEpoch: 3n })
  })

  test('belongs to one cluster, one node, and one process at a time', () => {
    const disk = new MemoryDisk()
    const folder = openFolder(disk)
    expect(() => openFolder(disk)).toThrow('/data: it is in use')
    folder.close({ brokerEpoch: 1n })
    expect(() => openFolder(disk, { clusterId: 'other' })).toThrow(
      `/data: belongs to cluster ${clusterId}, this one is other`,
    )
    expect(() => openFolder(disk, { nodeId: 2 })).toThrow('/data: belongs to node 1, this one is 2')
    expect(openFolder(disk, { directoryId: 'other' }).directoryId).toBe('bbbbbbbbbbbbbbbbbbbbbQ')
  })

  test('deletes a partition by renaming it, and removes it after its delay, or after a restart', () => {
    const disk = new MemoryDisk()
    let folder = openFolder(disk)
    appendText(create(folder, 'orders'), 'x')
    appendText(create(folder, 'other'), 'x')
    folder.writeCheckpoints(() => 1n)
    folder.delete('orders', 0, nowMs)
    expect(folder.get('orders', 0, nowMs)).toBeNull()
    const hex = Buffer.from(topicId, 'base64url').toString('hex')
    const renamed = `/data/orders-0.${hex}-delete`
    expect(disk.exists(renamed)).toBe(true)
    expect(folder.nextRemovalMs).toBe(nowMs + 60_000)
    appendText(create(folder, 'orders'), 'new topic, same name')
    folder.writeCheckpoints(() => 0n)
    expect(text(disk, 'replication-offset-checkpoint')).toBe('0\n2\nother 0 0\norders 0 0\n')
    folder.close({ brokerEpoch: 1n })
    folder = openFolder(disk)
    expect([...folder.found()]).toHaveLength(2)
    expect(folder.removeDue(nowMs)).toEqual([renamed])
    expect(disk.exists(renamed)).toBe(false)
  })

  test('a partition that lost its topic id to a power cut takes the one that is given', () => {
    const disk = new MemoryDisk()
    const log = create(openFolder(disk), 'orders')
    appendText(log, 'kept')
    log.flush()
    const after = disk.afterPowerCut()
    const folder = openFolder(after)
    expect([...folder.found()]).toEqual([{ topic: 'orders', partition: 0, topicId: null }])
    const found = folder.get('orders', 0, nowMs, topicId)!
    expect(found.topicId).toBe(topicId)
    expect(readAll(found)).toHaveLength(1)
    expect(text(after, 'orders-0/partition.metadata')).toContain(topicId)
  })

  test('a clean end syncs the logs that were written to, and the marker after them', () => {
    const disk = new MemoryDisk()
    const synced: string[] = []
    const open = disk.open.bind(disk)
    disk.open = path => {
      const file = open(path)
      const flush = file.flush.bind(file)
      file.flush = () => {
        synced.push(path)
        flush()
      }
      return file
    }
    const write = disk.writeFileAtomically.bind(disk)
    disk.writeFileAtomically = (...call: Parameters<typeof write>) => {
      const [path, , options] = call
      if (options === undefined || options.durable) synced.push(path)
      write(...call)
    }
    const folder = openFolder(disk)
    create(folder, 'untouched')
    appendText(create(folder, 'orders'), 'x')
    folder.close({ brokerEpoch: 1n })
    expect(synced).toContain('/data/orders-0/00000000000000000000.log')
    expect(synced.filter(path => path.includes('untouched'))).toEqual([])
    expect(synced.filter(path => !path.endsWith('.tmp')).at(-1)).toBe('/data/.kafka_cleanshutdown')
  })

  test('keeps few files open, however many partitions are written to', () => {
    const disk = new MemoryDisk()
    const folder = openFolder(disk, { openFilesMax: 20 })
    const logs = Array.from({ length: 100 }, (_, n) => create(folder, `topic-${n}`))
    for (let round = 0; round < 3; round++)
      for (const log of logs) appendText(log, `round ${round}`)
    expect(disk.openFiles).toBeLessThanOrEqual(20)
    expect(folder.openFileCount).toBe(disk.openFiles)
    for (const log of logs) expect(readAll(log)).toHaveLength(3)
    folder.close({ brokerEpoch: 1n })
    expect(disk.openFiles).toBe(0)
  })

  test('sweeps all partitions, each by its own limits and high watermark', () => {
    const folder = openFolder(new MemoryDisk())
    const brief = config({ retentionMs: 10n })
    const short = folder.create({ topic: 'short', partition: 0, topicId, config: brief, nowMs })
    const held = folder.create({ topic: 'held', partition: 0, topicId, config: brief, nowMs })
    for (const log of [short, held, create(folder, 'long')]) appendText(log, 'x')
    const deleted = folder.applyRetention(nowMs + 11, log => (log === held ? 0n : log.logEndOffset))
    expect([...deleted]).toEqual([[short, [{ baseOffset: 0n, reason: 'retention.ms' }]]])
  })
})

test.each([
  ['orders-0', { topic: 'orders', partition: 0 }],
  ['a-b-12', { topic: 'a-b', partition: 12 }],
  ['__consumer_offsets-49', { topic: '__consumer_offsets', partition: 49 }],
  ['orders-0.9f0c8b1ad1c84e5cb3f6a3ee1ce9b7a1-delete', null],
  ['orders-0.9f0c8b1ad1c84e5cb3f6a3ee1ce9b7a1-future', null],
  ['orders', null],
  ['-1', null],
])('the folder %s holds %o', (name, expected) => {
  expect(readPartitionFolderName(name)).toEqual(expected)
})

test('files of segments are told by their names', () => {
  expect(readSegmentFileName('00000000000000000042.log')).toEqual({
    baseOffset: 42n,
    kind: 'log',
    suffix: '',
  })
  expect(readSegmentFileName('00000000000000000042.timeindex.deleted')?.suffix).toBe('.deleted')
  expect(readSegmentFileName('42.log')).toBeNull()
  expect(readSegmentFileName('leader-epoch-checkpoint')).toBeNull()
})

function create2(folder: LogFolder, topic: string) {
  return folder.get(topic, 0, nowMs) ?? create(folder, topic)
}
