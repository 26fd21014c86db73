import { describe, expect, test } from 'vitest'
import type { CellPreview, RecordRow } from '../../../../src-main/contract/model/record.ts'
import { fieldsOf } from '../../../../src-renderer/features/messages/filter/field-paths.ts'
import {
  draftOf,
  type FilterKind,
} from '../../../../src-renderer/features/messages/filter/filter-draft.ts'
import { suggest } from '../../../../src-renderer/features/messages/filter/suggestions.ts'
import { NO_FILTER } from '../../../../src-renderer/features/messages/query/filter-text.ts'

function cell(text: string): CellPreview {
  return { decoder: 'json', form: 'json', text, truncated: false, sizeBytes: text.length }
}

function row(value: string, key = '"k"'): RecordRow {
  return { key: cell(key), value: cell(value) } as RecordRow
}

const fields = fieldsOf([
  row('{"status":"paid","total":5,"items":[{"sku":"a"},{"sku":"b"}]}'),
  row('{"status":"new","a b":{"c":null}}', '{"id":7}'),
  row('not json'),
])

function titles(text: string, kind: FilterKind = 'field'): readonly string[] {
  return suggest({ ...draftOf(NO_FILTER), kind, text }, fields).map(({ title }) => title)
}

describe('completion of fields', () => {
  test('fields of loaded records are known, the most frequent first', () => {
    expect(fields.map(({ text, count }) => [text, count])).toEqual([
      ['status', 2],
      ['items[*].sku', 1],
      ['key.id', 1],
      ['total', 1],
      ['value["a b"].c', 1],
    ])
  })

  test('a half-written field is completed, then its operators', () => {
    expect(titles('sta')).toEqual(['status'])
    expect(titles('status = "paid" and to')).toEqual(['total'])
    expect(titles('status ')).toContain('contains')
    expect(titles('status c')).toEqual(['contains'])
  })

  test('among words only what is known is offered, and never before two letters', () => {
    expect(titles('st', 'text')).toEqual(['status'])
    expect(titles('s', 'text')).toEqual([])
    expect(titles('hello ', 'text')).toEqual([])
  })

  test('an expression completes the fields of a part', () => {
    expect(titles('partition == 1 && value.to', 'cel')).toEqual(['value.total'])
    expect(titles('head', 'cel')).toEqual(['headers', 'headerCount'])
  })
})
