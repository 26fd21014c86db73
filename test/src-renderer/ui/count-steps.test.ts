import { expect, test } from 'vitest'
import { COUNT_STEPS } from '../../../src-renderer/ui/count-steps.ts'
import { formatCompact } from '../../../src-renderer/ui/format/number.ts'

/** As many as find room on the tallest chart. */
const MARKS_MAX = 8

test.each(COUNT_STEPS)('no two marks of an axis in steps of %d have the same label', step => {
  const marks = Array.from({ length: MARKS_MAX }, (_, mark) => formatCompact(mark * step))
  expect(new Set(marks).size).toBe(MARKS_MAX)
})

test('an axis up to 1, as of a cluster where nothing moves, has 0 and 1', () => {
  expect(COUNT_STEPS[0]).toBe(1)
})
