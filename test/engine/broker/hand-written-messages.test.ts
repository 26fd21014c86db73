/** Produce and Fetch are read and written by hand; the declarations say whether rightly. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BrokerServices } from '../../../engine/broker/broker-services.ts'
import type { ClusterView } from '../../../engine/broker/cluster-view.ts'
import { fetchAnswer, fetchFailure } from '../../../engine/broker/handlers/fetch-answer.ts'
import type { ReadPartition } from '../../../engine/broker/handlers/fetch-reader.ts'
import { readFetchRequest } from '../../../engine/broker/handlers/fetch-request.ts'
import { produce } from '../../../engine/broker/handlers/produce.ts'
import { responseHeaderVersion } from '../../../engine/protocol/api-keys.ts'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import {
  fetchRequest,
  fetchResponse,
  type FetchRequest,
} from '../../../engine/protocol/messages/fetch.ts'
import { produceRequest, produceResponse } from '../../../engine/protocol/messages/produce.ts'
import { responseHeader } from '../../../engine/protocol/messages/response-header.ts'
import { Reader } from '../../../engine/protocol/reader.ts'
import {
  ZERO_UUID,
  type Fields,
  type Input,
  type Message,
} from '../../../engine/protocol/schema.ts'
import type { Answer } from '../../../engine/server/connection.ts'
import type { RequestContext } from '../../../engine/server/dispatcher.ts'
import { arbitraryMessage, asRead, comparable } from '../protocol/arbitrary-message.ts'

const CORRELATION_ID = 77
const UUID_TEXT = 'AAECAwQFBgcICQoLDA0ODw'

/** Broker 4 leads everything, and is at an address. */
const cluster = {
  topicByName: () => ({ partitions: Array.from({ length: 101 }, () => LED_BY_4) }),
  broker: (brokerId: number) => ({ brokerId, host: 'kafka-4', port: 9094, rack: 'b' }),
} as unknown as ClusterView
const LED_BY_4 = { leader: 4, leaderEpoch: 6 }
const ENDPOINT_OF_4 = { nodeId: 4, host: 'kafka-4', port: 9094, rack: 'b' }

function contextOf(apiVersion: number, apiKey: number): RequestContext {
  return {
    apiVersion,
    apiKey,
    correlationId: CORRELATION_ID,
    clientId: null,
    nowMs: 0,
    connection: { tapped: false },
  } as unknown as RequestContext
}

/** The body of an answer's frame, after its length and its header were found to be right. */
function bodyOf<F extends Fields>(answer: Answer, response: Message<F>, version: number) {
  const frame = Buffer.concat(answer.parts)
  const reader = new Reader(frame)
  expect(reader.int32()).toBe(frame.length - 4)
  const headerVersion = responseHeaderVersion(response, version)
  expect(responseHeader.read(reader, headerVersion).correlationId).toBe(CORRELATION_ID)
  return response.decode(frame.subarray(reader.position), version)
}

