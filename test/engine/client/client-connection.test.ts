import { afterEach, describe, expect, test } from 'vitest'
import { ClientConnection } from '../../../engine/client/client-connection.ts'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../../engine/protocol/messages/api-versions.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../engine/protocol/messages/heartbeat.ts'
import { Reader } from '../../../engine/protocol/reader.ts'
import { Writer } from '../../../engine/protocol/writer.ts'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { InMemoryNetwork, settled, type InMemorySocket } from '../in-memory-network.ts'
import { ManualClock } from '../manual-clock.ts'

const HEARTBEAT = heartbeatRequest.apiKey!
const API_VERSIONS = apiVersionsRequest.apiKey!
const address = { host: '127.0.0.1', port: 9092 }
const heartbeat = { request: heartbeatRequest, response: heartbeatResponse }
const anyone = { groupId: 'g', generationId: 1, memberId: 'm' }

interface Asked {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
}

const opened: ClientConnection[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.close()
})

describe('opening', () => {
  test('asks ApiVersions and remembers what the broker serves', async () => {
    const { open, asked } = await broker()
    const connection = await open()
    expect(asked).toEqual([
      { apiKey: API_VERSIONS, apiVersion: 3, correlationId: 0, clientId: 'tester' },
    ])
    expect(connection.versionsOf(HEARTBEAT)).toEqual([0, 4])
    expect(connection.versionsOf(99)).toBeNull()
  })

  test('asks again in the oldest form where the broker knows no newer one', async () => {
    const { open, asked } = await broker({ apiVersionsUpTo: 0 })
    const connection = await open()
    expect(asked.map(({ apiVersion }) => apiVersion)).toEqual([3, 0])
    expect(connection.versionsOf(HEARTBEAT)).toEqual([0, 4])
  })

  test('fails where nobody listens', async () => {
    const nobody = { host: '127.0.0.1', port: 1 }
    await expect(openWith(new InMemoryNetwork(), new ManualClock(), nobody)).rejects.toThrow(
      OperationalError,
    )
  })

  test('fails after ten silent seconds, and leaves no socket behind', async () => {
    const { open, clock, sockets } = await broker({ silent: true })
    const opening = open()
    await settled()
    clock.advance(10_000)
    await expect(opening).rejects.toThrow('no answer to ApiVersionsRequest within 10000 ms')
    await settled()
    expect(sockets[0]!.closed).toBe(true)
  })

  test('that is given up ends at once, and leaves neither socket nor timer behind', async () => {
    const { open, clock, sockets } = await broker({ silent: true })
    const given = new AbortController()
    const opening = open(given.signal)
    await settled()
    expect(clock.waiting).toBe(1)
    given.abort()
    await expect(opening).rejects.toThrow(KafkaError)
    await settled()
    expect([clock.waiting, sockets[0]!.closed]).toEqual([0, true])
  })

  test('is not ended any more once it is done', async () => {
    const { open } = await broker()
    const given = new AbortController()
    const connection = await open(given.signal)
    given.abort()
    expect(connection.closed).toBe(false)
  })

  test.each([
    ['an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4])],
    ['a frame without a number', Buffer.from([0, 0, 0, 2, 1, 2])],
    ['an answer that ends too early', Buffer.from([0, 0, 0, 5, 0, 0, 0, 0, 0])],
    ['a list longer than its frame', Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0x7f, 0xff])],
  ])('fails at %s, and leaves no socket behind', async (_, bytes) => {
    const { open, sockets, clock } = await broker({ answer: () => bytes })
    const failing = expect(open()).rejects.toThrow(KafkaError)
    await settled()
    clock.advance(10_000)
    await failing
    await settled()
    expect(sockets[0]!.closed).toBe(true)
  })
})

