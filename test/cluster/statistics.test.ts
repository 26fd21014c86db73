import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TopicStatistics } from '../../src-main/contract/model/statistics.ts'
import { LOCAL, startSearched, type SearchedCluster } from './searched-cluster.ts'

const HOUR_MS = 3_600_000
const firstHourMs = 472_222 * HOUR_MS
const subject = { cluster: LOCAL, topic: 'measured' }
let given: SearchedCluster

beforeAll(async () => {
  given = await startSearched()
  await given.create('measured', 3)
  for (const [partition, count] of [
    [0, 300],
    [1, 100],
  ] as const)
    await given.produce('measured', partition, {
      compression: 'zstd',
      records: Array.from({ length: count }, (_, n) => ({
        timestampMs: BigInt(firstHourMs + (n % 2) * HOUR_MS),
        key: n % 10 === 0 ? null : Buffer.from(n % 3 === 0 ? 'busy' : `key-${partition}-${n}`),
        value: n % 50 === 0 ? null : Buffer.alloc(n),
        headers: n === 7 ? [{ key: 'h', value: Buffer.from('1') }] : [],
      })),
    })
})

afterAll(async () => given.close())

function ended(): Promise<TopicStatistics> {
  return new Promise((resolve, reject) => {
    const close = given.page.stream('statistics.watch', subject, {
      onItem(result) {
        if (result === null || result.state === 'running') return
        close()
        resolve(result)
      },
      onEnd: problem => reject(new TypeError(problem?.message)),
    })
  })
}

test('statistics of a topic count what is in it', async () => {
  expect(await given.page.call('statistics.get', subject)).toBeNull()
  const begun = await given.page.call('statistics.start', { ...subject, partitions: null })
  const again = await given.page.call('statistics.start', { ...subject, partitions: null })
  expect(again.jobId).toBe(begun.jobId)
  const result = await ended()
  expect(result).toMatchObject({
    state: 'done',
    progress: { percent: 100, recordsRead: 400n },
    total: {
      records: 400n,
      nullKeys: 40n,
      nullValues: 8n,
      emptyValues: 0n,
      recordsWithHeaders: 2n,
      batches: 2n,
      emptyOffsets: 0n,
      firstTimestampMs: BigInt(firstHourMs),
      lastTimestampMs: BigInt(firstHourMs + HOUR_MS),
      keySize: { count: 360n },
      valueSize: { count: 392n, leastBytes: 1, greatestBytes: 299 },
    },
    skew: { fullestPartition: 0, emptyPartitions: 1 },
    otherHoursCount: 0n,
  })
  expect(result.partitions.map(({ partition, records }) => [partition, records])).toEqual([
    [0, 300n],
    [1, 100n],
    [2, 0n],
  ])
  expect(
    result.hours.map(({ hourMs, records }) => [Number(hourMs) - firstHourMs, records]),
  ).toEqual([
    [0, 200n],
    [HOUR_MS, 200n],
  ])
  const busy = Array.from({ length: 300 }, (_, n) => n).filter(n => n % 10 !== 0 && n % 3 === 0)
  const busyHere = busy.length + busy.filter(n => n < 100).length
  expect(result.largestKeys.byCount[0]).toMatchObject({
    key: 'busy',
    amount: BigInt(busyHere),
    overcount: 0n,
    truncated: false,
  })
  const distinct = 1 + (360 - busyHere)
  expect(Math.abs(Number(result.total.distinctKeys.estimate) - distinct)).toBeLessThan(8)
  expect(result.skew.recordsRatio).toBeCloseTo(300 / (400 / 3), 6)
  const median = result.total.valueSize.percentiles.find(({ percent }) => percent === 50)!
  expect(Math.abs(median.bytes - 102)).toBeLessThan(5)
})
