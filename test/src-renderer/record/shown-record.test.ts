import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import { ContractError } from '../../../src-main/contract/define.ts'
import { ShownRecords } from '../../../src-renderer/record/shown-record.ts'

const auto = { key: 'auto', value: 'auto' } as const
const place = (offset: bigint) => ({ topic: 'orders', partition: 1, offset })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Fails so many times, with this code, before it answers. */
function given(failures: number, code: string) {
  let left = failures
  const asked: bigint[] = []
  const client = {
    async call(name: string, input: { offset: bigint }) {
      if (name !== 'record.get') return { decoder: 'json' }
      asked.push(input.offset)
      if (left-- > 0) throw new ContractError({ code, message: 'orders-1' })
      return { offset: input.offset }
    },
  }
  const records = new ShownRecords(client as unknown as ApplicationClient, 'local')
  records.open()
  return { records, asked }
}

test('a record whose broker is away is shown when the broker is back', async () => {
  const { records, asked } = given(4, 'LEADER_NOT_AVAILABLE')
  records.show(place(7n), auto)
  await vi.advanceTimersByTimeAsync(300)
  expect(records.snapshot()).toMatchObject({
    shown: null,
    problem: { code: 'LEADER_NOT_AVAILABLE' },
  })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(records.snapshot()).toMatchObject({ shown: { detail: { offset: 7n } }, problem: null })
  expect(asked).toHaveLength(5)
})

test('a record that is gone is asked for once', async () => {
  const { records, asked } = given(9, 'NOT_FOUND')
  records.show(place(7n), auto)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(records.snapshot().problem?.code).toBe('NOT_FOUND')
  expect(asked).toHaveLength(1)
})

test('another record is not kept waiting for the one before', async () => {
  const { records, asked } = given(1, 'LEADER_NOT_AVAILABLE')
  records.show(place(7n), auto)
  await vi.advanceTimersByTimeAsync(0)
  records.show(place(8n), auto)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(records.snapshot().shown?.detail.offset).toBe(8n)
  expect(asked).toEqual([7n, 8n])
})