function versionsOf(message: { readonly versions: readonly [number, number] }): number[] {
  const [first, last] = message.versions
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

describe('Fetch', () => {
  const partition = fc.record({
    topic: fc.constantFrom('orders', 'payments', 'ünïcode'),
    partition: fc.nat(100),
    failed: fc.boolean(),
    diverges: fc.boolean(),
    highWatermark: fc.bigInt(-1n, 2n ** 62n),
    logStartOffset: fc.bigInt(-1n, 2n ** 62n),
    recordsBytes: fc.constantFrom(0, 1, 5_000, 8_192, 8_193, 20_000),
  })

  test.each(versionsOf(fetchRequest))('requests of version %i are read as declared', version => {
    fc.assert(
      fc.property(arbitraryMessage(fetchRequest, version), value => {
        const bytes = fetchRequest.encode(value as Input<typeof fetchRequest>, version)
        const declared = asRead(fetchRequest.fields, value, version) as FetchRequest
        const reader = new Reader(bytes)
        const read = readFetchRequest(reader, version, nameOfId)
        expect(read).toEqual(expectedQuestion(declared, version))
        expect(reader.remaining).toBe(0)
      }),
      { numRuns: 60, seed: 8 },
    )
  })

  test('a list or a name that is null makes no Fetch request', () => {
    const bytes = fetchRequest.encode(
      { maxWaitMs: 1, minBytes: 1, isolationLevel: 0, topics: [] },
      17,
    )
    const withNull = (at: number) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = 0
      return () => readFetchRequest(new Reader(changed), 17, nameOfId)
    }
    const TOPICS_AT = 4 + 4 + 4 + 1 + 4 + 4
    for (const at of [TOPICS_AT, TOPICS_AT + 1, TOPICS_AT + 2])
      expect(withNull(at)).toThrow(InvalidFrameError)
  })

  test.each(versionsOf(fetchRequest))('answers of version %i are as declared', version => {
    const byId = version >= 13
    fc.assert(
      fc.property(fc.array(partition, { maxLength: 6 }), fc.boolean(), (drawn, committedOnly) => {
        const partitions = drawn.map((each, index) => readPartition(each, index, byId))
        const context = contextOf(version, 1)
        const answer = fetchAnswer(
          { cluster, partitions, sessionId: 9, committedOnly, toFollower: false },
          context,
          {
            onWritten: () => {},
          },
        )
        const body = bodyOf(answer, fetchResponse, version)
        expect(body.sessionId).toBe(version >= 7 ? 9 : 0)
        const tellsLeader = version >= 16 && drawn.some(each => each.failed)
        expect(body.nodeEndpoints).toEqual(tellsLeader ? [ENDPOINT_OF_4] : [])
        const read = body.responses.flatMap(topic =>
          topic.partitions.map(each => ({ topic: topic.topic, topicId: topic.topicId, ...each })),
        )
        expect(read.map(comparable)).toEqual(
          partitions.map(each => comparable(expectedPartition(each, { version, committedOnly }))),
        )
      }),
      { numRuns: 40, seed: 8 },
    )
  })

  test.each(versionsOf(fetchRequest))('a refusal of version %i is as declared', version => {
    const body = bodyOf(fetchFailure(70, contextOf(version, 1)), fetchResponse, version)
    expect(body.errorCode).toBe(version >= 7 ? 70 : 0)
    expect(body.responses).toEqual([])
  })
})

function nameOfId(topicId: string): string {
  return `named by ${topicId}`
}

function expectedQuestion(declared: FetchRequest, version: number): object {
  const usesTopicIds = version >= 13
  const named = ({ topic, topicId }: { readonly topic: string; readonly topicId: string }) =>
    usesTopicIds ? { topic: nameOfId(topicId), topicId } : { topic, topicId: ZERO_UUID }
  const { replicaId, replicaEpoch } =
    version >= 15 ? declared.replicaState : { replicaId: declared.replicaId, replicaEpoch: -1n }
  const { maxWaitMs, minBytes, maxBytes, isolationLevel, sessionId, sessionEpoch } = declared
  return {
    replica: replicaId < 0 ? null : { brokerId: replicaId, brokerEpoch: replicaEpoch },
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    usesTopicIds,
    partitions: declared.topics.flatMap(topic =>
      topic.partitions.map(each => ({
        ...named(topic),
        partition: each.partition,
        currentLeaderEpoch: each.currentLeaderEpoch,
        fetchOffset: each.fetchOffset,
        lastFetchedEpoch: each.lastFetchedEpoch,
        logStartOffset: each.logStartOffset,
        partitionMaxBytes: each.partitionMaxBytes,
      })),
    ),
    forgotten: declared.forgottenTopicsData.flatMap(topic =>
      topic.partitions.map(partition => ({ ...named(topic), partition })),
    ),
    rack: declared.rackId,
  }
}

interface Drawn {
  readonly topic: string
  readonly partition: number
  readonly failed: boolean
  readonly diverges: boolean
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
  readonly recordsBytes: number
}

