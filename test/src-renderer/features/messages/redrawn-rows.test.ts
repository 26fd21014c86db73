import { describe, expect, test } from 'vitest'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import { RedrawnRows } from '../../../../src-renderer/features/messages/search/redrawn-rows.ts'

const decoders = { key: 'auto', value: 'auto' } as const
const look = (...paths: string[]): RowLook => ({
  fields: paths.map(path => ({ part: 'value', path })),
  decoders,
})

function row(offset: bigint, fields: RecordRow['fields'], position = offset): RecordRow {
  return { topic: 'orders', partition: 0, offset, position, fields } as RecordRow
}

const made = (shown: RowLook) => new RedrawnRows(({ offset }) => `0:${offset}`, shown)

describe('rows of a search under another look', () => {
  test('are shown as they were found while the look is the search’s own', () => {
    const found = row(7n, ['paid'])
    const rows = made(look('status'))
    expect(rows.lacks(found, look('status'))).toBe(false)
    expect(rows.lineOf(found, look('status'))).toBe(found)
  })

  test('keep the fields that were found, wherever their columns stand now', () => {
    const found = row(7n, ['paid', '12'])
    const rows = made(look('total', 'customer', 'status'))
    const line = rows.lineOf(found, look('status', 'total'))
    expect(line).toMatchObject({ fields: ['12', undefined, 'paid'] })
    expect(rows.lacks(found, look('status', 'total'))).toBe(true)
  })

  test('show what came for them, in the place where they were found', () => {
    const found = row(7n, [], 3n)
    const rows = made(look('status'))
    rows.take(rows.look, [found], [row(7n, ['paid'], 0n)])
    expect(rows.lacks(found, look())).toBe(false)
    expect(rows.lineOf(found, look())).toEqual(row(7n, ['paid'], 3n))
  })

  test('have no such field where the log holds the record no more', () => {
    const found = row(7n, ['paid'])
    const rows = made(look('status', 'total'))
    rows.take(rows.look, [found], [null])
    expect(rows.lacks(found, look('status'))).toBe(false)
    expect(rows.lineOf(found, look('status'))).toMatchObject({ fields: ['paid', null] })
  })

  test('forget an answer that came for the look before', () => {
    const found = row(7n, [])
    const rows = made(look('status'))
    const before = rows.look
    expect(rows.setLook(look('total'))).toBe(true)
    rows.take(before, [found], [row(7n, ['paid'])])
    expect(rows.lacks(found, look())).toBe(true)
    expect(rows.setLook(look('total'))).toBe(false)
  })

  test('trust no field of another decoder', () => {
    const rows = made({ ...look('status'), decoders: { key: 'auto', value: 'text' } })
    expect(rows.lineOf(row(7n, ['paid']), look('status'))).toMatchObject({ fields: [undefined] })
  })
})
