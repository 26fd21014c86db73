import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { averageRates } from '../../../../src-renderer/features/overview/busiest-topics.tsx'
import { clientLines } from '../../../../src-renderer/features/overview/client-lines.ts'
import { steadyOrder } from '../../../../src-renderer/features/overview/steady-order.ts'

const figures = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.nat()), {
  selector: ([name]) => name,
  maxLength: 12,
})

describe('an order of live figures', () => {
  test('always holds every name once', () => {
    fc.assert(
      fc.property(figures, figures, fc.nat({ max: 30_000 }), (before, now, atMs) => {
        const first = steadyOrder({ names: [], atMs: 0 }, before, 0)
        const second = steadyOrder(first, now, atMs)
        expect([...second.names].sort()).toEqual(now.map(([name]) => name).sort())
      }),
    )
  })

  test('does not change places for ten seconds, and then is largest first', () => {
    const first = steadyOrder(
      { names: [], atMs: 0 },
      [
        ['a', 2],
        ['b', 1],
      ],
      1_000,
    )
    const later = steadyOrder(
      first,
      [
        ['a', 1],
        ['b', 5],
        ['c', 9],
      ],
      9_000,
    )
    expect(later.names).toEqual(['a', 'b', 'c'])
    expect(
      steadyOrder(
        later,
        [
          ['a', 1],
          ['b', 5],
          ['c', 9],
        ],
        11_000,
      ).names,
    ).toEqual(['c', 'b', 'a'])
  })
})

describe('mean rates', () => {
  test('a topic that a sample lacks moved nothing then', () => {
    const rates = (topic: string, producedRecordsPerSecond: number) => ({
      topic,
      producedRecordsPerSecond,
      consumedRecordsPerSecond: 0,
    })
    expect(averageRates([[rates('a', 10)], []])).toEqual([rates('a', 5)])
    expect(averageRates([])).toEqual([])
  })
})

describe('client lines', () => {
  test('each carries every address of the cluster', () => {
    for (const { id, text } of clientLines('127.0.0.1:9092,127.0.0.1:9093')) {
      expect(text, id).toContain('127.0.0.1:9092')
      expect(text, id).toContain('127.0.0.1:9093')
    }
  })
})
