/**
 * What hostile, broken and overloaded clients do to a broker: each is answered with the right error
 * or cut off, memory stays bounded, and a well-behaved neighbour notices nothing of it.
 */
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { errorCode } from '../../engine/protocol/errors.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../engine/protocol/messages/api-versions.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { listGroupsRequest } from '../../engine/protocol/messages/list-groups.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { Reader } from '../../engine/protocol/reader.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { compress, type Codec } from '../../engine/protocol/records/compression.ts'
import { stampCrc } from '../../engine/protocol/records/record-batch.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import type { Address } from '../../engine/ports/network.ts'
import { arbitraryMessage } from '../engine/protocol/arbitrary-message.ts'
import { findDeclarations } from '../schemas/declarations.ts'
import { keepsOldRecords } from './old-records.ts'
import { RawConnection, requestBytes, withLength } from './raw-connection.ts'

const MB = 1024 * 1024
const CLOSE_PATIENCE_MS = 5_000
const produceApi = { request: produceRequest, response: produceResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
const createApi = { request: createTopicsRequest, response: createTopicsResponse }

let cluster: Cluster
let address: Address
let neighbour: Neighbour
/** States that a broker went through: a crash shows here even where it was restarted. */
const states: string[] = []
let opened: RawConnection[] = []

beforeAll(async () => {
  cluster = await startCluster({
    brokers: 1,
    ports: [0],
    configs: keepsOldRecords,
    onEvent(event) {
      if (event.type === 'broker-state-changed') states.push(event.state)
    },
  })
  address = cluster.brokers[0]!.address
  const client = newClient()
  await createTopic(client, 'plain', {})
  await createTopic(client, 'compacted', { 'cleanup.policy': 'compact' })
  await createTopic(client, 'gzipped', { 'compression.type': 'gzip' })
  await createTopic(client, 'stamped', { 'message.timestamp.type': 'LogAppendTime' })
  await createTopic(client, 'neighbour', {})
  await createTopic(client, 'large', {})
  client.close()
})
afterAll(() => cluster.stop())

beforeEach(() => {
  neighbour = new Neighbour()
})
afterEach(async () => {
  for (const each of opened.splice(0)) each.close()
  await neighbour.finish()
  expect(states.slice(1)).toEqual(states.slice(1).filter(each => each === 'running'))
  expect(cluster.brokers[0]!.state).toBe('running')
})

describe('a frame that lies', () => {
  test.each([
    ['is negative', -1],
    ['is the smallest number', -0x8000_0000],
    ['is 2 GB', 0x7fff_ffff],
    ['is just over socket.request.max.bytes', 100 * MB + 1],
  ])('about its length (%s) closes its connection', async (_, length) => {
    const connection = await open()
    connection.write(withLength(Buffer.alloc(64), length))
    expect(await connection.outcome(CLOSE_PATIENCE_MS)).toBe('closed')
  })

  test('and then is silent costs no memory, a hundred times over', async () => {
    const before = rss()
    for (let n = 0; n < 100; n++) {
      const connection = await open()
      connection.write(withLength(Buffer.alloc(64), 100 * MB))
    }
    await neighbour.exchanges(20)
    expect(rss() - before).toBeLessThan(100 * MB)
    expect(opened.every(each => !each.closed)).toBe(true)
  })

  test('by being longer than its request is told by what lies behind', async () => {
    const connection = await open()
    const request = apiVersions(1)
    // Two requests under one length: the second is no part of the first.
    connection.write(withLength(Buffer.concat([request, request]), request.length * 2 - 4))
    expect(['answered', 'closed']).toContain(await connection.outcome(CLOSE_PATIENCE_MS))
  })
})

describe('bytes that are no request', () => {
  test('random ones are answered or close the connection, and nothing else happens', async () => {
    const random = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 300 }), {
      numRuns: 300,
      seed: 1,
    })
    for (const bytes of random) {
      const connection = await open()
      connection.write(framed(bytes))
      expect(await connection.outcome(CLOSE_PATIENCE_MS)).not.toBe('silent')
      connection.close()
    }
  })

  test('every API and version, cut short anywhere, closes the connection', async () => {
    const answered: string[] = []
    for (const { message, version, frame } of await everyRequest(7)) {
      // The end is where most of a request's fields are already read; the header is 10 bytes.
      const cuts = [10, Math.floor(frame.length / 2), frame.length - 1]
      for (const cut of cuts.filter(at => at > 4 && at < frame.length)) {
        const connection = await open()
        connection.write(withLength(frame.subarray(0, cut), cut - 4))
        const outcome = await connection.outcome(CLOSE_PATIENCE_MS)
        connection.close()
        if (outcome !== 'closed') answered.push(`${message} v${version} at ${cut}: ${outcome}`)
      }
    }
    // A version of ApiVersions that is not served is answered without a look at its body.
    expect(answered.filter(each => !each.startsWith('ApiVersionsRequest v5'))).toEqual([])
  })

  test('every API and version may have bytes turned', async () => {
    for (const { frame } of await everyRequest(8))
      for (const at of [12, 16, 20, 24, 30].filter(each => each < frame.length)) {
        const connection = await open()
        const turned = Buffer.from(frame)
        turned[at] = turned[at]! ^ 0xff
        connection.write(turned)
        // Some wait for what they ask for, as a long poll does: no answer is an answer.
        await connection.outcome(50)
        connection.close()
      }
  })
})

