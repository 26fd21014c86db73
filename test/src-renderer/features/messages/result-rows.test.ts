import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import {
  PAGE_ROWS,
  ResultRows,
  type ResultOrder,
} from '../../../../src-renderer/features/messages/search/result-rows.ts'

function row(offset: number): RecordRow {
  return { topic: 'orders', partition: 0, offset: BigInt(offset) } as RecordRow
}

function made(order: ResultOrder, mirrored: boolean) {
  return new ResultRows({ order, mirrored, keyOf: ({ offset }) => `0:${offset}` })
}

/** Answers questions as a search would that found the offsets from 0 on, until there are none. */
function answer(rows: ResultRows, kept: number, first: number, end: number): number {
  let asked = 0
  for (let wish = rows.wanted(first, end); wish !== null; wish = rows.wanted(first, end)) {
    asked += 1
    const count = Math.max(0, Math.min(wish.limit, kept - wish.from))
    const { from } = wish
    rows.take(from, {
      rows: Array.from({ length: count }, (_, place) => row(from + place)),
      kept,
      look: { fields: [], decoders: { key: 'auto', value: 'auto' } },
    })
  }
  return asked
}

function keys(rows: ResultRows, first: number, end: number): string[] {
  const source = rows.source(each => each)
  return Array.from({ length: Math.min(end, source.count) - first }, (_, i) =>
    source.keyAt(first + i),
  )
}

describe('rows that a search has kept', () => {
  test('whatever one scrolls to is the row that belongs there', () => {
    const steps = fc.array(fc.record({ grows: fc.nat(400), first: fc.nat(2_000) }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(steps, fc.boolean(), (steps, mirrored) => {
        const rows = made('found', mirrored)
        let kept = 0
        for (const { grows, first } of steps) {
          kept += grows
          rows.grow(kept, true)
          answer(rows, kept, first, first + 40)
          const from = Math.min(first, kept)
          const expected = Array.from({ length: Math.min(40, kept - from) }, (_, i) =>
            mirrored ? `0:${kept - 1 - from - i}` : `0:${from + i}`,
          )
          expect(keys(rows, from, from + 40)).toEqual(expected)
        }
      }),
    )
  })

  test('a full page in the order of finding is never asked for again', () => {
    const rows = made('found', false)
    rows.grow(PAGE_ROWS * 3, true)
    expect(answer(rows, PAGE_ROWS * 3, 0, 40)).toBe(1)
    rows.grow(PAGE_ROWS * 4, true)
    expect(answer(rows, PAGE_ROWS * 4, 0, 40)).toBe(0)
  })

  test('by time a page is asked for again when rows came, for they may stand before it', () => {
    const rows = made('newest-first', false)
    rows.grow(PAGE_ROWS * 3, true)
    answer(rows, PAGE_ROWS * 3, 0, 40)
    rows.grow(PAGE_ROWS * 3 + 1, true)
    expect(rows.wanted(0, 40)).toEqual({ from: 0, limit: PAGE_ROWS })
  })

  test('while one reads a live search, what it finds is counted and no row moves', () => {
    const rows = made('found', true)
    rows.grow(50, true)
    answer(rows, 50, 0, 40)
    const before = keys(rows, 0, 40)
    rows.grow(57, false)
    answer(rows, 57, 0, 40)
    expect(keys(rows, 0, 40)).toEqual(before)
    expect(rows.waiting).toBe(7)
    rows.grow(57, true)
    answer(rows, 57, 0, 40)
    expect(keys(rows, 0, 1)).toEqual(['0:56'])
    expect(rows.waiting).toBe(0)
  })

  test('a row has its place by its name, before and after it has one', () => {
    const rows = made('found', true)
    rows.grow(300, true)
    const unnamed = rows.source(each => each).keyAt(2)
    expect(unnamed).toBe('#297')
    answer(rows, 300, 0, 40)
    expect(rows.resolve(unnamed)).toBe('0:297')
    expect(rows.source(each => each).indexOf('0:297')).toBe(2)
    expect(rows.source(each => each).indexOf('0:999')).toBe(-1)
  })
})
