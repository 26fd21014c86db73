import { expect, test, vi } from 'vitest'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import { ProduceSession } from '../../../src-renderer/produce/produce-session.ts'
import { whyNotSend } from '../../../src-renderer/produce/why-not.ts'

const wrong = { part: { type: 'value' }, problem: { code: 'INVALID_INPUT', message: 'no number' } }

/** Answers previews when it is told to; everything else at once. */
function heldClient() {
  const previews: ((answer: unknown) => void)[] = []
  const sent: unknown[] = []
  const call = (name: string, input: unknown) => {
    if (name === 'produce.preview') return new Promise(resolve => previews.push(resolve))
    if (name === 'produce.send') sent.push(input)
    return Promise.resolve(name === 'produce.send' ? { records: [] } : {})
  }
  return { client: { call } as unknown as ApplicationClient, previews, sent }
}

test('what was wrong with the form as it was does not hinder sending it as it is', async () => {
  vi.useFakeTimers()
  const { client, previews, sent } = heldClient()
  const session = new ProduceSession(client, 'local', 'orders')
  session.open()
  session.change({ value: { ...session.snapshot().form.value, kind: 'int64', text: '' } })
  await vi.advanceTimersByTimeAsync(200)
  session.change({ value: { ...session.snapshot().form.value, text: '-2' } })
  for (const answer of previews) answer({ samples: [], problems: [wrong] })
  await vi.advanceTimersByTimeAsync(0)
  expect(whyNotSend(session.snapshot())).toBeNull()
  expect(session.snapshot().problems).toEqual([])
  await session.send()
  expect(sent).toHaveLength(1)

  session.change({ seed: '' })
  expect(whyNotSend(session.snapshot())).toBeNull()
  await session.send()
  expect(sent).toHaveLength(1)
  expect(whyNotSend(session.snapshot())).toMatch(/seed/i)
  session.close()
  vi.useRealTimers()
})
