import { expect, test } from 'vitest'
import { FollowerWaits, type WaitingFollower } from '../../../engine/replica/follower-waits.ts'

function world() {
  const waits = new FollowerWaits()
  const woken: string[] = []
  const wait = (name: string, brokerId: number, missingBytes = 1): WaitingFollower => {
    const waiting = { brokerId, missingBytes, wake: (how: string) => woken.push(`${name} ${how}`) }
    waits.add(waiting)
    return waiting
  }
  return { waits, woken, wait }
}

test('an append wakes the fetches of the follower once they have enough, and no other', () => {
  const { waits, woken, wait } = world()
  wait('two', 2)
  wait('two, patient', 2, 100)
  wait('three', 3)
  waits.appended(2, 60)
  expect(woken).toEqual(['two look'])
  waits.appended(2, 40)
  waits.appended(2, 40)
  expect(woken).toEqual(['two look', 'two, patient look'])
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
    missingBytes: 1,
    wake() {
      looks++
      waiting.missingBytes = 1
      waits.add(waiting)
    },
  }
  waits.add(waiting)
  waits.appended(2, 5)
  expect(looks).toBe(1)
  waits.appended(2, 5)
  expect(looks).toBe(2)
})
