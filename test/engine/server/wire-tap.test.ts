import { expect, test } from 'vitest'
import { Writer } from '../../../engine/protocol/writer.ts'
import { Connection, type Respond } from '../../../engine/server/connection.ts'
import { errorCodesIn, WireTap } from '../../../engine/server/wire-tap.ts'
import { InMemoryNetwork, settled } from '../in-memory-network.ts'

function frameOf(correlationId: number, clientId: string | null, padding = 0): Uint8Array {
  const body = new Writer()
  body.int16(3)
  body.int16(12)
  body.int32(correlationId)
  body.string(clientId, false)
  body.raw(new Uint8Array(padding))
  const bytes = body.finish()
  const frame = new Writer()
  frame.int32(bytes.length)
  frame.raw(bytes)
  return frame.finish()
}

function world(onRequest?: (respond: Respond, connection: Connection) => void) {
  const clock = { ms: 100 }
  const tap = new WireTap({
    nowMs: () => 1_000 + clock.ms,
    timestampOf: nowMs => nowMs,
    monotonicMs: () => clock.ms,
  })
  const [client, server] = new InMemoryNetwork().pair()
  const answers: Respond[] = []
  const connection = new Connection({
    id: 7,
    socket: server,
    frameBytesMax: 10_000_000,
    openedAtMs: 0,
    tap,
    handler: {
      onRequest(_connection, _frame, respond) {
        clock.ms += 2
        if (onRequest === undefined) answers.push(respond)
        else onRequest(respond, connection)
      },
      onClose() {},
    },
  })
  connection.start()
  client.start({ onBytes() {}, onClose() {} })
  return { clock, tap, client, answers, connection }
}

const answerBytes = (length: number) => new Uint8Array(length)

test('a request that waits is told apart into queue, work and wait', async () => {
  const { clock, tap, client, answers } = world()
  tap.open()
  client.write(frameOf(1, 'shop'))
  client.write(frameOf(2, 'shop'))
  await settled()
  clock.ms += 50
  answers[0]!({ parts: [answerBytes(14), answerBytes(6)], errorCodes: [3] })
  clock.ms += 5
  await settled()
  answers[1]!({ parts: [answerBytes(24)] })
  const { requests } = tap.drain()
  expect(requests).toMatchObject([
    {
      sequence: 0,
      connectionId: 7,
      apiKey: 3,
      apiVersion: 12,
      correlationId: 1,
      clientId: 'shop',
      queueMs: 0,
      workMs: 2,
      waitMs: 50,
      responseBytes: 16,
      errorCodes: [3],
    },
    { correlationId: 2, workMs: 2, responseBytes: 20, errorCodes: [] },
  ])
  expect(requests[1]!.queueMs).toBeGreaterThanOrEqual(50)
  expect(tap.drain().requests).toEqual([])
})

test('while nobody looks nothing is kept, and the connection still counts', async () => {
  const { tap, client, answers, connection } = world()
  client.write(frameOf(1, null))
  await settled()
  answers[0]!({ parts: [answerBytes(24)] })
  expect(tap.drain().requests).toEqual([])
  expect(tap.frames(0)).toBeNull()
  expect(connection.counts).toMatchObject({ requests: 1, bytesOut: 24 })
})

test('both frames are kept, without their lengths, long ones in part', async () => {
  const { tap, client, answers } = world()
  tap.open()
  client.write(frameOf(1, 'shop', 300_000))
  await settled()
  answers[0]!({ parts: [Uint8Array.of(0, 0), Uint8Array.of(0, 4, 1, 2), Uint8Array.of(3, 4)] })
  const frames = tap.frames(0)!
  expect(frames.requestBytes).toBe(300_014)
  expect(frames.request.length).toBe(256 * 1024)
  expect([...frames.response!]).toEqual([1, 2, 3, 4])
  tap.close()
  expect(tap.frames(0)).toBeNull()
})

test('the ring lets the oldest frames go', async () => {
  const { tap, client } = world(respond => respond({ parts: [answerBytes(8)] }))
  tap.open()
  for (let request = 0; request < 200; request++) client.write(frameOf(request, 'shop', 300_000))
  await settled()
  expect(tap.frames(0)).toBeNull()
  expect(tap.frames(199)?.requestBytes).toBe(300_014)
})

test('a client that was cut off has no answer', async () => {
  const { tap, client } = world((_respond, connection) => connection.close())
  tap.open()
  client.write(frameOf(1, 'shop'))
  await settled()
  expect(tap.drain().requests).toMatchObject([{ responseBytes: null }])
})

test('error codes are found wherever an answer has them', () => {
  const partitions = [{ errorCode: 0 }, { errorCode: 6 }, { errorCode: 6 }]
  expect(errorCodesIn({ errorCode: 0, topics: [{ name: 'a', partitions }] })).toEqual([6])
  expect(errorCodesIn({ errorCode: 41, records: new Uint8Array(3) })).toEqual([41])
})