function readPartition(drawn: Drawn, index: number, byId: boolean): ReadPartition {
  const { topic, partition, failed, diverges, highWatermark, logStartOffset, recordsBytes } = drawn
  return {
    request: {
      topic,
      topicId: byId ? UUID_TEXT : ZERO_UUID,
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: 0n,
      lastFetchedEpoch: -1,
      logStartOffset: -1n,
      partitionMaxBytes: 1,
    },
    partition: null,
    error: failed ? new KafkaError('NOT_LEADER_OR_FOLLOWER', 'not here') : null,
    divergingEpoch: diverges ? { leaderEpoch: 3, endOffset: 41n } : null,
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset,
    preferredReplica: recordsBytes === 0 ? 5 : -1,
    records: new Uint8Array(recordsBytes).fill(index),
    mustTell: failed || diverges,
  }
}

function expectedPartition(
  read: ReadPartition,
  { version, committedOnly }: { readonly version: number; readonly committedOnly: boolean },
): object {
  return {
    topic: version >= 13 ? '' : read.request.topic,
    topicId: version >= 13 ? read.request.topicId : ZERO_UUID,
    partitionIndex: read.request.partition,
    errorCode: read.error?.code ?? 0,
    highWatermark: read.highWatermark,
    lastStableOffset: read.lastStableOffset,
    logStartOffset: version >= 5 ? read.logStartOffset : -1n,
    divergingEpoch: {
      epoch: (version >= 12 ? read.divergingEpoch?.leaderEpoch : undefined) ?? -1,
      endOffset: (version >= 12 ? read.divergingEpoch?.endOffset : undefined) ?? -1n,
    },
    currentLeader:
      version >= 16 && read.error !== null
        ? { leaderId: 4, leaderEpoch: 6 }
        : { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1n, epoch: -1 },
    abortedTransactions: committedOnly && read.error === null ? [] : null,
    preferredReadReplica: version >= 11 ? read.preferredReplica : -1,
    records: read.records,
  }
}

describe('Produce', () => {
  /** With acks that no broker knows, each partition is refused before the broker is asked. */
  const UNKNOWN_ACKS = 7
  const broker = {
    cluster: { topicName: () => null },
    replication: {},
  } as unknown as BrokerServices

  function serve(bytes: Uint8Array, version: number): Answer {
    let answered: Answer | null = null
    produce(broker).serve(new Reader(bytes), contextOf(version, 0), answer => {
      answered = answer
    })
    expect(answered).not.toBeNull()
    return answered!
  }

  test.each(versionsOf(produceRequest))(
    'a request of version %i is read, and its answer written, as declared',
    version => {
      fc.assert(
        fc.property(arbitraryMessage(produceRequest as unknown as Message, version), drawn => {
          const value = { ...(drawn as Input<typeof produceRequest>), acks: UNKNOWN_ACKS }
          const bytes = produceRequest.encode(value, version)
          const request = produceRequest.decode(bytes, version)
          const body = bodyOf(serve(bytes, version), produceResponse, version)
          expect(
            body.responses.map(topic => ({
              name: topic.name,
              topicId: topic.topicId,
              indexes: topic.partitionResponses.map(each => each.index),
            })),
          ).toEqual(
            request.topicData.map(topic => ({
              name: topic.name,
              topicId: topic.topicId,
              indexes: topic.partitionData.map(each => each.index),
            })),
          )
          for (const topic of body.responses)
            for (const each of topic.partitionResponses)
              expect(each).toEqual({
                index: each.index,
                errorCode: 21,
                baseOffset: -1n,
                logAppendTimeMs: -1n,
                logStartOffset: -1n,
                recordErrors: [],
                errorMessage: version >= 8 ? 'acks is 7, must be 0, 1 or -1' : null,
                currentLeader: { leaderId: -1, leaderEpoch: -1 },
              })
        }),
        { numRuns: 40, seed: 9 },
      )
    },
  )

  test.each(versionsOf(produceRequest))(
    'bytes behind a request of version %i are ignored, as Apache Kafka does',
    version => {
      const bytes = produceRequest.encode(
        { transactionalId: null, acks: UNKNOWN_ACKS, timeoutMs: 0, topicData: [] },
        version,
      )
      expect(() => serve(Buffer.concat([bytes, Buffer.alloc(3)]), version)).not.toThrow()
    },
  )
})
