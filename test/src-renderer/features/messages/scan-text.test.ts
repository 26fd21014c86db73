import { describe, expect, test } from 'vitest'
import type { SearchProgress, SearchState } from '../../../../src-main/contract/model/search.ts'
import {
  canContinue,
  percentText,
  scanWords,
} from '../../../../src-renderer/features/messages/search/scan-text.ts'

function progress(change: Partial<SearchProgress>): SearchProgress {
  return {
    state: 'running',
    problem: null,
    found: 132n,
    kept: 132,
    keptBytes: 1,
    filterErrors: [],
    filterErrorCount: 0n,
    keyPartitions: null,
    resumedCount: 0,
    doneOffsets: 4_210_332n,
    totalOffsets: 10_000_000n,
    percent: 42.1,
    recordsRead: 4_210_332n,
    bytesRead: 450_000_000,
    recordsPerSecond: 812_345,
    bytesPerSecond: 90_177_536,
    timeLeftMs: 7_128,
    elapsedMs: 5_180,
    partitions: [],
    partitionCount: 0,
    unreadable: [],
    unreadableCount: 0n,
    unread: [],
    unreadCount: 0,
    ...change,
  }
}

function said(change: Partial<SearchProgress>): string {
  const { state, parts } = scanWords(progress(change))
  return [state, ...parts].filter(part => part !== null).join(' · ')
}

describe('the scan line', () => {
  test('says how far it is, how fast, how long, and what it found', () => {
    expect(said({})).toBe('4,210,332 of 10,000,000 · 812 k/s · 86 MiB/s · 7 s left · 132 found')
  })

  test('says nothing of the time left while nobody knows it', () => {
    expect(said({ timeLeftMs: null })).not.toContain('left')
  })

  test.each<[SearchState, Partial<SearchProgress>, string]>([
    ['finished', { percent: 100 }, 'searched to the end · 4,210,332 records · 429 MiB in 5.2 s'],
    ['finished', { percent: 100, unreadCount: 1 }, 'searched, but for some partitions'],
    ['stopped', {}, 'stopped at 42 % · 4,210,332 of 10,000,000'],
    ['stopped', { percent: 99.7 }, 'stopped at > 99 %'],
    ['full', { kept: 100_000 }, 'result bound reached at 42 %: 100,000 kept'],
    ['enough', {}, 'found 132, at 42 %'],
    ['failed', { percent: 0.4 }, 'failed at < 1 %'],
    ['waiting', { totalOffsets: null, percent: null }, '● live · 4,210,332 read · 132 found'],
    ['stopped', { totalOffsets: null, percent: null }, 'stopped · 4,210,332 read'],
  ])('%s: %j', (state, change, words) => expect(said({ ...change, state })).toContain(words))

  test('a hundred percent is said only of a search that is over', () => {
    expect([0, 0.2, 1, 42.5, 99.4, 99.9, 100].map(percentText)).toEqual([
      '0',
      '< 1',
      '1',
      '43',
      '> 99',
      '> 99',
      '100',
    ])
  })

  test('what ended early can go on, and what is over cannot', () => {
    const states: SearchState[] = [
      'running',
      'waiting',
      'full',
      'enough',
      'stopped',
      'finished',
      'failed',
    ]
    expect(states.filter(state => canContinue(progress({ state })))).toEqual([
      'full',
      'enough',
      'stopped',
      'failed',
    ])
  })

  test('is offered after the end where a partition failed on the way', () => {
    const partition = {
      topic: 'orders',
      partition: 1,
      state: 'failed',
      start: 0n,
      end: 9n,
      at: 4n,
      doneOffsets: 4n,
      recordsRead: 4n,
      bytesRead: 400,
      recordsPerSecond: 0,
      found: 0n,
      problem: { code: 'LEADER_NOT_AVAILABLE', message: 'nobody leads it' },
    } as const
    const finished = { state: 'finished', unreadCount: 1 } as const
    expect(canContinue(progress({ ...finished, partitions: [partition] }))).toBe(true)
    expect(canContinue(progress(finished))).toBe(false)
  })
})
