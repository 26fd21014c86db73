/** The filter against a judge that reads every record and looks at each part by itself. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordFilter, RecordPart } from '../../../src-main/contract/model/search.ts'
import { batchOf, compiled, foundIn, type GivenRecord } from './judged.ts'

/** Few letters, so that needles are found, cross records, and meet lengths: 2, 4 and 6 are lengths. */
const letters = ['a', 'b', 'A', 'B', '\u0002', '\u0004', '\u0006', '\u0000', 'ä', 'Ä', 'σ', 'ς']
const text = (maxLength: number, minLength = 0) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength })
const bytes = fc.option(
  fc.oneof(
    text(6).map(each => Buffer.from(each)),
    fc.uint8Array({ maxLength: 5 }).map(each => Buffer.from(each)),
  ),
  { nil: null },
)
const record: fc.Arbitrary<GivenRecord> = fc.record({
  key: bytes,
  value: bytes,
  headers: fc.array(fc.record({ key: text(3), value: bytes }), { maxLength: 2 }),
})
const parts = fc.subarray<RecordPart>(['key', 'value', 'headers'], { minLength: 1 })
const records = fc.array(record, { minLength: 1, maxLength: 12 })

function partsOf(given: GivenRecord, chosen: readonly RecordPart[]): Buffer[] {
  const headers = (given.headers ?? []).flatMap(({ key, value }) => [Buffer.from(key), value])
  const all = [
    ...(chosen.includes('key') ? [given.key] : []),
    ...(chosen.includes('value') ? [given.value] : []),
    ...(chosen.includes('headers') ? headers : []),
  ]
  return all.flatMap(each => (each === null ? [] : [Buffer.from(each)]))
}

type Judge = (record: GivenRecord) => boolean

function agrees(given: readonly GivenRecord[], filter: RecordFilter, judge: Judge): void {
  const wanted = given.flatMap((each, index) => (judge(each) ? [index] : []))
  expect(foundIn(batchOf(given), compiled(filter))).toEqual(wanted)
}

const asciiLower = (part: Buffer) => part.toString('latin1').replace(/[A-Z]/g, x => x.toLowerCase())
const folded = (given: string) => given.toLowerCase().replaceAll('ς', 'σ')

describe('text', () => {
  test('is found in the chosen parts and nowhere else', () => {
    fc.assert(
      fc.property(records, text(3, 1), parts, (given, needle, chosen) => {
        const filter = { needle, mode: 'text', caseSensitive: true, in: chosen } as const
        agrees(given, { text: filter }, each =>
          partsOf(each, chosen).some(part => part.includes(needle)),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('is found in either case', () => {
    fc.assert(
      fc.property(records, text(3, 1), parts, (given, needle, chosen) => {
        const filter = { needle, mode: 'text', caseSensitive: false, in: chosen } as const
        // eslint-disable-next-line no-control-regex
        const ascii = /^[\u0000-\u007f]*$/.test(needle)
        agrees(given, { text: filter }, each =>
          partsOf(each, chosen).some(part =>
            ascii
              ? asciiLower(part).includes(needle.toLowerCase())
              : folded(part.toString()).includes(folded(needle)),
          ),
        )
      }),
      { numRuns: 2_000 },
    )
  })
})

test('bytes are found in the chosen parts and nowhere else', () => {
  const needles = fc.uint8Array({ minLength: 1, maxLength: 3, max: 8 })
  fc.assert(
    fc.property(records, needles, parts, (given, needle, chosen) => {
      const hex = Buffer.from(needle).toString('hex')
      const filter = { needle: hex, mode: 'bytes', caseSensitive: true, in: chosen } as const
      agrees(given, { text: filter }, each =>
        partsOf(each, chosen).some(part => part.includes(Buffer.from(needle))),
      )
    }),
    { numRuns: 2_000 },
  )
})

test('a regular expression finds what the platform finds with it', () => {
  const atom = fc.constantFrom('a', 'b', 'A', 'ab', 'ba', 'AB', '[ab]', '(ab)', '.', 'aB', 'abA')
  const repeated = fc.tuple(atom, fc.constantFrom('', '', '', '*', '?', '+', '{2}', '{0,1}'))
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '^', '(?:a|b)'),
      fc.array(repeated, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '', '$', '|bb'),
    )
    .map(([start, middle, end]) => start + middle.flat().join('') + end)
  const plain = fc.array(
    fc.record({
      key: fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', 'c'), maxLength: 5 }),
      value: fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', 'c'), maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  fc.assert(
    fc.property(plain, pattern, fc.boolean(), (texts, needle, caseSensitive) => {
      const given = texts.map(({ key, value }) => ({
        key: Buffer.from(key),
        value: Buffer.from(value),
      }))
      const native = new RegExp(needle, caseSensitive ? 's' : 'si')
      const filter = { needle, mode: 'regex', caseSensitive, in: ['key', 'value'] } as const
      // RE2's dot leaves out line ends, which these texts have none of.
      agrees(given, { text: filter }, each =>
        partsOf(each, ['key', 'value']).some(part => native.test(part.toString())),
      )
    }),
    { numRuns: 3_000 },
  )
})

test('everything that is given has to hold, inside of the range alone', () => {
  const keys = bytes.filter(each => each !== null)
  fc.assert(
    fc.property(
      records,
      fc.record({
        key: keys,
        needle: text(1, 1),
        values: fc.constantFrom('tombstones', 'no-tombstones'),
      }),
      fc.nat(12),
      fc.nat(12),
      (given, { key, needle, values }, from, length) => {
        const filter = {
          key: { bytes: key, partitioner: 'all' },
          text: { needle, mode: 'text', caseSensitive: true, in: ['value', 'headers'] },
          values,
        } as const
        for (const filtered of [filter, { key: filter.key }, { text: filter.text, values }]) {
          const wanted = given.flatMap((each, index) => {
            const inRange = index >= from && index < from + length
            const sameKey = each.key !== null && Buffer.from(each.key).equals(key)
            const hasText = partsOf(each, ['value', 'headers']).some(part => part.includes(needle))
            const tombstone = each.value === null
            return inRange &&
              (!('key' in filtered) || sameKey) &&
              (!('text' in filtered) || hasText) &&
              (!('values' in filtered) || tombstone === (values === 'tombstones'))
              ? [index]
              : []
          })
          const range = { from: 100n + BigInt(from), to: 100n + BigInt(from + length) }
          if (length > 0)
            expect(foundIn(batchOf(given, range), compiled(filtered as RecordFilter))).toEqual(
              wanted,
            )
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