describe('records that are not what they say', () => {
  const good = () => Buffer.from(buildBatch({ records: [record('a'), record('b')] }))

  test.each([
    ['no records', null, 'INVALID_RECORD'],
    ['a batch cut short', good().subarray(0, 70), 'INVALID_RECORD'],
    ['a few bytes', Buffer.from([1, 2, 3]), 'INVALID_RECORD'],
    ['a checksum that differs', turned(good(), 65), 'CORRUPT_MESSAGE'],
    [
      'a size of 2 GB',
      patched(good(), bytes => bytes.writeInt32BE(0x7fff_ffff, 8)),
      'INVALID_RECORD',
    ],
    ['a negative size', patched(good(), bytes => bytes.writeInt32BE(-1, 8)), 'CORRUPT_MESSAGE'],
    ['magic 1', patched(good(), bytes => bytes.writeInt8(1, 16)), 'INVALID_RECORD'],
    ['magic 3', patched(good(), bytes => bytes.writeInt8(3, 16)), 'CORRUPT_MESSAGE'],
    ['more records than there are', counted(good(), 1_000_000), 'INVALID_RECORD'],
    ['fewer records than there are', counted(good(), 1), 'INVALID_RECORD'],
    ['no record at all', counted(good(), 0), 'INVALID_RECORD'],
    ['2 billion records', counted(good(), 0x7fff_ffff), 'INVALID_RECORD'],
    ['two batches', Buffer.concat([good(), good()]), 'INVALID_RECORD'],
    ['a base offset', patched(good(), bytes => bytes.writeBigInt64BE(5n, 0)), 'INVALID_RECORD'],
    ['a control batch', withAttributes(good(), 0x20), 'INVALID_RECORD'],
    ['compression 7', withAttributes(good(), 7), 'UNSUPPORTED_COMPRESSION_TYPE'],
    ['gzip that is none', withAttributes(good(), 1), 'INVALID_RECORD', 'compacted'],
    ['snappy that is none', withAttributes(good(), 2), 'INVALID_RECORD', 'compacted'],
    ['lz4 that is none', withAttributes(good(), 3), 'INVALID_RECORD', 'compacted'],
    ['zstd that is none', withAttributes(good(), 4), 'INVALID_RECORD', 'compacted'],
    ['no key where one is asked for', good(), 'INVALID_RECORD', 'compacted'],
    ['a batch over max.message.bytes', large(), 'MESSAGE_TOO_LARGE'],
  ] as const)('%s', async (_, records, error, topic: string = 'plain') => {
    const before = await endOf(topic)
    expect(await produceRaw(topic, records)).toBe(errorCode(error))
    expect(await endOf(topic)).toBe(before)
  })

  test('refused records are named one by one', async () => {
    const keyed = { timestampMs: 1n, key: Buffer.from('k'), value: Buffer.from('v'), headers: [] }
    const records = buildBatch({ records: [keyed, { ...keyed, key: null }, keyed], baseOffset: 0n })
    const { errorCode: code, recordErrors } = await producePartition('compacted', records)
    expect(code).toBe(errorCode('INVALID_RECORD'))
    expect(recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1])
    expect(recordErrors[0]!.batchIndexErrorMessage).toMatch(/key/)
  })

  test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'a bomb of %s is refused, and no more than 64 MB of it is ever unpacked',
    async codec => {
      const bomb = bombOf(codec)
      expect(bomb.length).toBeLessThan(MB)
      const before = rss()
      for (const topic of ['compacted', 'gzipped'])
        if (!(topic === 'gzipped' && codec === 'gzip'))
          for (let n = 0; n < 3; n++)
            expect(await produceRaw(topic, bomb), topic).toBe(errorCode('INVALID_RECORD'))
      await neighbour.exchanges(5)
      expect(rss() - before).toBeLessThan(350 * MB)
    },
  )

  test('append time is stamped without a look into the records', async () => {
    const bomb = bombOf('gzip')
    const before = rss()
    for (let n = 0; n < 5; n++) await produceRaw('stamped', bomb)
    expect(rss() - before).toBeLessThan(60 * MB)
  })
})

