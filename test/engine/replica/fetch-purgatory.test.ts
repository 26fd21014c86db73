import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FetchPurgatory, type WaitingFetch } from '../../../engine/replica/fetch-purgatory.ts'

interface P {
  readonly name: string
}

const a = { name: 'a' }
const b = { name: 'b' }

describe('a waiting fetch', () => {
  test('is answered by the append that brings the last missing byte', () => {
    const { purgatory, wait, answered } = world()
    wait('fetch', [a, b], 100)
    purgatory.recordsReadable(a, 60)
    purgatory.recordsReadable(b, 39)
    expect(answered).toEqual([])
    purgatory.recordsReadable(a, 1)
    expect(answered).toEqual(['fetch'])
    expect(purgatory.size).toBe(0)
  })

  test('is answered when one of its partitions is interrupted', () => {
    const { purgatory, wait, answered } = world()
    wait('both', [a, b], 1)
    wait('other', [b], 1)
    purgatory.interrupt(a)
    expect(answered).toEqual(['both'])
    purgatory.recordsReadable(b, 1)
    expect(answered).toEqual(['both', 'other'])
  })

  test('is not answered once it was taken out', () => {
    const { purgatory, wait, answered } = world()
    const fetch = wait('gone', [a, b], 1)
    purgatory.remove(fetch)
    purgatory.remove(fetch)
    purgatory.recordsReadable(a, 10)
    purgatory.interrupt(b)
    expect(answered).toEqual([])
    expect(purgatory.size).toBe(0)
  })

  test('may name a partition twice, and is counted and answered once', () => {
    const { purgatory, wait, answered } = world()
    wait('twice', [a, a], 10)
    expect(purgatory.size).toBe(1)
    purgatory.recordsReadable(a, 10)
    expect(answered).toEqual(['twice'])
    expect(purgatory.size).toBe(0)
  })

  test('that asks again as soon as it is answered waits for what comes after', () => {
    const purgatory = new FetchPurgatory<P>()
    let answers = 0
    const again = () => {
      answers++
      purgatory.add({ partitions: [a], missingBytes: 1, complete: again })
    }
    again()
    purgatory.add({ partitions: [a], missingBytes: 100, complete: () => {} })
    purgatory.recordsReadable(a, 1)
    expect(answers).toBe(2)
    purgatory.interrupt(a)
    expect(answers).toBe(3)
    expect(purgatory.size).toBe(1)
  })

  test('that another answer takes out is not answered', () => {
    const { purgatory, wait, answered } = world()
    let second: WaitingFetch<P> | null = null
    purgatory.add({
      partitions: [a],
      missingBytes: 1,
      complete: () => purgatory.remove(second!),
    })
    second = wait('second', [a], 1)
    purgatory.recordsReadable(a, 1)
    expect(answered).toEqual([])
    expect(purgatory.size).toBe(0)
  })
})

test('any moves: each fetch is answered at most once, and exactly when it is due', () => {
  const partitions = ['p', 'q', 'r'].map(name => ({ name }))
  const subset = fc.subarray(partitions, { minLength: 1 })
  const one = fc.constantFrom(...partitions)
  const move = fc.oneof(
    fc.record({
      type: fc.constant('add' as const),
      on: subset,
      bytes: fc.integer({ min: 1, max: 50 }),
    }),
    fc.record({ type: fc.constant('append' as const), at: one, bytes: fc.nat(40) }),
    fc.record({ type: fc.constant('interrupt' as const), at: one }),
    fc.record({ type: fc.constant('remove' as const), index: fc.nat() }),
  )
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), moves => {
      const purgatory = new FetchPurgatory<P>()
      const answers: number[] = []
      const fetches: WaitingFetch<P>[] = []
      /** The rule written apart: who waits, and for how much. */
      const waiting = new Map<number, { on: readonly P[]; missing: number }>()
      const due: number[] = []
      const settle = (is: (each: { on: readonly P[]; missing: number }) => boolean) => {
        for (const [id, each] of waiting)
          if (is(each)) {
            due.push(id)
            waiting.delete(id)
          }
      }
      for (const each of moves) {
        if (each.type === 'add') {
          const id = fetches.length
          const complete = () => answers.push(id)
          const fetch = { partitions: each.on, missingBytes: each.bytes, complete }
          fetches.push(fetch)
          waiting.set(id, { on: each.on, missing: each.bytes })
          purgatory.add(fetch)
        } else if (each.type === 'append') {
          for (const one of waiting.values())
            if (one.on.includes(each.at)) one.missing -= each.bytes
          settle(({ on, missing }) => on.includes(each.at) && missing <= 0)
          purgatory.recordsReadable(each.at, each.bytes)
        } else if (each.type === 'interrupt') {
          settle(({ on }) => on.includes(each.at))
          purgatory.interrupt(each.at)
        } else if (fetches.length > 0) {
          const id = each.index % fetches.length
          waiting.delete(id)
          purgatory.remove(fetches[id]!)
        }
        expect(purgatory.size).toBe(waiting.size)
        expect(answers).toEqual(due)
      }
    }),
  )
})

function world() {
  const purgatory = new FetchPurgatory<P>()
  const answered: string[] = []
  const wait = (name: string, partitions: readonly P[], missingBytes: number) => {
    const fetch = { partitions, missingBytes, complete: () => answered.push(name) }
    purgatory.add(fetch)
    return fetch
  }
  return { purgatory, answered, wait }
}
