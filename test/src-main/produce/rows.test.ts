import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldMapping, FileFormat } from '../../../src-main/contract/api/produce.ts'
import type { MadeRecord } from '../../../src-main/produce/made-record.ts'
import { jsonMembers } from '../../../src-main/produce/rows/json-members.ts'
import { recordOfRow } from '../../../src-main/produce/rows/row-record.ts'
import { RowError } from '../../../src-main/produce/rows/row.ts'
import { rowReader } from '../../../src-main/produce/rows/rows.ts'

const ndjson: FileFormat = { type: 'ndjson' }
const csv: FileFormat = { type: 'csv', delimiter: null, named: true }

function mapping(overrides: Partial<FieldMapping> = {}): FieldMapping {
  return {
    key: { type: 'none' },
    value: { type: 'whole' },
    headers: [],
    headersField: null,
    partitionField: null,
    timestampField: null,
    emptyAs: 'null',
    ...overrides,
  }
}

/** Texts of key and value, or the error of a line; the file comes in pieces of that size. */
function read(format: FileFormat, text: string, how = mapping(), pieceBytes = 7) {
  const bytes = Buffer.from(text)
  const reader = rowReader(format)
  const rows = []
  for (let at = 0; at < bytes.length; at += pieceBytes)
    rows.push(...reader.push(bytes.subarray(at, at + pieceBytes)))
  rows.push(...reader.end())
  return rows.map(row => {
    try {
      if (row instanceof RowError) throw row
      return shown(recordOfRow(row, how, 99))
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      return `line ${error.line}: ${error.message}`
    }
  })
}

function shown({ key, value, headers, timestampMs, partition }: MadeRecord) {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
  return {
    key: text(key),
    value: text(value),
    ...(headers.length === 0
      ? {}
      : { headers: headers.map(header => [text(header.key), text(header.value)]) }),
    ...(timestampMs === 99 ? {} : { timestampMs }),
    ...(partition === null ? {} : { partition }),
  }
}

describe('NDJSON', () => {
  test('gives each line as it stands, wherever the pieces are cut', () => {
    const text = '\ufeff{"a": 1}\r\n\n{"b":"é€"}\n  \n[1, 2]'
    for (const pieceBytes of [1, 2, 3, 1_000])
      expect(read(ndjson, text, mapping(), pieceBytes)).toEqual([
        { key: null, value: '{"a": 1}' },
        { key: null, value: '{"b":"é€"}' },
        { key: null, value: '[1, 2]' },
      ])
  })

  test('keeps numbers of fields as they are written', () => {
    const how = mapping({
      key: { type: 'field', name: 'id', encoding: 'text' },
      value: { type: 'field', name: 'body.v', encoding: 'json' },
    })
    expect(read(ndjson, '{"id": 9007199254740993, "body": {"v": {"x": 1.10}}}', how)).toEqual([
      { key: '9007199254740993', value: '{"x": 1.10}' },
    ])
  })

  test('takes null for null, and a JSON string with its quotation marks where JSON is wanted', () => {
    const how = mapping({
      key: { type: 'field', name: 'k', encoding: 'text' },
      value: { type: 'field', name: 'v', encoding: 'json' },
    })
    expect(read(ndjson, '{"k":null,"v":null}\n{"v":"12"}\n{"k":""}', how)).toEqual([
      { key: null, value: null },
      { key: null, value: '"12"' },
      'line 3: it has no field v',
    ])
  })

  test('reads headers, partition and timestamp', () => {
    const how = mapping({
      headersField: 'headers',
      headers: [{ key: 'source', name: 's' }],
      partitionField: 'p',
      timestampField: 't',
      value: { type: 'object', names: ['a'] },
    })
    const lines = [
      '{"headers":{"x":"1","y":null,"z":2.50},"s":"file","p":3,"t":1700000000000,"a":[1]}',
      '{"headers":[{"key":"x","value":"1"},{"key":"x","value":"2"}],"t":"2026-01-02T00:00:00Z"}',
      '{"p":-1}',
      '{"t":"soon"}',
      '{"headers":"no"}',
    ]
    expect(read(ndjson, lines.join('\n'), how)).toEqual([
      {
        key: null,
        value: '{"a":[1]}',
        headers: [
          ['x', '1'],
          ['y', null],
          ['z', '2.50'],
          ['source', 'file'],
        ],
        timestampMs: 1_700_000_000_000,
        partition: 3,
      },
      {
        key: null,
        value: '{}',
        headers: [
          ['x', '1'],
          ['x', '2'],
        ],
        timestampMs: Date.UTC(2026, 0, 2),
      },
      'line 3: "-1" is no partition',
      'line 4: "soon" is no timestamp: neither milliseconds nor ISO 8601',
      'line 5: its headers are neither object nor list',
    ])
  })

  test('names the line that is no JSON, and goes on after it', () => {
    const [first, second, third] = read(ndjson, '{"a":1}\n{"a":\n{"a":2}\n')
    expect(first).toEqual({ key: null, value: '{"a":1}' })
    expect(second).toMatch(/^line 2: no JSON: /)
    expect(third).toEqual({ key: null, value: '{"a":2}' })
  })

  test('refuses bytes that are no UTF-8', () => {
    const reader = rowReader(ndjson)
    expect(reader.push(Buffer.from([0x22, 0xff, 0x22, 0x0a]))).toEqual([
      new RowError(1, 'the line is not UTF-8'),
    ])
  })
})

