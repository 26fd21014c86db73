import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { ArrayRows, type Column } from '../../../../src-renderer/ui/table/column.ts'
import { rowsAsJson, rowsAsTsv } from '../../../../src-renderer/ui/table/copy-rows.ts'
import { readSort, writeSort } from '../../../../src-renderer/ui/table/sort-search.ts'
import {
  gridTemplate,
  isShown,
  TableLayout,
} from '../../../../src-renderer/ui/table/table-layout.ts'

type Row = { readonly a: string; readonly b: string }
const columns: readonly Column<Row>[] = [
  { id: 'a', title: 'A', width: 100, cell: row => row.a, text: row => row.a },
  {
    id: 'b',
    title: 'B',
    width: 80,
    grow: 2,
    cell: row => row.b,
    text: row => row.b,
    hiddenAtFirst: true,
  },
]

beforeEach(() => localStorage.clear())

describe('copying rows', () => {
  test('one row is one line, whatever its cells hold', () => {
    const row = fc.record({ a: fc.string({ unit: 'binary' }), b: fc.string() })
    fc.assert(
      fc.property(fc.array(row), rows => {
        const lines = rowsAsTsv(rows, columns).split('\n')
        expect(lines).toHaveLength(rows.length + 1)
        for (const line of lines) expect(line.split('\t')).toHaveLength(2)
        expect(JSON.parse(rowsAsJson(rows, columns))).toEqual(rows)
      }),
    )
  })
})

describe('a table’s layout', () => {
  test('is there again after a reload', () => {
    const layout = new TableLayout('t', localStorage)
    layout.resize('a', 333.4)
    layout.toggle('b')
    const again = new TableLayout('t', localStorage).snapshot()
    expect(again).toEqual({ widths: { a: 333 }, toggled: ['b'] })
    expect(columns.map(column => isShown(column, again))).toEqual([true, true])
    expect(gridTemplate(columns, again)).toBe('333px minmax(80px, 2fr) minmax(24px, 0.001fr)')
  })

  test('what another hand stored is not trusted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), stored => {
        localStorage.setItem('odradek.table.t', stored)
        const { widths, toggled } = new TableLayout('t', localStorage).snapshot()
        for (const width of Object.values(widths)) expect(typeof width).toBe('number')
        for (const id of toggled) expect(typeof id).toBe('string')
      }),
    )
  })

  test('released columns have their own width again', () => {
    const layout = new TableLayout('t', localStorage)
    layout.resize('a', 300)
    layout.release('a')
    expect(layout.snapshot().widths).toEqual({})
  })
})

describe('the order in the address', () => {
  test('reads as it was written', () => {
    const sort = fc.record({
      column: fc.constantFrom('name', 'size'),
      direction: fc.constantFrom('ascending' as const, 'descending' as const),
    })
    fc.assert(
      fc.property(sort, sort => {
        expect(readSort(writeSort(sort), ['name', 'size'])).toEqual(sort)
      }),
    )
    expect(readSort('-other', ['name'])).toBeUndefined()
  })
})

describe('rows at hand', () => {
  test('know the place of each key', () => {
    const rows = new ArrayRows(['x', 'y'], row => row)
    expect([rows.indexOf('y'), rows.indexOf('z'), rows.keyAt(0), rows.count]).toEqual([
      1,
      -1,
      'x',
      2,
    ])
  })
})