describe('a request', () => {
  test('goes in the newest version that both sides have', async () => {
    for (const [theirs, version] of [
      [[0, 4], 4],
      [[0, 2], 2],
      [[1, 9], 4],
    ] as const) {
      const { open, asked } = await broker({ heartbeatVersions: theirs })
      const connection = await open()
      await connection.request(heartbeat, anyone)
      expect(asked.at(-1)).toMatchObject({ apiKey: HEARTBEAT, apiVersion: version })
    }
  })

  test('goes in no newer version than asked for', async () => {
    const { open, asked } = await broker()
    const connection = await open()
    await connection.request(heartbeat, anyone, { versionMax: 3 })
    expect(asked.at(-1)).toMatchObject({ apiVersion: 3 })
  })

  test.each([
    ['none of it', null, undefined],
    ['only newer versions', [5, 9], undefined],
    ['no version as old as asked for', [3, 4], 2],
  ] as const)(
    'is refused before it is sent where the broker has %s',
    async (_, heartbeatVersions, versionMax) => {
      const { open, asked } = await broker({ heartbeatVersions })
      const connection = await open()
      const options = versionMax === undefined ? {} : { versionMax }
      expect(() => connection.request(heartbeat, anyone, options)).toThrow(/UNSUPPORTED_VERSION/)
      expect(asked).toHaveLength(1)
    },
  )

  test('gets its own answer, in whatever order they come', async () => {
    const held: (() => void)[] = []
    const { open, reply } = await broker({ hold: each => held.push(each) })
    const connection = await open()
    const answers = ['a', 'b', 'c'].map(() => connection.request(heartbeat, anyone))
    await settled()
    for (const each of held.reverse()) each()
    const codes = (await Promise.all(answers)).map(({ errorCode }) => errorCode)
    // The broker of this test answers with the number of the request.
    expect(codes).toEqual([1, 2, 3])
    expect(reply).toEqual([0, 3, 2, 1])
  })

  test('fails at its own time-out, which harms no other request', async () => {
    const held: (() => void)[] = []
    const { open, clock } = await broker({ hold: each => held.push(each) })
    const connection = await open()
    const impatient = connection.request(heartbeat, anyone, { timeoutMs: 100 })
    const patient = connection.request(heartbeat, anyone, { timeoutMs: 1_000 })
    await settled()
    clock.advance(100)
    await expect(impatient).rejects.toThrow('no answer to HeartbeatRequest within 100 ms')
    // The late answer finds nobody waiting.
    for (const each of held) each()
    await expect(patient).resolves.toMatchObject({ errorCode: 2 })
    expect(connection.closed).toBe(false)
    connection.close()
    expect(clock.waiting).toBe(0)
  })

  test('fails when the connection ends first, and later ones fail at once', async () => {
    const { open, sockets, clock } = await broker({ hold: () => {} })
    const connection = await open()
    let told = 0
    connection.onClose(() => told++)
    const waiting = connection.request(heartbeat, anyone)
    await settled()
    sockets[0]!.destroy()
    await expect(waiting).rejects.toThrow(
      'connection closed, before the answer to HeartbeatRequest',
    )
    await expect(connection.request(heartbeat, anyone)).rejects.toThrow('closed')
    expect(told).toBe(1)
    expect(clock.waiting).toBe(0)
    connection.onClose(() => told++)
    expect(told).toBe(2)
  })

  test('fails alone where its answer is unreadable', async () => {
    const { open } = await broker({
      answerHeartbeat: ({ correlationId }) =>
        correlationId === 1 ? framed(correlationId, Buffer.from([1])) : null,
    })
    const connection = await open()
    await expect(connection.request(heartbeat, anyone)).rejects.toThrow(/CORRUPT_MESSAGE/)
    await expect(connection.request(heartbeat, anyone)).resolves.toMatchObject({ errorCode: 2 })
  })

  test('fails, with all others, at a frame that is none', async () => {
    const { open } = await broker({
      answerHeartbeat: () => Buffer.from([0x80, 0, 0, 0]),
    })
    const connection = await open()
    await expect(connection.request(heartbeat, anyone)).rejects.toThrow(
      'no Kafka answer: frame of -2147483648 bytes',
    )
    expect(connection.closed).toBe(true)
  })

  test('arrives whole in whatever pieces the answer comes', async () => {
    for (const pieceBytes of [1, 2, 3, 5, 7]) {
      const { open } = await broker({ pieceBytes })
      const connection = await open()
      await expect(connection.request(heartbeat, anyone)).resolves.toMatchObject({ errorCode: 1 })
    }
  })
})

describe('a connection is silent', () => {
  test('from the oldest question without an answer, also when that was given up', async () => {
    const held: (() => void)[] = []
    const { open, clock } = await broker({ hold: each => held.push(each) })
    const connection = await open()
    expect(connection.silentForMs).toBe(0)
    clock.advance(5_000)
    const impatient = connection.request(heartbeat, anyone, { timeoutMs: 100 })
    await settled()
    clock.advance(100)
    await expect(impatient).rejects.toThrow('within 100 ms')
    clock.advance(200)
    expect(connection.silentForMs).toBe(300)
    for (const each of held) each()
    await settled()
    expect(connection.silentForMs).toBe(0)
  })

  test('from the last bytes of an answer that is long on its way', async () => {
    const { open, clock, sockets } = await broker({ hold: () => {} })
    const connection = await open()
    const answer = connection.request(heartbeat, anyone)
    await settled()
    clock.advance(3_000)
    expect(connection.silentForMs).toBe(3_000)
    const frame = framed(1, Buffer.from([0, 0, 0, 0, 0, 0, 7, 0]))
    sockets[0]!.write(frame.subarray(0, 5))
    await settled()
    clock.advance(50)
    expect(connection.silentForMs).toBe(50)
    sockets[0]!.write(frame.subarray(5))
    await expect(answer).resolves.toMatchObject({ errorCode: 7 })
  })
})

