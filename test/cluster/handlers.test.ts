/** How a broker answers: claims that were compared with an Apache Kafka 4.3.1 beside it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ClientConnection, type Api } from '../../engine/client/client-connection.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import { apiVersionsRequest } from '../../engine/protocol/messages/api-versions.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../engine/protocol/messages/delete-records.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
} from '../../engine/protocol/messages/describe-groups.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  type DescribeTopicPartitionsRequest,
} from '../../engine/protocol/messages/describe-topic-partitions.ts'
import {
  fetchRequest,
  fetchResponse,
  type FetchResponse,
} from '../../engine/protocol/messages/fetch.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../engine/protocol/messages/find-coordinator.ts'
import { metadataRequest, metadataResponse } from '../../engine/protocol/messages/metadata.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import type { Fields, InputOf, ValueOf } from '../../engine/protocol/schema.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { RawConnection, requestBytes } from './raw-connection.ts'

const produceApi = { request: produceRequest, response: produceResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const metadataApi = { request: metadataRequest, response: metadataResponse }
const deleteApi = { request: deleteRecordsRequest, response: deleteRecordsResponse }
const describeGroupsApi = { request: describeGroupsRequest, response: describeGroupsResponse }
const findCoordinatorApi = { request: findCoordinatorRequest, response: findCoordinatorResponse }
const pagesApi = {
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
}

const NOT_ASKED = -2_147_483_648
const TOPIC_OPERATIONS = 3576
const GROUP_OPERATIONS = 3400
const UNKNOWN_ID = 'AAAAAAAAAAAAAAAAAAAAEQ'

let cluster: Cluster
let connection: ClientConnection
/** A second connection: the first may be held by a long poll. */
let other: ClientConnection

beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, ports: [0] })
  connection = await open()
  other = await open()
  await createTopic('idle')
})
afterAll(async () => {
  connection.close()
  other.close()
  await cluster.stop()
})

