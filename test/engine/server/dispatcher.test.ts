import { beforeEach, describe, expect, test } from 'vitest'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../../engine/protocol/messages/api-versions.ts'
import {
  heartbeatRequest,
  heartbeatResponse,
  type HeartbeatRequest,
} from '../../../engine/protocol/messages/heartbeat.ts'
import { Reader } from '../../../engine/protocol/reader.ts'
import { Writer } from '../../../engine/protocol/writer.ts'
import { apiVersions } from '../../../engine/server/api-versions.ts'
import { Connection } from '../../../engine/server/connection.ts'
import {
  Dispatcher,
  servedApi,
  type RequestContext,
  type ServedApi,
} from '../../../engine/server/dispatcher.ts'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { InMemoryNetwork, settled, type InMemorySocket } from '../in-memory-network.ts'

const UNKNOWN_MEMBER_ID = 25
const KAFKA_STORAGE_ERROR = 56
const UNSUPPORTED_VERSION = 35
const INVALID_REQUEST = 42
const HEARTBEAT = heartbeatRequest.apiKey!
const API_VERSIONS = apiVersionsRequest.apiKey!

/** What the heartbeat handler of a test does; returns the error code of its answer. */
let heartbeat: (request: HeartbeatRequest, context: RequestContext) => number | Promise<number>
beforeEach(() => (heartbeat = () => 0))

describe('the dispatcher', () => {
  test('decodes a request, hands it on with its context, and answers under its number', async () => {
    let seen: unknown
    heartbeat = (request, { apiKey, apiVersion, correlationId, clientId, nowMs }) => {
      seen = { groupId: request.groupId, apiKey, apiVersion, correlationId, clientId, nowMs }
      return 0
    }
    const { ask } = world()
    const answer = await ask(heartbeatFrame({ version: 3, groupId: 'g', correlationId: 41 }))
    expect(seen).toEqual({
      groupId: 'g',
      apiKey: HEARTBEAT,
      apiVersion: 3,
      correlationId: 41,
      clientId: 'tester',
      nowMs: 77,
    })
    expect(answer!.int32()).toBe(41)
    expect(heartbeatResponse.read(answer!, 3)).toEqual({ throttleTimeMs: 0, errorCode: 0 })
  })

  test('answers a flexible version under a header with tags, an older one without', async () => {
    const { ask } = world()
    const flexible = await ask(heartbeatFrame({ version: 4 }))
    expect(flexible!.remaining).toBe(4 + 1 + 4 + 2 + 1)
    const older = await ask(heartbeatFrame({ version: 3 }))
    expect(older!.remaining).toBe(4 + 4 + 2)
  })

  test('reads past tags in the header that nobody knows', async () => {
    const { ask } = world()
    let groupId = ''
    heartbeat = request => {
      groupId = request.groupId
      return 0
    }
    const tags = [1, 99, 3, 1, 2, 3]
    const answer = await ask(heartbeatFrame({ version: 4, groupId: 'tagged', tags }))
    expect(groupId).toBe('tagged')
    expect(answer).not.toBeNull()
  })

  test('takes a client without a name', async () => {
    let clientId: string | null = 'none seen'
    heartbeat = (_, context) => {
      clientId = context.clientId
      return 0
    }
    const { ask } = world()
    await ask(heartbeatFrame({ version: 3, clientId: null }))
    expect(clientId).toBeNull()
  })

  test.each([
    ['an API that is not served', [0x03, 0xe7, 0, 0]],
    ['a version above those served', [0, HEARTBEAT, 0, 5]],
    ['a negative version', [0, HEARTBEAT, 0xff, 0xff]],
    ['a header cut short', [0, HEARTBEAT]],
    ['no bytes at all', []],
    ['a client id longer than the frame', [0, HEARTBEAT, 0, 0, 0, 0, 0, 1, 0x7f, 0xff, 0x41]],
    ['a body cut short', [0, HEARTBEAT, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 9, 0x41]],
  ])('closes the connection at %s', async (_, bytes) => {
    const { ask, client } = world()
    expect(await ask(Buffer.from(bytes))).toBeNull()
    expect(client.closed).toBe(true)
  })
})

