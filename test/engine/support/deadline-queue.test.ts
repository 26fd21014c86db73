import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DeadlineQueue } from '../../../engine/support/deadline-queue.ts'

const move = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    deadlineMs: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('cancel' as const),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  }),
  fc.record({ kind: fc.constant('take' as const), nowMs: fc.integer({ min: 0, max: 14 }) }),
)

describe('DeadlineQueue', () => {
  test('agrees with a sorted list, whatever is set, moved, cancelled and taken', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 120 }), moves => {
        const queue = new DeadlineQueue<string>()
        let model: { key: string; deadlineMs: number; order: number }[] = []
        moves.forEach((next, order) => {
          if (next.kind === 'set') {
            queue.set(next.key, next.deadlineMs, next.key)
            model = model.filter(each => each.key !== next.key)
            model.push({ key: next.key, deadlineMs: next.deadlineMs, order })
          } else if (next.kind === 'cancel') {
            const known = model.some(each => each.key === next.key)
            expect(queue.cancel(next.key)).toBe(known)
            model = model.filter(each => each.key !== next.key)
          } else {
            const first = model[0]
            const due = first !== undefined && first.deadlineMs <= next.nowMs
            expect(queue.take(next.nowMs)).toBe(due ? first.key : null)
            if (due) model.shift()
          }
          model.sort((a, b) => a.deadlineMs - b.deadlineMs || a.order - b.order)
          expect(queue.size).toBe(model.length)
          expect(queue.nextDeadlineMs()).toBe(model[0]?.deadlineMs ?? null)
        })
      }),
      { numRuns: 1_000 },
    )
  })

  test('leaves what was set after the mark for the next round', () => {
    const queue = new DeadlineQueue<string>()
    queue.set('a', 5, 'a')
    const mark = queue.mark()
    queue.set('b', 5, 'b')
    expect(queue.take(5, mark)).toBe('a')
    expect(queue.take(5, mark)).toBeNull()
    expect(queue.take(5)).toBe('b')
  })

  test('knows the deadline of a key', () => {
    const queue = new DeadlineQueue<string>()
    queue.set('a', 5, 'first')
    queue.set('a', 9, 'second')
    expect(queue.deadlineMs('a')).toBe(9)
    expect(queue.deadlineMs('b')).toBeNull()
    expect(queue.take(9)).toBe('second')
  })
})
