import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { NodeDisk } from '../../../engine/runtime/node-disk.ts'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { appendText, config, nowMs, readAll, topicId } from '../log/log-fixture.ts'

const root = mkdtempSync(join(tmpdir(), 'odradek-disk-'))
afterAll(() => rmSync(root, { recursive: true }))
const disk = new NodeDisk()

describe('NodeDisk', () => {
  test('reads and writes at positions, and makes the file it opens', () => {
    const file = disk.open(join(root, 'positions'))
    file.write(Buffer.from('world'), 6)
    file.write(Buffer.from('hello '), 0)
    const target = Buffer.alloc(20, '.')
    expect(file.read(target, 2, 15, 1)).toBe(10)
    expect(target.toString()).toBe('..ello world........')
    expect([file.sizeBytes(), file.read(target, 0, 4, 50)]).toEqual([11, 0])
    file.truncate(5)
    file.flush()
    file.close()
    expect(readFileSync(join(root, 'positions'), 'utf8')).toBe('hello')
  })

  test('replaces a file as a whole and leaves nothing beside it', () => {
    const folder = join(root, 'whole')
    disk.makeFolder(folder)
    for (const durable of [true, false])
      disk.writeFileAtomically(join(folder, 'name'), Buffer.from(`durable: ${durable}`), {
        durable,
      })
    expect(readdirSync(folder)).toEqual(['name'])
    expect(Buffer.from(disk.readFile(join(folder, 'name'))).toString()).toBe('durable: false')
    expect(disk.list(folder)).toEqual([
      { name: 'name', isFolder: false, sizeBytes: 14, modifiedMs: expect.any(Number) },
    ])
  })

  test('says of what is not there that it is not, and removes it without a word', () => {
    expect(disk.list(join(root, 'nowhere'))).toBeNull()
    expect(disk.exists(join(root, 'nowhere'))).toBe(false)
    expect(() => disk.remove(join(root, 'nowhere'))).not.toThrow()
  })

  test('names the path and the reason when the system refuses', () => {
    const path = join(root, 'nowhere', 'file')
    for (const refused of [
      () => disk.open(path),
      () => disk.readFile(path),
      () => disk.rename(path, root),
    ]) {
      expect(refused).toThrow(OperationalError)
      expect(refused).toThrow(`${path}: cannot`)
      expect(refused).toThrow('it is not there (ENOENT)')
    }
  })

  test.runIf(existsSync('/dev/full'))('says that the disk is full', () => {
    const file = disk.open('/dev/full')
    expect(() => file.write(Buffer.from('x'), 0)).toThrow(
      '/dev/full: cannot write it: the disk is full (ENOSPC)',
    )
    file.close()
  })

  test('a folder that a living process holds is refused, one of a dead process is taken', () => {
    const path = join(root, '.lock')
    // The parent of this process lives as long as it does.
    writeFileSync(path, `${process.ppid}\n`)
    expect(() => disk.lock(path)).toThrow(`${root}: process ${process.ppid} uses this folder`)
    writeFileSync(path, '4194305 1\n')
    const lock = disk.lock(path)
    expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    lock.release()
    expect(existsSync(path)).toBe(false)
  })

  test('tells the size of the file system', () => {
    const { freeBytes, totalBytes } = disk.space(root)
    expect(freeBytes).toBeGreaterThan(0n)
    expect(totalBytes).toBeGreaterThanOrEqual(freeBytes)
  })

  test('carries a log folder through a stop and a kill', () => {
    const open = () =>
      LogFolder.open({
        disk,
        folder: join(root, 'logs'),
        clusterId: 'c',
        nodeId: 1,
        directoryId: 'bbbbbbbbbbbbbbbbbbbbbQ',
        configFor: () => config({ segmentBytes: 500 }),
        producerIdExpirationMs: 86_400_000,
        nowMs,
      })
    let folder = open()
    const made = {
      topic: 'orders',
      partition: 0,
      topicId,
      config: config({ segmentBytes: 500 }),
      nowMs,
    }
    let log = folder.create(made)
    for (let n = 0; n < 20; n++) appendText(log, `record ${n}`)
    folder.close({ brokerEpoch: 1n })
    folder = open()
    log = folder.get('orders', 0, nowMs)!
    for (let n = 20; n < 40; n++) appendText(log, `record ${n}`)
    folder.abandon()
    folder = open()
    expect(folder.lastShutdown).toBeNull()
    log = folder.get('orders', 0, nowMs)!
    expect(readAll(log).map(({ text }) => text)).toEqual(
      Array.from({ length: 40 }, (_, n) => `record ${n}`),
    )
    folder.close({ brokerEpoch: 2n })
  })
})
