import { expect, test } from 'vitest'
import type { PartitionProblem } from '../../../src-main/contract/model/record.ts'
import { PartitionProgress } from '../../../src-main/scan/partition-progress.ts'

const problem = { code: 'LEADER_NOT_AVAILABLE', message: 'nobody leads it' }
const range = (partition: number) => ({
  topic: 'orders',
  partition,
  start: 0n,
  end: 10n,
  at: 0n,
})
const unplanned = (partition: number | null): PartitionProblem => ({
  topic: 'orders',
  partition,
  problem,
})
const update = { index: 0, at: 4n, records: 4, bytes: 400, found: 1 }

test('what failed and what could not be planned is unread; what failed is tried again', () => {
  const plan = { ranges: [range(0), range(1)], problems: [unplanned(2)] }
  const books = new PartitionProgress(plan, 'forward')
  expect(books.begin(0).map(({ book }) => book)).toEqual([0, 1])
  books.take([0], { partitions: [{ ...update, state: 'failed', problem }], unreadable: [] })
  const done = { ...update, at: 10n, records: 10, state: 'done', problem: null } as const
  books.take([1], { partitions: [done], unreadable: [] })
  books.end(1)
  expect(books.progress(1)).toMatchObject({
    unread: [{ partition: 0 }, { partition: 2 }],
    unreadCount: 2,
    doneOffsets: 14n,
  })
  expect(books.begin(2)).toEqual([{ book: 0, range: { ...range(0), at: 4n } }])
  expect(books.progress(2)).toMatchObject({ unread: [{ partition: 2 }], unreadCount: 1 })
})

test('what a key rules out is not missed; a topic that nobody found is', () => {
  const plan = { ranges: [range(0)], problems: [unplanned(1), unplanned(null)] }
  const books = new PartitionProgress(plan, 'forward')
  books.choose((_topic, partition) => partition === 0)
  expect(books.progress(0).unread).toEqual([unplanned(null)])
  books.choose(() => true)
  expect(books.progress(0).unreadCount).toBe(2)
})
