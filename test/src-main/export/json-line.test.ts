import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/decode/decode.ts'
import { minified } from '../../../src-main/decode/line.ts'
import { ByteOutput } from '../../../src-main/export/byte-output.ts'
import { JsonLines } from '../../../src-main/export/json-line.ts'
import { IsoTimes } from '../../../src-main/export/record-parts.ts'
import { RecordAtHand } from '../../../src-main/filter/record-at-hand.ts'
import { batchOf, type GivenRecord } from '../filter/judged.ts'

const auto = { key: 'auto', value: 'auto' } as const
const layout = { format: 'ndjson', headers: true, metadata: true, content: 'decoded' } as const

function lineOf(record: GivenRecord, decoders: Parameters<typeof linesOf>[0] = auto): string {
  return linesOf(decoders)(record)
}

function linesOf(decoders: {
  readonly key: 'auto' | 'json' | 'text' | 'hex'
  readonly value: 'auto' | 'json' | 'text' | 'hex'
}) {
  const lines = new JsonLines({ layout, decoders })
  return (record: GivenRecord) => {
    const hand = new RecordAtHand(batchOf([record], { topic: 'orders' }))
    hand.cursor.read()
    const out = new ByteOutput()
    lines.write(hand, out)
    return Buffer.from(out.take()).toString()
  }
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(text => new Uint8Array(Buffer.from(text))),
  fc.json().map(text => new Uint8Array(Buffer.from(text))),
  fc.json().map(text => new Uint8Array(Buffer.from(` ${text.replaceAll(',', ',\n')}`))),
  fc.constant(null),
)

describe('a record as a line of JSON', () => {
  test('has what its decoder reads of it, whichever way the bytes take', () => {
    const choice = fc.constantFrom('auto', 'json', 'text', 'hex')
    fc.assert(
      fc.property(bytes, choice, (value, decoder) => {
        const line = lineOf({ key: null, value }, { key: 'auto', value: decoder })
        const about = { topic: 'orders', part: 'value', key: null } as const
        const { form, text } = decode(value, decoder, about)
        const expected =
          form === 'null'
            ? 'null'
            : form === 'json'
              ? /[\n\r]/.test(text)
                ? minified(text, Infinity).text
                : text
              : form === 'text'
                ? JSON.stringify(text)
                : JSON.stringify({ base64: Buffer.from(value!).toString('base64') })
        expect(line.slice(line.indexOf('"value":') + 8)).toBe(`${expected},"headers":[]}`)
        expect(line).not.toMatch(/[\n\r]/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('has numbers and times in full, and headers in their order', () => {
    const line = lineOf({
      key: Buffer.from('a"b'),
      value: null,
      timestampMs: 1_700_000_000_007n,
      headers: [
        { key: 'é', value: Buffer.from('x\n') },
        { key: 'é', value: null },
      ],
    })
    expect(line).toBe(
      '{"topic":"orders","partition":3,"offset":100,"timestamp":"2023-11-14T22:13:20.007Z",' +
        '"timestampMs":1700000000007,"key":"a\\"b","value":null,' +
        '"headers":[{"key":"é","value":"x\\n"},{"key":"é","value":null}]}',
    )
  })
})

test('times are those of the calendar, in whatever order they come', () => {
  const times = new IsoTimes()
  const ms = fc.bigInt({ min: -5n, max: 8_640_000_000_000_005n })
  fc.assert(
    fc.property(ms, fc.constantFrom(0n, 1n, 999n, 1_000n), (first, then) => {
      for (const time of [first, first + then]) {
        const known = time >= 0n && time <= 8_640_000_000_000_000n
        expect(times.textOf(time)).toBe(known ? new Date(Number(time)).toISOString() : null)
      }
    }),
  )
})

test('an output holds what was written, however it grows', () => {
  const piece = fc.oneof(
    fc.nat(Number.MAX_SAFE_INTEGER).map(value => ({ type: 'digits', value }) as const),
    fc.string({ unit: 'grapheme' }).map(value => ({ type: 'utf8', value }) as const),
    fc.constant({ type: 'utf8', value: 'x'.repeat(70_000) } as const),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      const out = new ByteOutput()
      for (const each of pieces)
        if (each.type === 'digits') out.digits(each.value)
        else out.utf8(each.value)
      const expected = Buffer.from(pieces.map(({ value }) => String(value)).join(''))
      expect(out.length).toBe(expected.length)
      expect(Buffer.from(out.take())).toEqual(expected)
      expect(out.length).toBe(0)
    }),
  )
})
