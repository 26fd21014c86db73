import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HistoryStore } from '../../../../src-main/groups/history/history-store.ts'
import { LagRecorder } from '../../../../src-main/groups/history/lag-recorder.ts'
import { MemoryStore } from '../../../../src-main/groups/history/memory-store.ts'
import { openHistoryStore } from '../../../../src-main/groups/history/open-store.ts'
import type { RebalanceDraft } from '../../../../src-main/groups/rebalance-diary.ts'

/** The beginning of a minute. */
const NOW_MS = 1_700_000_040_000
const HOUR_MS = 3_600_000
const series = { cluster: 'local', groupId: 'billing', topic: null }

let folder: string
let path: string
const open: HistoryStore[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-history-'))
  path = join(folder, 'history.db')
})

afterEach(() => {
  for (const store of open.splice(0)) store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openStore(sizeMaxBytes?: number): Promise<HistoryStore> {
  const store = await openHistoryStore({ path, ...(sizeMaxBytes && { sizeMaxBytes }) })
  open.push(store)
  return store
}

function close(store: HistoryStore): void {
  open.splice(open.indexOf(store), 1)
  store.close()
}

function write(store: HistoryStore, atMs: number, lag: number, groupId = 'billing'): void {
  store.append(atMs, [{ cluster: 'local', groupId, topic: null, lag, lagTimeMs: lag * 10 }])
}

function tidyUp(store: HistoryStore, nowMs: number): void {
  for (let turn = 0; store.tidy(nowMs); turn++) expect(turn).toBeLessThan(10_000)
}

describe.each([
  ['in a database', () => openStore()],
  ['in memory', async () => new MemoryStore(null)],
])('a history %s', (_where, make) => {
  test('gives the points of a range, and the last one before it', async () => {
    const store = await make()
    for (const [second, lag] of [
      [0, 5],
      [60, 9],
      [120, 3],
    ] as const)
      write(store, NOW_MS + second * 1_000, lag)
    write(store, NOW_MS, 77, 'other')
    expect(store.points(series, NOW_MS + 30_000, NOW_MS + 90_000)).toEqual([
      { atMs: NOW_MS, lag: 5, peak: 5, lagTimeMs: 50 },
      { atMs: NOW_MS + 60_000, lag: 9, peak: 9, lagTimeMs: 90 },
    ])
    expect(store.points({ ...series, groupId: 'unknown' }, 0, NOW_MS)).toEqual([])
  })

  test('names the topics that have a history of their own', async () => {
    const store = await make()
    const rows = ['payments', 'orders'].map(topic => {
      return { cluster: 'local', groupId: 'billing', topic, lag: 1, lagTimeMs: null }
    })
    store.append(NOW_MS, rows)
    write(store, NOW_MS, 2)
    expect(store.topics('local', 'billing')).toEqual(['orders', 'payments'])
    expect(store.points({ ...series, topic: 'orders' }, 0, NOW_MS)).toHaveLength(1)
  })

  test('puts old points together, a minute each and then ten, and forgets after eight days', async () => {
    const store = await make()
    for (let second = 0; second < 7_200; second += 10)
      write(store, NOW_MS + second * 1_000, second === 1_230 ? 9_999 : second % 50)
    const all = (untilMs = NOW_MS + 8 * 24 * HOUR_MS) => store.points(series, 0, untilMs)
    expect(all()).toHaveLength(720)
    tidyUp(store, NOW_MS + 5 * HOUR_MS)
    expect(all()).toHaveLength(120)
    expect(Math.max(...all().map(({ peak }) => peak))).toBe(9_999)
    tidyUp(store, NOW_MS + 3 * 24 * HOUR_MS)
    expect(all().length).toBeLessThanOrEqual(13)
    expect(Math.max(...all().map(({ peak }) => peak))).toBe(9_999)
    tidyUp(store, NOW_MS + 10 * 24 * HOUR_MS)
    expect(all()).toEqual([])
  })

  test('keeps a rebalance once, with what is told of it later, the newest first', async () => {
    const store = await make()
    store.putRebalance('local', 'billing', rebalance(1, 1_000n))
    store.putRebalance('local', 'billing', rebalance(2, 2_000n))
    store.putRebalance('local', 'billing', { ...rebalance(1, 1_000n), reasons: ['told again'] })
    const kept = store.rebalances('local', 'billing', 10)
    expect(kept.map(({ generationId, reasons }) => [generationId, ...reasons])).toEqual([
      [2, 'because'],
      [1, 'told again'],
    ])
    expect(kept[0]).toMatchObject({ ...rebalance(2, 2_000n), id: expect.any(Number) as number })
    expect(store.rebalances('local', 'other', 10)).toEqual([])
  })

  test('keeps two hundred rebalances of a group', async () => {
    const store = await make()
    for (let n = 1; n <= 230; n++) store.putRebalance('local', 'billing', rebalance(n, BigInt(n)))
    const kept = store.rebalances('local', 'billing', 500)
    expect([kept.length, kept[0]?.generationId]).toEqual([200, 230])
  })
})

describe('the database', () => {
  test('is there again after a restart', async () => {
    const first = await openStore()
    write(first, NOW_MS, 5)
    first.watched('local', { fromMs: NOW_MS, untilMs: NOW_MS + 500 })
    first.putRebalance('local', 'billing', rebalance(1, 1_000n))
    close(first)
    const second = await openStore()
    write(second, NOW_MS + 1_000, 6)
    expect(second.points(series, 0, NOW_MS + 9_000).map(({ lag }) => lag)).toEqual([5, 6])
    expect(second.spans('local', 0)).toEqual([{ fromMs: NOW_MS, untilMs: NOW_MS + 500 }])
    expect(second.rebalances('local', 'billing', 5)).toHaveLength(1)
    expect(second.keeping()).toMatchObject({ store: 'database', note: null, oldestMs: NOW_MS })
  })

  test('that is damaged is set aside, and the page can say so', async () => {
    writeFileSync(path, 'this is no database, whatever its name says'.repeat(100))
    const store = await openStore()
    expect(store.keeping().note).toMatch(/damaged .* begins anew\. The old file is .*\.damaged-/)
    write(store, NOW_MS, 5)
    expect(store.points(series, 0, NOW_MS)).toHaveLength(1)
    expect(readdirSync(folder).filter(name => name.includes('.damaged-'))).toHaveLength(1)
  })

  test('that is damaged while it is used is set aside too', async () => {
    const first = await openStore()
    for (let n = 0; n < 20_000; n++) write(first, NOW_MS + n, n)
    close(first)
    const { size } = statSync(path)
    const bytes = new Uint8Array(size).fill(0x5a)
    const file = await import('node:fs/promises').then(({ open: openFile }) => openFile(path, 'r+'))
    // The head is whole, so that opening may succeed; what follows is not.
    await file.write(bytes, 0, size - 8_192, 8_192)
    await file.close()
    const store = await openStore()
    for (let n = 0; n < 50; n++) write(store, NOW_MS + 50_000 + n, n)
    expect(store.points(series, NOW_MS + 50_000, NOW_MS + 60_000)).toHaveLength(50)
    expect(readdirSync(folder).filter(name => name.includes('.damaged-'))).toHaveLength(1)
  })

  test('of a newer version is left alone', async () => {
    const newer = new DatabaseSync(path)
    newer.exec('CREATE TABLE theirs (x); PRAGMA user_version = 99')
    newer.close()
    const store = await openStore()
    expect(store.keeping()).toMatchObject({ store: 'memory' })
    expect(store.keeping().note).toContain('newer Odradek')
    write(store, NOW_MS, 5)
    const after = new DatabaseSync(path)
    expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }])
    after.close()
  })

  test('of somebody else is set aside', async () => {
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE theirs (x); PRAGMA user_version = 1')
    other.close()
    const store = await openStore()
    expect(store.keeping().note).toContain('not a history of ours')
  })

  test('stays within its bound by forgetting the oldest', async () => {
    const sizeMaxBytes = 512 * 1024
    const store = await openStore(sizeMaxBytes)
    let nowMs = NOW_MS
    for (let hour = 0; hour < 8; hour++) {
      for (let n = 0; n < 60; n++) {
        const rows = Array.from({ length: 150 }, (_, g) => {
          return { cluster: 'local', groupId: `g${g}`, topic: null, lag: n * g, lagTimeMs: n }
        })
        store.append(nowMs + n * 60_000, rows)
      }
      nowMs += HOUR_MS
      tidyUp(store, nowMs)
      expect(store.keeping().sizeBytes).toBeLessThanOrEqual(sizeMaxBytes)
    }
    expect(statSync(path).size).toBeLessThanOrEqual(sizeMaxBytes * 1.25)
    const g7 = { cluster: 'local', groupId: 'g7', topic: null }
    expect(store.points(g7, nowMs - HOUR_MS, nowMs).length).toBeGreaterThan(10)
    expect(store.points(g7, NOW_MS, NOW_MS + HOUR_MS)).toEqual([])
  })
})

