import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OffsetHistory } from '../../../src-main/groups/offset-history.ts'

/** Looks at a log that only grows: each a while after the last, with some records more. */
const growth = fc.array(
  fc.record({ afterMs: fc.integer({ min: 1, max: 60_000 }), records: fc.nat(5_000) }),
  { minLength: 2, maxLength: 400 },
)

interface Look {
  readonly atMs: number
  readonly offset: number
}

describe('OffsetHistory', () => {
  test('tells when an offset was passed, between the looks on either side of it', () => {
    fc.assert(
      fc.property(growth, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
        const looks = looksOf(steps)
        // Within its bound every look is kept, so the answer can be checked against all of them.
        const history = historyOf(looks, looks.length + 1)
        const [first, last] = [looks[0]!, looks.at(-1)!]
        const offset = Math.floor(first.offset + share * (last.offset - first.offset))
        const passed = history.passedAt(offset)
        if (offset >= last.offset) {
          expect(passed).toBeNull()
          return
        }
        const after = looks.find(look => look.offset > offset)!
        const before = looks.findLast(look => look.offset <= offset)!
        expect(passed?.type).toBe('about')
        expect(passed!.atMs).toBeGreaterThanOrEqual(before.atMs)
        expect(passed!.atMs).toBeLessThanOrEqual(after.atMs)
      }),
    )
  })

  test('keeps its bound, its first and last look, and the order of time', () => {
    fc.assert(
      fc.property(growth, fc.integer({ min: 4, max: 20 }), (steps, pointsMax) => {
        const looks = looksOf(steps)
        const history = historyOf(looks, pointsMax)
        expect(history.count).toBeLessThanOrEqual(pointsMax)
        expect(history.firstMs).toBe(looks[0]!.atMs)
        expect(history.last).toEqual(looks.at(-1))
        let before = -1
        for (const { offset } of looks) {
          const passed = history.passedAt(offset)
          if (passed === null) continue
          expect(passed.atMs).toBeGreaterThanOrEqual(before)
          before = passed.atMs
        }
      }),
    )
  })

  test('the offset at a time lies between those of the looks around it', () => {
    fc.assert(
      fc.property(growth, fc.nat(), (steps, nth) => {
        const looks = looksOf(steps)
        const history = historyOf(looks, 12)
        const { atMs } = looks[nth % looks.length]!
        const between = atMs + 0.5
        const offset = history.offsetAt(between)!
        expect(offset).toBeGreaterThanOrEqual(looks[0]!.offset)
        expect(offset).toBeLessThanOrEqual(looks.at(-1)!.offset)
        expect(history.offsetAt(looks[0]!.atMs - 1)).toBeNull()
      }),
    )
  })

  test('an offset from before the first look was passed before it', () => {
    const history = historyOf(
      [
        { atMs: 1_000, offset: 50 },
        { atMs: 2_000, offset: 60 },
      ],
      10,
    )
    expect(history.passedAt(20)).toEqual({ type: 'before', atMs: 1_000 })
  })

  test('an offset that goes back starts over', () => {
    const history = historyOf(
      [
        { atMs: 1_000, offset: 50 },
        { atMs: 2_000, offset: 4 },
      ],
      10,
    )
    expect(history.count).toBe(1)
    expect(history.passedAt(3)).toEqual({ type: 'before', atMs: 2_000 })
  })

  test('records that come after a long silence are dated after it', () => {
    const silent = Array.from({ length: 100 }, (_, n) => ({ atMs: n * 1_000, offset: 7 }))
    const history = historyOf([...silent, { atMs: 100_000, offset: 9 }], 10)
    expect(history.count).toBe(3)
    expect(history.passedAt(7)).toEqual({ type: 'about', atMs: 99_000 })
  })
})

function looksOf(
  steps: readonly { readonly afterMs: number; readonly records: number }[],
): readonly Look[] {
  let [atMs, offset] = [1_000_000, 100]
  return steps.map(({ afterMs, records }) => {
    atMs += afterMs
    offset += records
    return { atMs, offset }
  })
}

function historyOf(looks: readonly Look[], pointsMax: number): OffsetHistory {
  const history = new OffsetHistory(pointsMax)
  for (const { atMs, offset } of looks) history.add(atMs, offset)
  return history
}
