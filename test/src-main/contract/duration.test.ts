import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatIsoDuration, parseDuration } from '../../../src-main/contract/duration.ts'

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 8_640_000_000_000n), ms => {
      expect(parseDuration(formatIsoDuration(ms))).toBe(ms)
    }),
  )
})

test.each([
  ['PT15M', 900_000n],
  ['15 min', 900_000n],
  ['15 minutes ago', 900_000n],
  ['90s', 90_000n],
  ['1 d 3 h', 97_200_000n],
  ['1.5 h', 5_400_000n],
  ['2 weeks', 1_209_600_000n],
  ['P1DT2H3M4.5S', 93_784_500n],
  ['pt0s', 0n],
  ['250 ms', 250n],
])('%s is read', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  '',
  'soon',
  '15',
  '15 parsecs',
  'P',
  'PT',
  '-PT5M',
  '5 min later',
  'P1W',
  '1e9 d',
  '999999 d',
])('%j is no length of time', text => {
  expect(parseDuration(text)).toBeNull()
})

test('the written form is one that Java reads', () => {
  expect(formatIsoDuration(900_000n)).toBe('PT15M')
  expect(formatIsoDuration(86_400_000n)).toBe('P1D')
  expect(formatIsoDuration(90_061_250n)).toBe('P1DT1H1M1.25S')
  expect(formatIsoDuration(0n)).toBe('PT0S')
})