describe('a failing handler', () => {
  test.each([
    ['at once', () => fail(new KafkaError('UNKNOWN_MEMBER_ID', 'nobody')), UNKNOWN_MEMBER_ID],
    [
      'later',
      () => Promise.reject(new KafkaError('UNKNOWN_MEMBER_ID', 'nobody')),
      UNKNOWN_MEMBER_ID,
    ],
    ['for the machine', () => fail(new OperationalError('disk full')), KAFKA_STORAGE_ERROR],
  ])('%s is answered in the words of its API', async (_, failing, code) => {
    heartbeat = failing
    const { ask } = world()
    const answer = await ask(heartbeatFrame({ version: 3 }))
    answer!.int32()
    expect(heartbeatResponse.read(answer!, 3).errorCode).toBe(code)
  })

  test('is a bug when the error is neither: it goes on upwards', () => {
    heartbeat = () => fail(new RangeError('ours'))
    const { dispatcher, connection } = world()
    const frame = heartbeatFrame({ version: 3 })
    expect(() => dispatcher.dispatch(connection, frame, () => {})).toThrow('ours')
  })

  test('an answer that cannot be written closes the connection', async () => {
    const unwritable: ServedApi = {
      apiKey: 1,
      name: 'Unwritable',
      accepts: [0, 0],
      advertises: [0, 0],
      flexibleSince: null,
      serve: () => fail(new KafkaError('UNKNOWN_SERVER_ERROR', 'a string of 98301 bytes')),
    }
    const { ask, client } = world([unwritable])
    expect(await ask(Buffer.from([0, 1, 0, 0, 0, 0, 0, 1, 0xff, 0xff]))).toBeNull()
    expect(client.closed).toBe(true)
  })
})

describe('ApiVersions', () => {
  test('names every API with the versions it advertises', async () => {
    const { ask } = world()
    const answer = await ask(apiVersionsFrame(3))
    expect(answer!.int32()).toBe(5)
    const { errorCode, apiKeys } = apiVersionsResponse.read(answer!, 3)
    expect(errorCode).toBe(0)
    expect(apiKeys).toEqual([
      { apiKey: HEARTBEAT, minVersion: 1, maxVersion: 4 },
      { apiKey: API_VERSIONS, minVersion: 0, maxVersion: 4 },
    ])
  })

  test.each([99, 5, -1, 0x7fff])('of version %d is answered in version 0', async version => {
    const { ask } = world()
    const answer = await ask(apiVersionsFrame(version))
    expect(answer!.int32()).toBe(5)
    expect(apiVersionsResponse.read(answer!, 0)).toMatchObject({
      errorCode: UNSUPPORTED_VERSION,
      apiKeys: [{ apiKey: API_VERSIONS, minVersion: 0, maxVersion: 4 }],
    })
    expect(answer!.remaining).toBe(0)
  })

  test('its answer has the oldest header even where its body is flexible', async () => {
    const { ask } = world()
    const answer = await ask(apiVersionsFrame(4))
    answer!.int32()
    // Next come the error code and the compact length of the array: no header tags between.
    expect(answer!.int16()).toBe(0)
    expect(answer!.unsignedVarint()).toBe(2 + 1)
  })

  test.each(['', '-kcat', 'kcat-', 'k cat', 'kcät'])(
    'refuses %o as the name of a client',
    async name => {
      const { ask, connection } = world()
      const answer = await ask(apiVersionsFrame(3, name))
      answer!.int32()
      expect(apiVersionsResponse.read(answer!, 3).errorCode).toBe(INVALID_REQUEST)
      expect(connection.software).toBeNull()
    },
  )

  test('remembers what the client is', async () => {
    const { ask, connection } = world()
    await ask(apiVersionsFrame(3, 'kcat'))
    expect(connection.software).toEqual({ name: 'kcat', version: '1.0' })
  })

  test('a feature that may be at level 0 is told from version 4 on', async () => {
    const { ask } = world()
    const featuresIn = async (version: number) => {
      const answer = await ask(apiVersionsFrame(version))
      answer!.int32()
      return apiVersionsResponse.read(answer!, version).supportedFeatures.map(({ name }) => name)
    }
    expect(await featuresIn(3)).toEqual(['metadata.version'])
    expect(await featuresIn(4)).toEqual(['metadata.version', 'kraft.version'])
  })
})