describe('a long poll', () => {
  test('ends with nothing at fetch.max.wait.ms', async () => {
    const startedMs = performance.now()
    expect(summary(await fetch([at('idle')], { maxWaitMs: 200 }))).toEqual(['idle-0: 0 bytes'])
    expect(performance.now() - startedMs).toBeGreaterThan(190)
  })

  test('ends with the append that brings fetch.min.bytes, and not with the one before', async () => {
    await createTopic('awaited')
    const size = batch().length
    let ended = false
    const waiting = fetch([at('awaited')], { maxWaitMs: 30_000, minBytes: size + 1 })
    void waiting.then(() => (ended = true))
    await produce('awaited')
    // An answered request of another connection: the long poll has had its turn.
    await metadata({ topics: [] })
    expect(ended).toBe(false)
    await produce('awaited')
    expect(summary(await waiting)).toEqual([`awaited-0: ${2 * size} bytes`])
  })

  test('does not begin where a partition has an error', async () => {
    await createTopic('short')
    const answer = await fetch([at('short', 0, 99n), at('short', 1)], { maxWaitMs: 30_000 })
    expect(summary(answer)).toEqual([
      'short-0: OFFSET_OUT_OF_RANGE',
      'short-1: UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })
})

describe('fetch limits', () => {
  test('at least one batch comes, however small the limits are', async () => {
    await createTopic('limited', 3)
    for (const index of [0, 1, 2]) await produce('limited', index)
    const all = [0, 1, 2].map(index => ({ ...at('limited', index), partitionMaxBytes: 1 }))
    const size = batch().length
    const one = [`limited-0: ${size} bytes`, 'limited-1: 0 bytes', 'limited-2: 0 bytes']
    expect(summary(await fetch(all))).toEqual(one)
    expect(summary(await fetch(all, { maxBytes: 0 }))).toEqual(one)
  })

  test('whoever got records in a session is served last next time', async () => {
    const all = [0, 1, 2].map(index => at('limited', index))
    const maxBytes = 1
    const first = await fetch(all, { sessionEpoch: 0, maxBytes })
    const served = [servedIn(first)]
    for (const sessionEpoch of [1, 2, 3, 4, 5, 6])
      served.push(servedIn(await fetch([], { sessionId: first.sessionId, sessionEpoch, maxBytes })))
    expect(served).toEqual([[0], [0], [1], [2], [0], [1], [2]])
  })
})

describe('a fetch session', () => {
  test('tells what is new, and nothing else', async () => {
    await createTopic('watched', 2)
    const opened = await fetch([at('watched', 0), at('watched', 1)], { sessionEpoch: 0 })
    const { sessionId } = opened
    expect(summary(opened)).toEqual(['watched-0: 0 bytes', 'watched-1: 0 bytes'])
    const next = (sessionEpoch: number, ...asked: Asked[]) =>
      fetch(asked, { sessionId, sessionEpoch }).then(summary)
    expect(await next(1)).toEqual([])
    await produce('watched', 1)
    const news = [`watched-1: ${batch().length} bytes`]
    expect(await next(2)).toEqual(news)
    expect(await next(3)).toEqual(news)
    expect(await next(4, at('watched', 1, 1n))).toEqual([])
    expect(await next(4)).toEqual(['INVALID_FETCH_SESSION_EPOCH'])
    expect(await next(5, at('watched', 9))).toEqual(['watched-9: UNKNOWN_TOPIC_OR_PARTITION'])
  })

  test('that is unknown is an error, which is no answer to partitions', async () => {
    const answer = await fetch([], { sessionId: 99, sessionEpoch: 1 })
    expect(summary(answer)).toEqual(['FETCH_SESSION_ID_NOT_FOUND'])
  })
})

describe('produce', () => {
  test.each([
    ['a partition that does not exist', 'idle', 9],
    ['a topic that does not exist', 'nowhere', 0],
  ])('with acks=0 to %s closes the connection', async (_, topic, index) => {
    const raw = await RawConnection.open(cluster.brokers[0]!.address)
    raw.write(Buffer.concat([unacknowledged(topic, index), question]))
    expect(await raw.outcome(5_000)).toBe('closed')
  })

  test('with acks=0 that succeeds is not answered, and what follows is', async () => {
    const raw = await RawConnection.open(cluster.brokers[0]!.address)
    raw.write(Buffer.concat([unacknowledged('idle', 0), question]))
    expect((await raw.answer())?.readInt32BE(0)).toBe(77)
    raw.close()
  })

  test('of a client to an internal topic is refused', async () => {
    await ask(findCoordinatorApi, { keyType: 0, coordinatorKeys: ['g'] })
    expect(await produce('__consumer_offsets')).toBe('INVALID_TOPIC_EXCEPTION')
  })

  test('to an unknown topic id is UNKNOWN_TOPIC_ID, as is fetching from one', async () => {
    const produced = await ask(produceApi, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ topicId: UNKNOWN_ID, partitionData: [{ index: 0, records: batch() }] }],
    })
    expect(errorName(produced.responses[0]!.partitionResponses[0]!.errorCode)).toBe(
      'UNKNOWN_TOPIC_ID',
    )
    const fetched = await ask(fetchApi, {
      maxWaitMs: 30_000,
      minBytes: 1,
      isolationLevel: 0,
      topics: [
        {
          topicId: UNKNOWN_ID,
          partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 100 }],
        },
      ],
    })
    expect(errorName(fetched.responses[0]!.partitions[0]!.errorCode)).toBe('UNKNOWN_TOPIC_ID')
  })
})

test('DeleteRecords moves the log start up, never down and never past the end', async () => {
  await createTopic('shortened')
  for (let n = 0; n < 5; n++) await produce('shortened')
  const results: string[] = []
  for (const offset of [3n, 2n, 6n, -2n, -1n]) {
    const [partition] = await deleteBefore('shortened', offset)
    results.push(`${offset}: ${errorName(partition!.errorCode)} ${partition!.lowWatermark}`)
  }
  expect(results).toEqual([
    '3: NONE 3',
    '2: NONE 3',
    '6: OFFSET_OUT_OF_RANGE -1',
    '-2: OFFSET_OUT_OF_RANGE -1',
    '-1: NONE 5',
  ])
})