describe('members of a JSON object', () => {
  test('are cut out exactly as they stand', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
        fc.constantFrom(undefined, 1, '\t'),
        (value, indent) => {
          const members = jsonMembers(JSON.stringify(value, null, indent))!
          expect([...members.keys()].sort()).toEqual(Object.keys(value).sort())
          for (const [name, text] of members)
            expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value[name])))
        },
      ),
    )
  })

  test('are null for what is no object', () => {
    expect(jsonMembers(' [1]')).toBeNull()
  })
})

describe('CSV', () => {
  test('reads quoted cells, line breaks in them, and names', () => {
    const text = '\ufeffid,name\r\n1,"Ada, ""the"" first\nof all"\r\n\r\n2,Béla\r\n'
    const how = mapping({
      key: { type: 'field', name: 'id', encoding: 'text' },
      value: { type: 'field', name: 'name', encoding: 'text' },
    })
    for (const pieceBytes of [1, 5, 1_000])
      expect(read(csv, text, how, pieceBytes)).toEqual([
        { key: '1', value: 'Ada, "the" first\nof all' },
        { key: '2', value: 'Béla' },
      ])
  })

  test('makes an object of all columns', () => {
    expect(read(csv, 'a,b\n1,x\n')).toEqual([{ key: null, value: '{"a":"1","b":"x"}' }])
  })

  test.each([';', '\t', '|', ','])('finds the delimiter %j by itself', delimiter => {
    const text = ['a', 'b;,|\t'.replace(delimiter, ''), 'c']
      .map(cell => `"${cell}"`)
      .join(delimiter)
    const reader = rowReader(csv)
    reader.push(Buffer.from(`${text}\n`))
    reader.end()
    expect(reader.delimiter).toBe(delimiter)
  })

  test('tells an empty cell as null or empty, as wanted', () => {
    const value = { type: 'field', name: 'v', encoding: 'text' } as const
    expect(read(csv, 'k,v\n1,\n', mapping({ value, emptyAs: 'null' }))).toEqual([
      { key: null, value: null },
    ])
    expect(read(csv, 'k,v\n1,\n', mapping({ value, emptyAs: 'empty' }))).toEqual([
      { key: null, value: '' },
    ])
  })

  test('numbers the columns where no row names them', () => {
    const how = mapping({ value: { type: 'field', name: '2', encoding: 'text' } })
    const unnamed = { type: 'csv', delimiter: ',', named: false } as const
    expect(read(unnamed, 'a,b\nc,d', how)).toEqual([
      { key: null, value: 'b' },
      { key: null, value: 'd' },
    ])
  })

  test('says where a broken quotation ends the file', () => {
    const rows = read(csv, 'a,b\n1,2\n"x"y,3\n4,5\n')
    expect(rows[0]).toEqual({ key: null, value: '{"a":"1","b":"2"}' })
    expect(rows[1]).toMatch(/^line 3: no CSV from here on: /)
    expect(rows).toHaveLength(2)
  })

  test('tells a cell that its encoding does not allow', () => {
    const value = { type: 'field', name: 'a', encoding: 'int32' } as const
    expect(read(csv, 'a\nseven\n', mapping({ value }))).toEqual([
      'line 2: field a: "seven" is no whole number',
    ])
  })
})
