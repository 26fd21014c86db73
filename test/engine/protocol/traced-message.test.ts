import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metadataResponse } from '../../../engine/protocol/messages/metadata.ts'
import { produceRequest } from '../../../engine/protocol/messages/produce.ts'
import { traceMessage } from '../../../engine/protocol/traced-message.ts'

const value = {
  brokers: [
    { nodeId: 1, host: 'one', port: 9092 },
    { nodeId: 2, host: 'two', port: 9093 },
  ],
  controllerId: 2,
  topics: [],
}

test('every field has its name, its value and the bytes that it lies in', () => {
  const bytes = metadataResponse.encode(value, 8)
  const { fields, problem, end } = traceMessage(metadataResponse, bytes, 0, 8)
  expect(problem).toBeNull()
  expect(end).toBe(bytes.length)
  const shown = fields.map(({ depth, name, value: of }) => [depth, name, of])
  expect(shown.slice(0, 8)).toEqual([
    [0, 'throttleTimeMs', 0],
    [0, 'brokers', 2],
    [1, 0, undefined],
    [2, 'nodeId', 1],
    [2, 'host', 'one'],
    [2, 'port', 9092],
    [2, 'rack', null],
    [1, 1, undefined],
  ])
  const host = fields.find(({ name }) => name === 'host')!
  expect(Buffer.from(bytes.subarray(host.start, host.end!)).toString()).toBe('\0\u0003one')
})

test('bytes that end early show what was read, and where it ended', () => {
  const bytes = metadataResponse.encode(value, 8)
  const whole = traceMessage(metadataResponse, bytes, 0, 8)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), length => {
      const { fields, problem } = traceMessage(metadataResponse, bytes.subarray(0, length), 0, 8)
      expect(problem).not.toBeNull()
      const complete = fields.filter(({ end }) => end !== null)
      for (const field of complete) expect(whole.fields).toContainEqual(field)
      expect(fields.some(({ end }) => end === null) || fields.length === 0).toBe(true)
    }),
  )
})

test('more fields than are listed are counted', () => {
  const bytes = metadataResponse.encode(value, 8)
  const whole = traceMessage(metadataResponse, bytes, 0, 8)
  const cut = traceMessage(metadataResponse, bytes, 0, 8, 5)
  expect(cut.fields.length).toBe(5)
  expect(cut.leftOut).toBe(whole.fields.length - 5)
})

test('a version that nobody declared is a problem, not an error', () => {
  expect(traceMessage(produceRequest, new Uint8Array(4), 0, 99).problem).toMatch(/not 99/)
})
