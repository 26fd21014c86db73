import { expect, test } from 'vitest'
import {
  parseOffset,
  parsePartitions,
  parsePurgeTime,
} from '../../../../src-renderer/features/topics/purge-bound.ts'

const nowMs = Date.UTC(2026, 10, 21, 12)

test.each([
  ['0', [0]],
  ['0, 2-4', [0, 2, 3, 4]],
  ['4,0,4', [0, 4]],
  ['5', null],
  ['3-1', null],
  ['', null],
  ['a', null],
])('the partitions “%s” of five are %j', (text, partitions) => {
  expect(parsePartitions(text, 5)).toEqual(partitions)
})

test('a time is a moment, epoch milliseconds, or an age', () => {
  expect(parsePurgeTime('2026-11-21 11:00', nowMs, 'UTC')).toBe(BigInt(nowMs - 3_600_000))
  expect(parsePurgeTime('1795262400000', nowMs, 'UTC')).toBe(1_795_262_400_000n)
  expect(parsePurgeTime('1 h', nowMs, 'UTC')).toBe(BigInt(nowMs - 3_600_000))
  for (const text of ['soon', '', '12', '-5 h', '99999999 d'])
    expect(parsePurgeTime(text, nowMs, 'UTC')).toBeNull()
})

test('an offset is a whole number that an int64 holds', () => {
  expect(parseOffset('10,482')).toBe(10_482n)
  for (const text of ['', '-1', '1.5', '9'.repeat(19)]) expect(parseOffset(text)).toBeNull()
})