describe('clients that are slow or many', () => {
  test('a request may come a byte at a time', async () => {
    const request = apiVersions(3)
    const connection = await open()
    connection.socket.setNoDelay(true)
    for (const byte of request) {
      connection.write(Uint8Array.of(byte))
      await turn()
    }
    const answer = await connection.answer()
    expect(apiVersionsResponse.read(new Reader(answer!, 4), 3).errorCode).toBe(0)
  })

  test('a request may come in two pieces, cut anywhere', async () => {
    const request = Buffer.concat([apiVersions(0, 1), listGroups(2), apiVersions(0, 3)])
    const connection = await open()
    connection.socket.setNoDelay(true)
    for (let cut = 1; cut < request.length; cut++) {
      connection.write(request.subarray(0, cut))
      await turn()
      connection.write(request.subarray(cut))
      for (const correlationId of [1, 2, 3]) {
        const answer = await connection.answer()
        expect(answer?.readInt32BE(0)).toBe(correlationId)
      }
    }
  })

  test('a flood of requests is answered in order', async () => {
    const connection = await open()
    const count = 20_000
    const before = rss()
    const pieces: Buffer[] = []
    for (let n = 0; n < count; n++) pieces.push(apiVersions(0, n))
    connection.write(Buffer.concat(pieces))
    for (let n = 0; n < count; n++) {
      const answer = await connection.answer()
      if (answer?.readInt32BE(0) !== n) expect(answer?.readInt32BE(0)).toBe(n)
    }
    expect(rss() - before).toBeLessThan(300 * MB)
  })

  test('a flood behind a long poll waits, and costs no memory', async () => {
    const connection = await open()
    const before = rss()
    connection.write(fetchBytes('plain', { maxWaitMs: 2_000, fetchOffset: await endOf('plain') }))
    const filler = listGroups(2, 'g'.repeat(30_000))
    // 60 MB that the broker leaves in the sockets.
    for (let n = 0; n < 2_000; n++) connection.write(filler)
    await neighbour.exchanges(20)
    expect(rss() - before).toBeLessThan(200 * MB)
    expect((await connection.answer())?.readInt32BE(0)).toBe(1)
    expect((await connection.answer())?.readInt32BE(0)).toBe(2)
  })

  test('readers that take no answers keep memory bounded', async () => {
    await fillLarge()
    const before = rss()
    for (let n = 0; n < 20; n++) {
      const connection = await open()
      connection.socket.pause()
      const flood = Array.from({ length: 100 }, () => fetchBytes('large', { maxWaitMs: 0 }))
      connection.write(Buffer.concat(flood))
    }
    await neighbour.exchanges(30)
    expect(rss() - before).toBeLessThan(400 * MB)
  })

  test('thousands of idle connections cost little', async () => {
    const count = 4_000
    const before = rss()
    for (let n = 0; n < count; n += 100)
      await Promise.all(Array.from({ length: 100 }, () => open()))
    await neighbour.exchanges(10)
    // Both ends are in this process.
    expect(rss() - before).toBeLessThan(count * 40 * 1024)
    expect(opened).toHaveLength(count)
    expect(opened.some(each => each.closed)).toBe(false)
  })
})