function world(more: readonly ServedApi[] = []) {
  const apis: ServedApi[] = [
    servedApi({
      request: heartbeatRequest,
      response: heartbeatResponse,
      advertises: [1, 4],
      handle(request, context) {
        const code = heartbeat(request, context)
        const answer = (errorCode: number) => ({ throttleTimeMs: 0, errorCode })
        return code instanceof Promise ? code.then(answer) : answer(code)
      },
      failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code }),
    }),
    apiVersions({ apis: () => apis, features }),
    ...more,
  ]
  const dispatcher = new Dispatcher({ apis, nowMs: () => 77 })
  const [client, server] = new InMemoryNetwork().pair()
  const connection = new Connection({
    id: 1,
    socket: server,
    frameBytesMax: 1_000_000,
    openedAtMs: 0,
    tap: null,
    handler: {
      onRequest: (from, frame, respond) => dispatcher.dispatch(from, frame, respond),
      onClose: () => {},
    },
  })
  connection.start()
  return { dispatcher, connection, client, ask: asking(client) }
}

function features() {
  return {
    supported: [
      { name: 'metadata.version', minVersion: 1, maxVersion: 27 },
      { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
    ],
    finalized: [],
    finalizedEpoch: 3n,
  }
}

/** Sends one frame and gives the answer's bytes, or null where there was none. */
function asking(client: InMemorySocket): (frame: Uint8Array) => Promise<Reader | null> {
  let got: Buffer[] = []
  client.start({ onBytes: bytes => got.push(Buffer.from(bytes)), onClose: () => {} })
  return async frame => {
    got = []
    const length = Buffer.alloc(4)
    length.writeInt32BE(frame.length, 0)
    client.write(Buffer.concat([length, frame]))
    await settled()
    const bytes = Buffer.concat(got)
    return bytes.length === 0 ? null : new Reader(bytes, 4)
  }
}

function heartbeatFrame(options: {
  readonly version: number
  readonly groupId?: string
  readonly correlationId?: number
  readonly clientId?: string | null
  readonly tags?: readonly number[]
}): Uint8Array {
  const { version, groupId = 'g', correlationId = 1, clientId = 'tester', tags = [0] } = options
  const writer = new Writer()
  header(writer, { apiKey: HEARTBEAT, version, correlationId, clientId })
  if (version >= 4) writer.raw(Uint8Array.from(tags))
  heartbeatRequest.write(writer, { groupId, generationId: 1, memberId: 'm' }, version)
  return writer.finish()
}

function apiVersionsFrame(version: number, clientSoftwareName = 'tester'): Uint8Array {
  const writer = new Writer()
  header(writer, { apiKey: API_VERSIONS, version, correlationId: 5, clientId: 'tester' })
  if (version >= 3) writer.unsignedVarint(0)
  const known = version >= 0 && version <= 5 ? version : 3
  apiVersionsRequest.write(writer, { clientSoftwareName, clientSoftwareVersion: '1.0' }, known)
  return writer.finish()
}

function header(
  writer: Writer,
  of: {
    readonly apiKey: number
    readonly version: number
    readonly correlationId: number
    readonly clientId: string | null
  },
): void {
  writer.int16(of.apiKey)
  writer.int16(of.version)
  writer.int32(of.correlationId)
  writer.string(of.clientId, false)
}

function fail(error: unknown): never {
  throw error
}