describe('the recorder', () => {
  const lag = (value: number, lagTimeMs: number | null = 0, groupId = 'billing') => {
    return { groupId, topic: null, lag: value, lagTimeMs }
  }

  test('writes what changed, and what stands once an hour', () => {
    const store = new MemoryStore(null)
    const recorder = new LagRecorder(store, 'local')
    const written = [0, 10, 20, 30].map((second, n) =>
      recorder.record(NOW_MS + second * 1_000, 10_000, [lag(n === 3 ? 8 : 5), lag(1, 0, 'idle')]),
    )
    expect(written).toEqual([2, 0, 0, 1])
    let standing = 0
    for (let second = 40; second < 7_200; second += 10)
      standing += recorder.record(NOW_MS + second * 1_000, 10_000, [lag(8), lag(1, 0, 'idle')])
    expect(standing).toBeGreaterThanOrEqual(2)
    expect(standing).toBeLessThanOrEqual(4)
  })

  test('writes a wait when it is off by more than a tenth and five seconds', () => {
    const recorder = new LagRecorder(new MemoryStore(null), 'local')
    const waits = [0, 1_000, 4_000, 6_000, 11_000, 12_000, null]
    const written = waits.map((wait, n) =>
      recorder.record(NOW_MS + n * 1_000, 1_000, [lag(5, wait)]),
    )
    expect(written).toEqual([1, 0, 0, 1, 0, 1, 1])
  })

  test('after a pause everything is written anew, and a gap is left', () => {
    const store = new MemoryStore(null)
    const recorder = new LagRecorder(store, 'local')
    recorder.record(NOW_MS, 2_000, [lag(5)])
    recorder.record(NOW_MS + 2_000, 2_000, [lag(5)])
    expect(recorder.record(NOW_MS + 60_000, 2_000, [lag(5)])).toBe(1)
    expect(store.spans('local', 0)).toEqual([
      { fromMs: NOW_MS, untilMs: NOW_MS + 2_000 },
      { fromMs: NOW_MS + 60_000, untilMs: NOW_MS + 60_000 },
    ])
  })
})

function rebalance(generationId: number, startedMs: bigint): RebalanceDraft {
  return {
    source: 'coordinator',
    outcome: 'stable',
    generationId,
    leaderId: 'm-1',
    protocol: 'range',
    startedMs,
    formedMs: startedMs + 5n,
    finishedMs: startedMs + 9n,
    reasons: ['because'],
    members: [
      {
        memberId: 'm-1',
        groupInstanceId: null,
        clientId: 'm',
        clientHost: '/127.0.0.1',
        change: 'joined',
        reason: '',
        joinedMs: startedMs,
        syncedMs: null,
        heldCount: 1,
        gained: [{ topic: 'orders', partitions: [0] }],
        lost: [],
      },
    ],
    movedCount: 1,
    partitionCount: 1,
  }
}