describe('names', () => {
  test.each([
    ['Fetch', 1, 4],
    ['Fetch', 1, 12],
    ['Produce', 0, 3],
    ['Produce', 0, 12],
  ])('a topic name that grows when it is read (%s) closes the connection', async (...of) => {
    const [, apiKey, version] = of
    const connection = await open()
    connection.write(nameThatGrows(apiKey, version))
    expect(await connection.outcome(CLOSE_PATIENCE_MS)).toBe('closed')
  })
})

/** A client that behaves: it produces and fetches all the while, and is answered soon. */
class Neighbour {
  readonly #client = newClient()
  readonly #done: Promise<void>
  #exchanges = 0
  #stopped = false
  #slowestMs = 0
  #watchers: (() => void)[] = []

  constructor() {
    this.#done = this.#run()
  }

  /** Settles after as many more exchanges. */
  async exchanges(count: number): Promise<void> {
    const until = this.#exchanges + count
    while (this.#exchanges < until)
      await Promise.race([this.#done, new Promise<void>(resolve => this.#watchers.push(resolve))])
  }

  async finish(): Promise<void> {
    await this.exchanges(2)
    this.#stopped = true
    await this.#done
    this.#client.close()
    expect(this.#slowestMs).toBeLessThan(5_000)
  }

  async #run(): Promise<void> {
    const leader = { type: 'leader', topic: 'neighbour', partition: 0 } as const
    while (!this.#stopped) {
      const startedMs = performance.now()
      const text = `exchange ${this.#exchanges}`
      const produced = await this.#client.request(
        leader,
        produceApi,
        produceValue('neighbour', buildBatch({ records: [record(text)] })),
        { versionMax: 12 },
      )
      const { errorCode: failed, baseOffset } = produced.responses[0]!.partitionResponses[0]!
      expect(failed).toBe(0)
      const fetched = await this.#client.request(
        leader,
        fetchApi,
        fetchValue('neighbour', { fetchOffset: baseOffset, maxWaitMs: 100 }),
        { versionMax: 12 },
      )
      const [read] = [...readAllRecords(fetched.responses[0]!.partitions[0]!.records!)]
      expect(Buffer.from(read!.value!).toString()).toBe(text)
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startedMs)
      this.#exchanges++
      for (const watcher of this.#watchers.splice(0)) watcher()
    }
  }
}

async function open(): Promise<RawConnection> {
  const connection = await RawConnection.open(address)
  opened.push(connection)
  return connection
}

function newClient(): Client {
  return createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: [address],
    clientId: 'well-behaved',
  })
}

async function createTopic(
  client: Client,
  name: string,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const { topics } = await client.request({ type: 'any' }, createApi, {
    topics: [
      {
        name,
        numPartitions: 1,
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: 5_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
}

/** Every API and version that the broker takes, with values that some client might send. */
async function everyRequest(seed: number) {
  const client = newClient()
  const { advertised } = await client.connection({ type: 'any' })
  client.close()
  const requests: { message: string; version: number; frame: Buffer }[] = []
  for (const { message } of await findDeclarations()) {
    const versions = advertised.get(message.apiKey ?? -1)
    if (versions === undefined || !message.name.endsWith('Request')) continue
    const first = Math.max(message.versions[0], versions[0])
    for (let version = first; version <= Math.min(message.versions[1], versions[1]); version++) {
      const [value] = fc.sample(arbitraryMessage(message, version), { numRuns: 1, seed })
      requests.push({
        message: message.name,
        version,
        frame: requestBytes(message, value!, { version }),
      })
    }
  }
  expect(requests.length).toBeGreaterThan(100)
  return requests
}

async function produceRaw(topic: string, records: Uint8Array | null): Promise<number> {
  return (await producePartition(topic, records)).errorCode
}

async function producePartition(topic: string, records: Uint8Array | null) {
  const connection = await open()
  connection.write(requestBytes(produceRequest, produceValue(topic, records), { version: 9 }))
  const answer = await connection.answer(20_000)
  connection.close()
  const body = new Reader(answer!, 4)
  body.skipTaggedFields()
  return produceResponse.read(body, 9).responses[0]!.partitionResponses[0]!
}

async function endOf(topic: string): Promise<bigint> {
  const connection = await open()
  connection.write(fetchBytes(topic, { fetchOffset: 0n, maxWaitMs: 0, maxBytes: 1 }))
  const answer = await connection.answer()
  connection.close()
  return fetchResponse.read(new Reader(answer!, 4), 11).responses[0]!.partitions[0]!.highWatermark
}

interface FetchOptions {
  readonly fetchOffset?: bigint
  readonly maxWaitMs: number
  readonly maxBytes?: number
}

function fetchBytes(topic: string, options: FetchOptions): Buffer {
  return requestBytes(fetchRequest, fetchValue(topic, options), { version: 11 })
}

function fetchValue(topic: string, options: FetchOptions) {
  const { fetchOffset = 0n, maxWaitMs, maxBytes = 50 * MB } = options
  return {
    maxWaitMs,
    minBytes: 1,
    maxBytes,
    isolationLevel: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: maxBytes }] }],
  }
}