describe('DescribeTopicPartitions', () => {
  const topics = ['page-c', 'page-a', 'page-b', 'page-a'].map(name => ({ name }))

  beforeAll(async () => {
    for (const [name, count] of [
      ['page-a', 3],
      ['page-b', 1],
      ['page-c', 4],
    ] as const)
      await createTopic(name, count)
  })

  test('gives every partition once, whatever the size of a page', async () => {
    for (const responsePartitionLimit of [1, 2, 3, 4, 5, 8, 100]) {
      const seen: string[] = []
      let cursor: DescribeTopicPartitionsRequest['cursor'] = null
      do {
        const page = await describePage({ topics, responsePartitionLimit, cursor })
        expect(page.found.length).toBeLessThanOrEqual(responsePartitionLimit)
        seen.push(...page.found)
        cursor = page.nextCursor
      } while (cursor !== null)
      const all = ['a-0', 'a-1', 'a-2', 'b-0', 'c-0', 'c-1', 'c-2', 'c-3']
      expect(seen).toEqual(all.map(each => `page-${each}`))
    }
  })

  test('a full page ends before a topic that does not exist', async () => {
    const asked = [{ name: 'page-z' }, { name: 'page-a' }]
    const page = await describePage({ topics: asked, responsePartitionLimit: 3, cursor: null })
    expect(page.nextCursor).toEqual({ topicName: 'page-z', partitionIndex: 0 })
  })

  test.each([
    ['a topic that was not asked for', { topicName: 'page-d', partitionIndex: 0 }],
    ['a negative partition', { topicName: 'page-a', partitionIndex: -1 }],
  ])('a cursor at %s is INVALID_REQUEST', async (_, cursor) => {
    const page = await describePage({ topics, responsePartitionLimit: 2, cursor })
    expect(page.errors).toEqual(topics.map(() => 'INVALID_REQUEST'))
  })
})

test('Metadata tells of a topic once that is named twice', async () => {
  const { topics } = await metadata({ topics: [{ name: 'idle' }, { name: 'idle' }] })
  expect(topics.map(({ name }) => name)).toEqual(['idle'])
})

describe('authorized operations', () => {
  test('of topics are told where asked for, even where there is no such topic', async () => {
    const names = [{ name: 'idle' }, { name: 'nowhere' }]
    const asked = await metadata({ topics: names, includeTopicAuthorizedOperations: true })
    expect(asked.topics.map(each => each.topicAuthorizedOperations)).toEqual([
      TOPIC_OPERATIONS,
      TOPIC_OPERATIONS,
    ])
    const notAsked = await metadata({ topics: names })
    expect(notAsked.topics.map(each => each.topicAuthorizedOperations)).toEqual([
      NOT_ASKED,
      NOT_ASKED,
    ])
  })

  test('of a group are told where asked for, and not beside an error', async () => {
    await ask(findCoordinatorApi, { keyType: 0, coordinatorKeys: ['g'] })
    const operations = async (includeAuthorizedOperations: boolean, versionMax: number) => {
      const value = { groups: ['nobodys'], includeAuthorizedOperations }
      const { groups } = await ask(describeGroupsApi, value, versionMax)
      return groups.map(each => [errorName(each.errorCode), each.authorizedOperations])
    }
    expect(await operations(true, 5)).toEqual([['NONE', GROUP_OPERATIONS]])
    expect(await operations(false, 5)).toEqual([['NONE', NOT_ASKED]])
    expect(await operations(true, 6)).toEqual([['GROUP_ID_NOT_FOUND', NOT_ASKED]])
  })
})

interface Asked {
  readonly topic: string
  readonly partition: number
  readonly fetchOffset: bigint
  readonly partitionMaxBytes: number
}