interface BrokerOptions {
  readonly heartbeatVersions?: readonly [number, number] | null
  readonly apiVersionsUpTo?: number
  readonly silent?: boolean
  readonly pieceBytes?: number
  /** The whole frame with which any request is answered. */
  readonly answer?: (asked: Asked) => Buffer
  /** The same for heartbeats alone; null for the usual answer. */
  readonly answerHeartbeat?: (asked: Asked) => Buffer | null
  /** Gets what would send the answer to a heartbeat. */
  readonly hold?: (send: () => void) => void
}

/** A broker that the test plays by hand, below the level of our own server. */
async function broker(options: BrokerOptions = {}) {
  const { pieceBytes } = options
  const network = new InMemoryNetwork(pieceBytes === undefined ? {} : { pieceBytes })
  const clock = new ManualClock()
  const asked: Asked[] = []
  const sockets: InMemorySocket[] = []
  const reply: number[] = []
  await network.listen(address, socket => {
    sockets.push(socket as InMemorySocket)
    let collected = Buffer.alloc(0)
    socket.start({
      onBytes(bytes) {
        collected = Buffer.concat([collected, bytes])
        while (collected.length >= 4 && collected.length >= 4 + collected.readInt32BE(0)) {
          const length = collected.readInt32BE(0)
          const request = readHeader(collected.subarray(4, 4 + length))
          collected = collected.subarray(4 + length)
          asked.push(request)
          if (options.silent === true) continue
          const send = () => {
            reply.push(request.correlationId)
            socket.write(answerTo(request, options))
          }
          if (request.apiKey === HEARTBEAT && options.hold !== undefined) options.hold(send)
          else send()
        }
      },
      onClose: () => {},
    })
  })
  const open = async (signal?: AbortSignal) => openWith(network, clock, address, signal)
  return { open, asked, sockets, clock, reply }
}

async function openWith(
  network: InMemoryNetwork,
  clock: ManualClock,
  at: typeof address,
  signal?: AbortSignal,
) {
  const connection = await ClientConnection.open({
    network,
    clock,
    address: at,
    clientId: 'tester',
    software: { name: 'odradek', version: '0' },
    connectTimeoutMs: 1_000,
    ...(signal === undefined ? {} : { signal }),
  })
  opened.push(connection)
  return connection
}

function answerTo(asked: Asked, options: BrokerOptions): Buffer {
  const given = options.answer?.(asked)
  if (given !== undefined) return given
  const { apiKey, apiVersion, correlationId } = asked
  const body = new Writer()
  if (apiKey === API_VERSIONS) {
    const tooNew = apiVersion > (options.apiVersionsUpTo ?? 3)
    const { heartbeatVersions = [0, 4] } = options
    apiVersionsResponse.write(
      body,
      {
        errorCode: tooNew ? new KafkaError('UNSUPPORTED_VERSION', '').code : 0,
        apiKeys:
          tooNew || heartbeatVersions === null
            ? []
            : [
                {
                  apiKey: HEARTBEAT,
                  minVersion: heartbeatVersions[0],
                  maxVersion: heartbeatVersions[1],
                },
              ],
      },
      tooNew ? 0 : apiVersion,
    )
    return framed(correlationId, body.finish())
  }
  const special = options.answerHeartbeat?.(asked) ?? null
  if (special !== null) return special
  if (apiVersion >= 4) body.unsignedVarint(0)
  heartbeatResponse.write(body, { throttleTimeMs: 0, errorCode: correlationId }, apiVersion)
  return framed(correlationId, body.finish())
}

function readHeader(frame: Uint8Array): Asked {
  const reader = new Reader(frame)
  const [apiKey, apiVersion, correlationId] = [reader.int16(), reader.int16(), reader.int32()]
  const length = reader.stringLength(false)
  return { apiKey, apiVersion, correlationId, clientId: length < 0 ? null : reader.utf8(length) }
}

function framed(correlationId: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + body.length, 0)
  head.writeInt32BE(correlationId, 4)
  return Buffer.concat([head, body])
}
