import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { positionOf, type Offsets } from '../../../src-main/records/cut.ts'
import { readBackward } from '../../../src-main/records/read-backward.ts'
import { ReadBudget } from '../../../src-main/records/read-budget.ts'
import { readForward, type ReadRows } from '../../../src-main/records/read-forward.ts'
import type { PlacedRow, RecordSource } from '../../../src-main/records/record-source.ts'
import {
  batchShape,
  endsOf,
  memoryPartition,
  memorySource,
  startsOf,
  type MemoryPartition,
} from './memory-log.ts'

const topic = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.array(batchShape, { maxLength: 8 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map(logs => logs.map(([start, shapes], partition) => memoryPartition(partition, start, shapes)))
const limits = fc.record({
  limit: fc.integer({ min: 1, max: 12 }),
  answerBytesMax: fc.constantFrom(1, 200, Infinity),
  budgetBytes: fc.constantFrom(1, 300, 1_000_000),
})

describe('pages of records', () => {
  test('read forward to the end hold every record once, in order of positions', async () => {
    await fc.assert(
      fc.asyncProperty(
        topic,
        limits,
        async (partitions, { limit, answerBytesMax, budgetBytes }) => {
          const source = memorySource(partitions, { answerBytesMax })
          const pages = await readAll('forward', source, partitions, { limit, budgetBytes })
          expectTiles(pages, partitions)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('read backward to the start hold every record once, in order of positions', async () => {
    await fc.assert(
      fc.asyncProperty(
        topic,
        limits,
        async (partitions, { limit, answerBytesMax, budgetBytes }) => {
          const source = memorySource(partitions, { answerBytesMax })
          const pages = await readAll('backward', source, partitions, { limit, budgetBytes })
          expectTiles(pages.reverse(), partitions)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a page that was read backward is the same when it is read forward between its cuts', async () => {
    await fc.assert(
      fc.asyncProperty(topic, limits, async (partitions, { limit, budgetBytes }) => {
        const base = startsOf(partitions)
        const source = memorySource(partitions)
        const bound = base
        const cut = endsOf(partitions)
        const page = await readBackward(
          source,
          { base, cut, bound, limit },
          new ReadBudget(budgetBytes),
        )
        const again = await readForward(
          source,
          { base, cut: page.before, bound: page.after, limit: limit + 1 },
          new ReadBudget(),
        )
        expect(again.rows.map(placeOf)).toEqual(page.rows.map(placeOf))
      }),
      { numRuns: 200 },
    )
  })

  test('with timestamps in order the whole table is in order of time', async () => {
    const partitions = [0, 1, 2].map(partition =>
      memoryPartition(
        partition,
        0,
        Array.from({ length: 10 }, (_, batch) => ({
          ...plain,
          timestamps: [0, 1, 2, 3, 4, 5].map(delta => batch * 60 + delta * 7 + partition),
        })),
      ),
    )
    const pages = await readAll('backward', memorySource(partitions), partitions, { limit: 7 })
    const times = pages.reverse().flatMap(({ rows }) => rows.map(row => row.timestampMs))
    expect(times).toEqual([...times].sort((a, b) => Number(a - b)))
    expect(times.length).toBe(180)
  })

  test('with timestamps in order pages are full, and in order of time and slot', async () => {
    const ordered = fc
      .array(fc.array(batchShape, { maxLength: 6 }), { minLength: 2, maxLength: 4 })
      .map(logs =>
        logs.map((shapes, slot) => {
          let timeMs = 0
          const later = (step: number) => (timeMs += step % 4)
          const rising = shapes.map(each => ({ ...each, timestamps: each.timestamps.map(later) }))
          return memoryPartition(slot, 0, rising)
        }),
      )
    const directions = fc.constantFrom('forward' as const, 'backward' as const)
    await fc.assert(
      fc.asyncProperty(
        ordered,
        directions,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        async (partitions, direction, limit, batchesMax) => {
          const source = memorySource(partitions, { batchesMax })
          const pages = await readAll(direction, source, partitions, { limit })
          const read = pages.map(({ rows }) => rows.map(placeOf))
          const rows = (direction === 'forward' ? read : read.toReversed()).flat()
          const expected = rows.toSorted(
            (a, b) => Number(a.timestampMs - b.timestampMs) || a.slot - b.slot,
          )
          expect(rows).toEqual(expected)
          for (const page of read.slice(0, -2)) expect(page.length).toBe(limit)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('the newest rows of a long partition are read without reading the rest', async () => {
    const log = memoryPartition(
      0,
      0,
      Array.from({ length: 5_000 }, () => plain),
    )
    const source = memorySource([log])
    const window = { base: startsOf([log]), cut: endsOf([log]), bound: startsOf([log]), limit: 50 }
    const { rows } = await readBackward(source, window, new ReadBudget())
    expect(rows.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 50 }, (_, index) => 29_950n + BigInt(index)),
    )
    expect(source.bytes).toBeLessThan(log.batches[0]!.length * 40)
  })

  test('the newest rows before a wide hole take a number of reads logarithmic in it', async () => {
    const log = memoryPartition(0, 0, [
      ...Array.from({ length: 50 }, () => plain),
      { ...plain, gap: 1_000_000_000 },
    ])
    const source = memorySource([log])
    const window = { base: startsOf([log]), cut: endsOf([log]), bound: startsOf([log]), limit: 20 }
    const { rows } = await readBackward(source, window, new ReadBudget())
    expect(rows.length).toBe(20)
    expect(source.reads).toBeLessThan(60)
  })

  test('a batch that cannot be decoded takes its own partition from the page, with the reason', async () => {
    const good = memoryPartition(0, 0, [plain, plain])
    const bad = memoryPartition(1, 0, [plain, plain])
    bad.batches[1]!.fill(0xff, 61)
    const source = memorySource([good, bad])
    const window = {
      base: startsOf([good, bad]),
      cut: startsOf([good, bad]),
      bound: endsOf([good, bad]),
      limit: 100,
    }
    const { rows, problems, after } = await readForward(source, window, new ReadBudget())
    expect(rows.length).toBe(18)
    expect(problems).toMatchObject([{ slot: 1, problem: { code: 'INVALID_RECORD' } }])
    expect(after).toEqual(
      new Map([
        [0, 12n],
        [1, 6n],
      ]),
    )
  })
})

const plain = {
  gap: 0,
  kept: [true, true, true, true, true, true],
  timestamps: [1, 2, 3, 4, 5, 6],
  valueBytes: 10,
  control: false,
}

async function readAll(
  direction: 'forward' | 'backward',
  source: RecordSource,
  partitions: readonly MemoryPartition[],
  { limit, budgetBytes = 1_000_000 }: { limit: number; budgetBytes?: number },
): Promise<ReadRows[]> {
  const base = startsOf(partitions)
  const end = endsOf(partitions)
  let cut = direction === 'forward' ? base : end
  const pages: ReadRows[] = []
  for (;;) {
    const budget = new ReadBudget(budgetBytes)
    const page =
      direction === 'forward'
        ? await readForward(source, { base, cut, bound: end, limit }, budget)
        : await readBackward(source, { base, cut, bound: base, limit }, budget)
    pages.push(page)
    expect(page.rows.length).toBeLessThanOrEqual(limit)
    const reached = direction === 'forward' ? page.after : page.before
    if (positionOf(reached, base) === positionOf(cut, base)) {
      expect(page.rows).toEqual([])
      return pages
    }
    cut = reached
  }
}

function placeOf({ slot, offset, position, timestampMs }: PlacedRow) {
  return { slot, offset, position, timestampMs }
}

/** Written apart from the code under test: sets and sums, no merging. */
function expectTiles(pages: readonly ReadRows[], partitions: readonly MemoryPartition[]): void {
  const base = startsOf(partitions)
  const rows = pages.flatMap(page => page.rows)
  const ids = rows.map(({ slot, offset }) => `${slot}:${offset}`)
  const expected = partitions.flatMap(({ records }) =>
    records.map(({ partition, offset }) => `${partition}:${offset}`),
  )
  expect(new Set(ids)).toEqual(new Set(expected))
  expect(ids.length).toBe(expected.length)
  expect(pages[0]!.before).toEqual(base)
  expect(pages.at(-1)!.after).toEqual(endsOf(partitions))
  for (const [index, page] of pages.entries()) {
    if (index > 0) expect(page.before).toEqual(pages[index - 1]!.after)
    const reached = new Map(page.before)
    for (const row of page.rows) {
      expectWithin(row, page.before, page.after, base)
      // A row's position is that of the cut before it: all that this page has passed so far.
      reached.set(row.slot, row.offset)
      expect(row.position).toBe(positionOf(reached, base))
      reached.set(row.slot, row.offset + 1n)
    }
  }
  const positions = rows.map(row => row.position)
  expect(positions).toEqual([...new Set(positions)].sort((a, b) => Number(a - b)))
}

function expectWithin(row: PlacedRow, before: Offsets, after: Offsets, base: Offsets): void {
  expect(row.offset).toBeGreaterThanOrEqual(before.get(row.slot)!)
  expect(row.offset).toBeLessThan(after.get(row.slot)!)
  expect(row.position).toBeGreaterThanOrEqual(positionOf(before, base))
  expect(row.position).toBeLessThan(positionOf(after, base))
}
