import { describe, expect, test } from 'vitest'
import { ProducePurgatory } from '../../../engine/replica/produce-purgatory.ts'

const a = { name: 'a' }
const b = { name: 'b' }

function world() {
  const purgatory = new ProducePurgatory<{ readonly name: string }>()
  const told: string[] = []
  const wait = (
    name: string,
    waits: readonly (readonly [{ readonly name: string }, bigint])[],
    deadlineMs = 1_000,
    onComplete = () => {},
  ) =>
    purgatory.add({
      waits: waits.map(([partition, requiredOffset]) => ({
        partition,
        requiredOffset,
        settle: verdict => told.push(`${name} ${partition.name} ${verdict}`),
      })),
      deadlineMs,
      complete() {
        told.push(name)
        onComplete()
      },
    })
  return { purgatory, told, wait }
}

describe('a produce with acks=all', () => {
  test('is answered when the last of its partitions is committed', () => {
    const { purgatory, told, wait } = world()
    wait('p', [
      [a, 5n],
      [b, 2n],
    ])
    purgatory.committed(a, 4n, 'NONE')
    purgatory.committed(a, 5n, 'NONE')
    expect(told).toEqual(['p a NONE'])
    purgatory.committed(b, 9n, 'NONE')
    expect(told).toEqual(['p a NONE', 'p b NONE', 'p'])
    expect(purgatory.size).toBe(0)
  })

  test('is answered with the others that one high watermark commits, and not with the next', () => {
    const { purgatory, told, wait } = world()
    for (const [name, offset] of [
      ['1', 1n],
      ['2', 2n],
      ['3', 3n],
    ] as const)
      wait(name, [[a, offset]])
    purgatory.committed(a, 2n, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND')
    const verdict = 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
    expect(told).toEqual([`1 a ${verdict}`, `2 a ${verdict}`, '1', '2'])
  })

  test('of a duplicate is not held up by what came after its records', () => {
    const { purgatory, told, wait } = world()
    wait('later', [[a, 9n]])
    wait('duplicate', [[a, 3n]])
    purgatory.committed(a, 3n, 'NONE')
    expect(told).toEqual(['duplicate a NONE', 'duplicate'])
  })

  test('is answered at its deadline, partition by partition', () => {
    const { purgatory, told, wait } = world()
    wait(
      'p',
      [
        [a, 5n],
        [b, 2n],
      ],
      1_000,
    )
    wait('q', [[a, 6n]], 2_000)
    purgatory.committed(b, 2n, 'NONE')
    purgatory.expire(999)
    expect(told).toEqual(['p b NONE'])
    purgatory.expire(1_000)
    expect(told).toEqual(['p b NONE', 'p a REQUEST_TIMED_OUT', 'p'])
    expect(purgatory.nextDeadlineMs).toBe(2_000)
    purgatory.committed(a, 9n, 'NONE')
    expect(told.slice(3)).toEqual(['q a NONE', 'q'])
  })

  test('is answered when its partition is led elsewhere', () => {
    const { purgatory, told, wait } = world()
    wait('p', [[a, 5n]])
    purgatory.lost(b, 'NOT_LEADER_OR_FOLLOWER')
    purgatory.lost(a, 'NOT_LEADER_OR_FOLLOWER')
    expect(told).toEqual(['p a NOT_LEADER_OR_FOLLOWER', 'p'])
  })

  test('that an answer brings about waits for the next high watermark', () => {
    const { purgatory, told, wait } = world()
    wait('first', [[a, 1n]], 1_000, () => wait('second', [[a, 2n]]))
    purgatory.committed(a, 1n, 'NONE')
    expect(told).toEqual(['first a NONE', 'first'])
    expect(purgatory.size).toBe(1)
  })
})
