import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { endable, newEndCell, undisturbed } from '../../../engine/support/thread-end.ts'

const ENDS = 40

// Where the thread does not hold its end off, the process is aborted with it in most runs.
test('threads that decompress all the time are ended, and the process goes on', async () => {
  for (let end = 0; end < ENDS; end++) {
    const cell = newEndCell()
    const thread = new Worker(new URL('./endless-gzip.ts', import.meta.url), { workerData: cell })
    await new Promise(resolve => thread.once('message', resolve))
    // It has to be at its work, and not at the same place each time.
    await new Promise(resolve => setTimeout(resolve, end % 6))
    await endable(cell)
    expect(await thread.terminate()).toBe(1)
  }
})

test('a call is over before its thread may be ended', async () => {
  const cell = newEndCell()
  const order: string[] = []
  let ended = Promise.resolve()
  undisturbed(cell, () => {
    ended = endable(cell).then(() => void order.push('ended'))
    order.push('called')
  })
  await ended
  expect(order).toEqual(['called', 'ended'])
})

test('a call that throws holds nobody up', async () => {
  const cell = newEndCell()
  const call = () => undisturbed(cell, () => Buffer.alloc(-1))
  expect(call).toThrow(RangeError)
  await endable(cell)
})
