import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import { openLasting } from '../../../src-renderer/connection/lasting-stream.ts'

const ended: Problem = { code: 'WORKER_ENDED', message: 'the thread ended' }
const gone: Problem = { code: 'NOT_FOUND', message: 'no such group' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Opened {
  readonly input: unknown
  onItem(item: unknown): void
  onEnd(problem: Problem | null): void
  closed: boolean
}

function given() {
  const streams: Opened[] = []
  const heard: string[] = []
  const client = {
    stream(_name: string, input: () => unknown, reader: Omit<Opened, 'input' | 'closed'>) {
      const stream = { ...reader, input: input(), closed: false }
      streams.push(stream)
      return () => (stream.closed = true)
    },
  }
  let at = 0
  const close = openLasting(
    client as unknown as ApplicationClient,
    'group.watch',
    () => ({ at: at++ }) as never,
    {
      onItem: item => void heard.push(`item ${JSON.stringify(item)}`),
      onBreak: problem => void heard.push(`break ${problem.code}`),
      onEnd: problem => void heard.push(`end ${problem?.code ?? 'in order'}`),
    },
  )
  return { streams, heard, close }
}

test('a stream whose thread ended is opened again, with its input asked anew', () => {
  const { streams, heard } = given()
  streams[0]!.onItem(1)
  streams[0]!.onEnd(ended)
  vi.advanceTimersByTime(250)
  streams[1]!.onItem(2)
  expect(heard).toEqual(['item 1', 'break WORKER_ENDED', 'item 2'])
  expect(streams.map(({ input }) => input)).toEqual([{ at: 0 }, { at: 1 }])
})

test('while it does not come back it is tried less and less often, and never given up', () => {
  const { streams } = given()
  for (let tries = 1; tries < 20; tries++) {
    streams.at(-1)!.onEnd(ended)
    vi.advanceTimersByTime(5_000)
    expect(streams.length).toBe(tries + 1)
  }
  streams.at(-1)!.onEnd(ended)
  vi.advanceTimersByTime(4_000)
  expect(streams.length).toBe(20)
})

test.each([
  ['in order', null],
  ['with what does not pass', gone],
])('a stream that ends %s is not opened again', (_case, problem) => {
  const { streams, heard } = given()
  streams[0]!.onEnd(problem)
  vi.advanceTimersByTime(60_000)
  expect(streams.length).toBe(1)
  expect(heard).toEqual([`end ${problem?.code ?? 'in order'}`])
})

test('a stream that was closed stays closed', () => {
  const { streams, close } = given()
  streams[0]!.onEnd(ended)
  close()
  vi.advanceTimersByTime(60_000)
  expect(streams.length).toBe(1)
})