function produceValue(name: string, records: Uint8Array | null) {
  return {
    transactionalId: null,
    acks: -1,
    timeoutMs: 5_000,
    topicData: [{ name, partitionData: [{ index: 0, records }] }],
  }
}

async function fillLarge(): Promise<void> {
  const batch = buildBatch({ records: [record('x'.repeat(1_000_000))] })
  for (let n = 0; n < 30; n++) expect(await produceRaw('large', batch)).toBe(0)
}

function apiVersions(version: number, correlationId = 1): Buffer {
  const value = { clientSoftwareName: 'robustness', clientSoftwareVersion: '1' }
  return requestBytes(apiVersionsRequest, value, { version, correlationId })
}

function listGroups(correlationId: number, filter = ''): Buffer {
  const value = { statesFilter: [filter], typesFilter: [] }
  return requestBytes(listGroupsRequest, value, { version: 5, correlationId })
}

/** A name of 32,767 bytes that are no UTF-8: read and written again it has three times as many. */
function nameThatGrows(apiKey: number, version: number): Buffer {
  const name = Buffer.alloc(0x7fff, 0xff)
  const marker = 'NAME'
  const value =
    apiKey === produceRequest.apiKey
      ? requestBytes(produceRequest, produceValue(marker, null), { version })
      : requestBytes(fetchRequest, fetchValue(marker, { maxWaitMs: 0 }), { version })
  const flexible = version >= 9
  const at = value.indexOf(marker)
  const length = flexible ? Buffer.from([0x80, 0x80, 0x02]) : Buffer.from([0x7f, 0xff])
  const bytes = Buffer.concat([
    value.subarray(0, at - (flexible ? 1 : 2)),
    length,
    name,
    value.subarray(at + marker.length),
  ])
  return withLength(bytes, bytes.length - 4)
}

function record(text: string) {
  return { timestampMs: BigInt(Date.now()), key: null, value: Buffer.from(text) }
}

function large(): Uint8Array {
  return buildBatch({ records: [record('x'.repeat(2 * MB))] })
}

function turned(bytes: Buffer, at: number): Buffer {
  bytes[at] = bytes[at]! ^ 0xff
  return bytes
}

function patched(bytes: Buffer, patch: (bytes: Buffer) => void): Buffer {
  patch(bytes)
  return bytes
}

/** With another number of records, and a checksum that agrees to it. */
function counted(bytes: Buffer, count: number): Buffer {
  bytes.writeInt32BE(count, 57)
  bytes.writeInt32BE(count - 1, 23)
  stampCrc(bytes, 0)
  return bytes
}

function withAttributes(bytes: Buffer, attributes: number): Buffer {
  bytes.writeInt16BE(attributes, 21)
  stampCrc(bytes, 0)
  return bytes
}

/** Zeros, 80 MB of them (20 of snappy, which packs them less), as few compressed bytes as the codec makes of it. */
function bombOf(codec: Codec): Buffer {
  const zeros = compress(codec, Buffer.alloc(codec === 'snappy' ? 20 * MB : 80 * MB))
  const header = buildBatch({ records: [record('')] }).subarray(0, 61)
  const bytes = Buffer.concat([header, zeros])
  bytes.writeInt32BE(bytes.length - 12, 8)
  bytes.writeInt16BE(['none', 'gzip', 'snappy', 'lz4', 'zstd'].indexOf(codec), 21)
  stampCrc(bytes, 0)
  return bytes
}

function framed(bytes: Uint8Array): Buffer {
  return withLength(Buffer.concat([Buffer.alloc(4), bytes]), bytes.length)
}

function rss(): number {
  return process.memoryUsage().rss
}

function turn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
