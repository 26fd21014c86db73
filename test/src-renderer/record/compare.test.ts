import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import { diffJson } from '../../../src-renderer/record/compare/json-diff.ts'
import { alignByText, diffLines } from '../../../src-renderer/record/compare/line-diff.ts'

function json(text: string): JsonValue {
  const reading = parseJson(text)
  if (reading.type !== 'json') throw new Error(text)
  return reading.value
}

const changes = (left: string, right: string) =>
  diffJson(json(left), json(right))
    .filter(({ kind }) => kind !== 'same')
    .map(({ kind, path, left, right }) => `${kind} ${path} ${left} ${right}`)

describe('diffJson', () => {
  test('names what came, went and changed by its path, with digits as stored', () => {
    expect(
      changes(
        '{"id":9007199254740993,"a":{"b":1.50},"gone":true}',
        '{"id":9007199254740992,"a":{"b":1.5},"new":"x"}',
      ),
    ).toEqual([
      'changed id 9007199254740993 9007199254740992',
      'changed a.b 1.50 1.5',
      'removed gone true null',
      'added new null "x"',
    ])
  })

  test('an item put in at the front is one difference, not a change of all', () => {
    expect(changes('[{"a":1},{"a":2}]', '[{"a":0},{"a":1},{"a":2}]')).toEqual([
      'added [0] null {"a":0}',
    ])
  })

  test('repeated keys are compared one by one', () => {
    expect(changes('{"a":1,"a":2}', '{"a":1,"a":3}')).toEqual(['changed a 2 3'])
  })

  test('a document has no difference from itself, and some from any other', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.json({ maxDepth: 4 }), (left, right) => {
        expect(changes(left, left)).toEqual([])
        const same = JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right))
        if (same) return
        expect(changes(left, right).length > 0 || keyOrderOnly(left, right)).toBe(true)
      }),
    )
  })
})

describe('alignByText', () => {
  test('every place of both sides stands once and in its order, equal beside equal', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const pairs = alignByText(left, right)
        const lefts = pairs.flatMap(pair => pair.left ?? [])
        const rights = pairs.flatMap(pair => pair.right ?? [])
        expect(lefts).toEqual(left.map((_, at) => at))
        expect(rights).toEqual(right.map((_, at) => at))
        const equal = pairs.filter(
          pair =>
            pair.left !== null && pair.right !== null && left[pair.left] === right[pair.right],
        )
        expect(equal.length).toBeGreaterThanOrEqual(longestCommon(left, right))
      }),
      { numRuns: 2_000 },
    )
  })

  test('lines of text have their numbers', () => {
    expect(diffLines('a\nb\nc', 'a\nc\nd').map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'same 1',
      'removed 2',
      'same 2',
      'added 3',
    ])
  })
})

/** The textbook's recursion, slow and apart from the code under test. */
function longestCommon(left: readonly string[], right: readonly string[]): number {
  const known = new Map<string, number>()
  const at = (l: number, r: number): number => {
    if (l === left.length || r === right.length) return 0
    const name = `${l},${r}`
    const found = known.get(name)
    if (found !== undefined) return found
    const length =
      left[l] === right[r] ? 1 + at(l + 1, r + 1) : Math.max(at(l + 1, r), at(l, r + 1))
    known.set(name, length)
    return length
  }
  return at(0, 0)
}

/** Documents that differ in the order of their keys alone say the same. */
function keyOrderOnly(left: string, right: string): boolean {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted)
    if (typeof value !== 'object' || value === null) return value
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)])
  }
  return JSON.stringify(sorted(JSON.parse(left))) === JSON.stringify(sorted(JSON.parse(right)))
}