function at(topic: string, partition = 0, fetchOffset = 0n): Asked {
  return { topic, partition, fetchOffset, partitionMaxBytes: 1_000_000 }
}

function fetch(
  asked: readonly Asked[],
  options: {
    readonly maxWaitMs?: number
    readonly minBytes?: number
    readonly maxBytes?: number
    readonly sessionId?: number
    readonly sessionEpoch?: number
  } = {},
): Promise<FetchResponse> {
  return ask(
    fetchApi,
    {
      maxWaitMs: 0,
      minBytes: 1,
      isolationLevel: 0,
      sessionEpoch: -1,
      topics: asked.map(({ topic, ...partition }) => ({ topic, partitions: [partition] })),
      ...options,
    },
    12,
    other,
  )
}

function summary({ errorCode, responses }: FetchResponse): string[] {
  if (errorCode !== 0) return [errorName(errorCode)]
  return responses.flatMap(({ topic, partitions }) =>
    partitions.map(each => {
      const what =
        each.errorCode === 0 ? `${each.records?.length ?? 0} bytes` : errorName(each.errorCode)
      return `${topic}-${each.partitionIndex}: ${what}`
    }),
  )
}

function servedIn({ responses }: FetchResponse): number[] {
  return responses.flatMap(({ partitions }) =>
    partitions
      .filter(each => (each.records?.length ?? 0) > 0)
      .map(({ partitionIndex }) => partitionIndex),
  )
}

async function produce(topic: string, index = 0): Promise<string> {
  const answer = await ask(produceApi, produceValue(topic, index, -1), 12)
  return errorName(answer.responses[0]!.partitionResponses[0]!.errorCode)
}

function unacknowledged(topic: string, index: number): Buffer {
  return requestBytes(produceRequest, produceValue(topic, index, 0), { version: 9 })
}

/** A request that is always answered, to see whether the connection still lives. */
const question = requestBytes(
  apiVersionsRequest,
  { clientSoftwareName: 'test', clientSoftwareVersion: '1' },
  { version: 0, correlationId: 77 },
)

function produceValue(name: string, index: number, acks: number) {
  return {
    transactionalId: null,
    acks,
    timeoutMs: 5_000,
    topicData: [{ name, partitionData: [{ index, records: batch() }] }],
  }
}

function batch(): Uint8Array {
  return buildBatch({
    records: [{ timestampMs: BigInt(Date.now()), key: null, value: Buffer.from('a record') }],
  })
}

async function createTopic(name: string, numPartitions = 1): Promise<void> {
  const { topics } = await ask(createApi, {
    topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 5_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
}

async function deleteBefore(name: string, offset: bigint) {
  const { topics } = await ask(deleteApi, {
    topics: [{ name, partitions: [{ partitionIndex: 0, offset }] }],
    timeoutMs: 5_000,
  })
  return topics[0]!.partitions
}

async function describePage(value: InputOf<typeof describeTopicPartitionsRequest.fields>) {
  const { topics, nextCursor } = await ask(pagesApi, value)
  return {
    nextCursor,
    errors: topics.map(each => errorName(each.errorCode)),
    found: topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`),
    ),
  }
}

function metadata(value: Partial<InputOf<typeof metadataRequest.fields>>) {
  return ask(metadataApi, { topics: null, allowAutoTopicCreation: false, ...value })
}

function ask<Q extends Fields, S extends Fields>(
  api: Api<Q, S>,
  value: InputOf<Q>,
  versionMax?: number,
  over: ClientConnection = connection,
): Promise<ValueOf<S>> {
  return over.request(api, value, versionMax === undefined ? {} : { versionMax })
}

function open(): Promise<ClientConnection> {
  return ClientConnection.open({
    network: nodeNetwork,
    clock: nodeClock,
    address: cluster.brokers[0]!.address,
    clientId: 'test',
    software: { name: 'odradek', version: '0' },
    connectTimeoutMs: 5_000,
  })
}
