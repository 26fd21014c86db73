import { describe, expect, test } from 'vitest'
import { parseJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import { readPastedPlace, readPlace, writePlace } from '../../../src-renderer/record/panel-view.ts'
import { tableOf } from '../../../src-renderer/record/value/json-table.ts'
import { CHUNK_BYTES, RangedBytes } from '../../../src-renderer/ui/value/byte-source.ts'
import { jsonLines } from '../../../src-renderer/ui/value/json-lines.ts'
import { treeAct } from '../../../src-renderer/ui/value/tree-keys.ts'

function json(text: string): JsonValue {
  const reading = parseJson(text)
  if (reading.type !== 'json') throw new Error(text)
  return reading.value
}

describe('places', () => {
  test('are read from text and from links, and nothing else is', () => {
    const place = { topic: 'audit.v1', partition: 3, offset: 9_223_372_036_854_775_807n }
    expect(readPlace(writePlace(place), 'orders')).toEqual(place)
    expect(readPlace('3:7', 'orders')).toEqual({ topic: 'orders', partition: 3, offset: 7n })
    expect(readPlace('3:9223372036854775808', 'orders')).toBeNull()
    expect(readPlace('3', 'orders')).toBeNull()
    const link = 'http://127.0.0.1:1/?token=x#/local/topics/audit.v1?from=oldest&at=3:7'
    expect(readPastedPlace(link, 'orders')).toEqual({
      topic: 'audit.v1',
      partition: 3,
      offset: 7n,
    })
  })
})

describe('the keys of a tree', () => {
  const lines = jsonLines(json('{"a":{"b":1},"c":2}'), new Set())
  const act = (key: string, active: number) =>
    treeAct(
      { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false },
      { lines, active, pageLines: 10 },
    )

  test('→ goes into what is open, ← to the parent, and both open and shut', () => {
    expect(act('ArrowRight', 1)).toEqual({ type: 'go', index: 2 })
    expect(act('ArrowLeft', 2)).toEqual({ type: 'go', index: 1 })
    expect(act('ArrowLeft', 1)).toEqual({ type: 'toggle', index: 1 })
    const shut = jsonLines(json('{"a":{"b":1},"c":2}'), new Set(['.0']))
    expect(shut).toHaveLength(3)
  })

  test('moving stops at both ends', () => {
    expect(act('ArrowUp', 0)).toEqual({ type: 'go', index: 0 })
    expect(act('PageDown', 1)).toEqual({ type: 'go', index: 3 })
    expect(act('x', 1)).toBeNull()
  })
})

describe('JSON as a table', () => {
  test('an array of objects has a row for each, other values one for each field', () => {
    expect(tableOf(json('[{"a":1.10},{"b":"x","a":2}]'))).toMatchObject({
      columns: ['', 'a', 'b'],
      rows: [
        { cells: [{ text: '[0]' }, { text: '1.10' }, null] },
        { cells: [{ text: '[1]' }, { text: '2' }, { text: 'x' }] },
      ],
    })
    expect(tableOf(json('{"a":[1,{}],"b":null}'))?.rows.map(row => row.cells[0]?.text)).toEqual([
      'a[0]',
      'a[1]',
      'b',
    ])
    expect(tableOf(json('7'))).toBeNull()
  })
})

describe('bytes on demand', () => {
  test('only what is looked at is fetched, once, and joined over chunks', async () => {
    const all = Uint8Array.from({ length: CHUNK_BYTES * 3 + 10 }, (_, at) => at % 251)
    const asked: number[] = []
    const source = new RangedBytes({
      sizeBytes: all.length,
      first: all.subarray(0, CHUNK_BYTES),
      fetch: async (from, length) => {
        asked.push(from)
        return all.subarray(from, from + length)
      },
    })
    expect([...(source.at(0, 4) ?? [])]).toEqual([0, 1, 2, 3])
    const [from, to] = [CHUNK_BYTES * 2 - 2, CHUNK_BYTES * 2 + 2]
    expect(source.at(from, to)).toBeNull()
    source.want(from, to)
    source.want(from, to)
    await Promise.resolve()
    await Promise.resolve()
    expect([...(source.at(from, to) ?? [])]).toEqual([...all.subarray(from, to)])
    expect(asked).toEqual([CHUNK_BYTES, CHUNK_BYTES * 2])
  })
})
