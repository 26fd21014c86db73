import { expect, test } from 'vitest'
import { FollowerWaits, type WaitingFollower } from '../../../engine/replica/follower-waits.ts'

function world() {
  const waits = new FollowerWaits()
  const woken: string[] = []
  const wait = (
    name: string,
    brokerId: number,
    { missingBytes = 1, deadlineMs = 500 } = {},
  ): WaitingFollower => {
    const wake = (how: string) => woken.push(`${name} ${how}`)
    const waiting = { brokerId, deadlineMs, missingBytes, wake }
    waits.add(waiting)
    return waiting
  }
  return { waits, woken, wait }
}

test('an append wakes the fetches of the follower once they have enough, and no other', () => {
  const { waits, woken, wait } = world()
  wait('two', 2)
  wait('two, patient', 2, { missingBytes: 100 })
  wait('three', 3)
  waits.appended(2, 60)
  expect(woken).toEqual([])
  waits.wakeSatisfied()
  expect(woken).toEqual(['two look'])
  waits.appended(2, 40)
  waits.wakeSatisfied()
  waits.wakeSatisfied()
  expect(woken).toEqual(['two look', 'two, patient look'])
})

test('who waits too long is answered with what there is, and the next deadline is known', () => {
  const { waits, woken, wait } = world()
  expect(waits.nextDeadlineMs).toBe(null)
  wait('two', 2, { deadlineMs: 300 })
  wait('three', 3, { deadlineMs: 200 })
  wait('three, later', 3, { deadlineMs: 400 })
  expect(waits.nextDeadlineMs).toBe(200)
  waits.expire(300)
  expect(woken).toEqual(['two answer', 'three answer'])
  expect(waits.nextDeadlineMs).toBe(400)
})

test('what changes roles answers every fetch that still waits', () => {
  const { waits, woken, wait } = world()
  wait('two', 2)
  const gone = wait('three', 3)
  expect([waits.remove(gone), waits.remove(gone)]).toEqual([true, false])
  waits.wakeAll()
  waits.wakeAll()
  expect(woken).toEqual(['two answer'])
})

test('a fetch that waits again while it is woken is woken by the next append', () => {
  const waits = new FollowerWaits()
  let looks = 0
  const waiting: WaitingFollower = {
    brokerId: 2,
    deadlineMs: 500,
    missingBytes: 1,
    wake() {
      looks++
      waiting.missingBytes = 1
      waits.add(waiting)
    },
  }
  waits.add(waiting)
  waits.appended(2, 5)
  waits.wakeSatisfied()
  expect(looks).toBe(1)
  waits.appended(2, 5)
  waits.wakeSatisfied()
  expect(looks).toBe(2)
})
