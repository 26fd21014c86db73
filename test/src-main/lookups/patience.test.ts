import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Client } from '../../../engine/client/client.ts'
import { PatientQuestion } from '../../../src-main/lookups/patience.ts'

const client = {} as Client

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what takes long is answered as it last was, and newly once it has ended', async () => {
  const { question, asked } = questionOf<string>()
  const first = question.answer(client)
  asked[0]!.resolve('before')
  expect(await first).toBe('before')

  const late = question.answer(client)
  await vi.advanceTimersByTimeAsync(499)
  expect(await outcomeNow(late)).toBe('under way')
  await vi.advanceTimersByTimeAsync(1)
  expect(await late).toBe('before')
  expect(asked).toHaveLength(2)

  asked[1]!.resolve('after')
  await vi.advanceTimersByTimeAsync(0)
  const next = question.answer(client)
  asked[2]!.resolve('afterwards')
  expect(await next).toBe('afterwards')
})

test('who asks again while a question is under way waits for the rest of the time alone', async () => {
  const { question, asked } = questionOf<string>()
  const first = question.answer(client)
  asked[0]!.resolve('before')
  await first
  const late = question.answer(client)
  await vi.advanceTimersByTimeAsync(400)
  const later = question.answer(client)
  await vi.advanceTimersByTimeAsync(100)
  expect(await Promise.all([late, later])).toEqual(['before', 'before'])
  const afterwards = question.answer(client)
  await vi.advanceTimersByTimeAsync(1)
  expect(await outcomeNow(afterwards)).toBe('before')
  expect(asked).toHaveLength(2)
})

test('the first who ask wait for the end of one question', async () => {
  const { question, asked } = questionOf<string>()
  const both = Promise.all([question.answer(client), question.answer(client)])
  await vi.advanceTimersByTimeAsync(10_000)
  asked[0]!.resolve('there')
  expect(await both).toEqual(['there', 'there'])
  expect(asked).toHaveLength(1)
})

test('a failure is told until the question ends otherwise, and another client has its own', async () => {
  const { question, asked } = questionOf<string>()
  const refused = expect(question.answer(client)).rejects.toThrow('nobody')
  asked[0]!.reject(new Error('nobody'))
  await refused
  const again = expect(question.answer(client)).rejects.toThrow('nobody')
  await vi.advanceTimersByTimeAsync(500)
  await again
  const other = question.answer({} as Client)
  asked[2]!.resolve('theirs')
  expect(await other).toBe('theirs')
})

/** Each question that is asked waits until the test ends it. */
function questionOf<T>() {
  const asked: PromiseWithResolvers<T>[] = []
  const question = new PatientQuestion<T>(() => {
    const one = Promise.withResolvers<T>()
    asked.push(one)
    return one.promise
  })
  return { question, asked }
}

async function outcomeNow(pending: Promise<unknown>): Promise<unknown> {
  return Promise.race([pending, Promise.resolve('under way')])
}
