import { describe, expect, test } from 'vitest'
import { requestHeaderVersion, responseHeaderVersion } from '../../../engine/protocol/api-keys.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../../engine/protocol/messages/api-versions.ts'
import { fetchRequest, fetchResponse } from '../../../engine/protocol/messages/fetch.ts'
import {
  joinGroupRequest,
  joinGroupResponse,
} from '../../../engine/protocol/messages/join-group.ts'
import { metadataRequest, metadataResponse } from '../../../engine/protocol/messages/metadata.ts'
import { produceRequest } from '../../../engine/protocol/messages/produce.ts'
import { requestHeader } from '../../../engine/protocol/messages/request-header.ts'
import { responseHeader } from '../../../engine/protocol/messages/response-header.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'
import { hex, hexOf, text } from './hex.ts'

const UUID = '000102030405060708090a0b0c0d0e0f'
const UUID_TEXT = 'AAECAwQFBgcICQoLDA0ODw'

describe('headers', () => {
  test('a request of a flexible version has a tagged header, with the old client id', () => {
    expect(requestHeaderVersion(metadataRequest, 9)).toBe(2)
    const bytes = hex('0003 0009 00000007', '0003', text('rdk'), '00')
    expect(requestHeader.decode(bytes, 2)).toEqual({
      requestApiKey: 3,
      requestApiVersion: 9,
      correlationId: 7,
      clientId: 'rdk',
    })
  })

  test('a request of an older version has none, and may have no client id', () => {
    expect(requestHeaderVersion(metadataRequest, 8)).toBe(1)
    expect(requestHeader.decode(hex('0003 0008 00000007 ffff'), 1).clientId).toBeNull()
  })

  test('a response of a flexible version has a tagged header', () => {
    expect(responseHeaderVersion(metadataResponse, 9)).toBe(1)
    expect(responseHeaderVersion(metadataResponse, 8)).toBe(0)
    expect(hexOf(responseHeader.encode({ correlationId: 7 }, 1))).toBe('0000000700')
  })

  test('ApiVersions answers with the untagged header in every version', () => {
    for (const version of [0, 3, 4, 5])
      expect(responseHeaderVersion(apiVersionsResponse, version)).toBe(0)
    expect(requestHeaderVersion(apiVersionsRequest, 3)).toBe(2)
    expect(hexOf(responseHeader.encode({ correlationId: 7 }, 0))).toBe('00000007')
  })
})

describe('ApiVersions', () => {
  test('version 3 names the client', () => {
    const bytes = hex('08', text('librdka'), '06', text('2.0.2'), '00')
    expect(apiVersionsRequest.decode(bytes, 3)).toEqual({
      clientSoftwareName: 'librdka',
      clientSoftwareVersion: '2.0.2',
      clusterId: null,
      nodeId: -1,
    })
  })

  test('version 3 writes features as tagged fields, in the order of their tags', () => {
    const bytes = apiVersionsResponse.encode(
      {
        errorCode: 0,
        apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
        finalizedFeaturesEpoch: 5n,
        finalizedFeatures: [{ name: 'v', maxVersionLevel: 2, minVersionLevel: 1 }],
      },
      3,
    )
    expect(hexOf(bytes)).toBe(
      hexOf(
        hex(
          '0000',
          '02  0012 0000 0004  00',
          '00000000',
          '02',
          '01 08  0000000000000005',
          '02 08  02 02',
          text('v'),
          '0002 0001 00',
        ),
      ),
    )
  })

  test('version 0 has neither throttling nor features', () => {
    const bytes = apiVersionsResponse.encode({ errorCode: 35, apiKeys: [] }, 0)
    expect(hexOf(bytes)).toBe('002300000000')
  })
})

describe('Metadata', () => {
  test('version 0 asks for all topics with an empty array', () => {
    expect(metadataRequest.decode(hex('00000000'), 0).topics).toEqual([])
  })

  test('version 1 asks for all topics with null', () => {
    expect(metadataRequest.decode(hex('ffffffff'), 1)).toEqual({
      topics: null,
      allowAutoTopicCreation: true,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
  })

  test('version 12 asks for a topic by its id', () => {
    const bytes = hex('02', UUID, '00 00', '01', '00', '00')
    expect(metadataRequest.decode(bytes, 12)).toEqual({
      topics: [{ topicId: UUID_TEXT, name: null }],
      allowAutoTopicCreation: true,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
  })

  const answer = {
    brokers: [{ nodeId: 1, host: 'h', port: 9092, rack: null }],
    clusterId: 'c',
    controllerId: 1,
    topics: [
      {
        errorCode: 0,
        name: 't',
        topicId: UUID_TEXT,
        isInternal: false,
        partitions: [
          {
            errorCode: 0,
            partitionIndex: 0,
            leaderId: 1,
            leaderEpoch: 4,
            replicaNodes: [1],
            isrNodes: [1],
            offlineReplicas: [],
          },
        ],
      },
    ],
  }

  test('version 1 drops what came later', () => {
    expect(hexOf(metadataResponse.encode(answer, 1))).toBe(
      hexOf(
        hex(
          '00000001  00000001 0001',
          text('h'),
          '00002384 ffff',
          '00000001',
          '00000001  0000 0001',
          text('t'),
          '00',
          '00000001  0000 00000000 00000001  00000001 00000001  00000001 00000001',
        ),
      ),
    )
  })

  test('version 9 is compact, and has operations but no topic ids', () => {
    expect(hexOf(metadataResponse.encode(answer, 9))).toBe(
      hexOf(
        hex(
          '00000000',
          '02  00000001 02',
          text('h'),
          '00002384 00 00',
          '02',
          text('c'),
          '00000001',
          '02  0000 02',
          text('t'),
          '00',
          '02  0000 00000000 00000001 00000004  02 00000001  02 00000001  01  00',
          '80000000 00',
          '80000000 00',
        ),
      ),
    )
  })

  test('version 12 has topic ids, and names the cluster no operations', () => {
    expect(hexOf(metadataResponse.encode(answer, 12))).toBe(
      hexOf(
        hex(
          '00000000',
          '02  00000001 02',
          text('h'),
          '00002384 00 00',
          '02',
          text('c'),
          '00000001',
          '02  0000 02',
          text('t'),
          UUID,
          '00',
          '02  0000 00000000 00000001 00000004  02 00000001  02 00000001  01  00',
          '80000000 00',
          '00',
        ),
      ),
    )
  })
})

describe('Fetch', () => {
  test('version 12 has the cluster as a tagged field and topics by name', () => {
    const bytes = hex(
      'ffffffff 000001f4 00000001 03200000 01',
      '00000000 ffffffff',
      '02  02',
      text('t'),
      '02  00000003 00000007 000000000000002a 00000006 ffffffffffffffff 00100000 00',
      '00',
      '01',
      '01',
      '01  00 02  02',
      text('c'),
    )
    expect(fetchRequest.decode(bytes, 12)).toEqual({
      clusterId: 'c',
      replicaId: -1,
      replicaState: { replicaId: -1, replicaEpoch: -1n },
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 50 * 1024 * 1024,
      isolationLevel: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: 't',
          topicId: ZERO_UUID,
          partitions: [
            {
              partition: 3,
              currentLeaderEpoch: 7,
              fetchOffset: 42n,
              lastFetchedEpoch: 6,
              logStartOffset: -1n,
              partitionMaxBytes: 1024 * 1024,
              replicaDirectoryId: ZERO_UUID,
              highWatermark: 2n ** 63n - 1n,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    })
  })

  test('a response of version 12 leaves out tagged fields with their defaults', () => {
    const partition = {
      partitionIndex: 3,
      errorCode: 0,
      highWatermark: 9n,
      lastStableOffset: 9n,
      logStartOffset: 0n,
      abortedTransactions: null,
      records: hex('cafe'),
    }
    const laid = (tags: string) =>
      hexOf(
        hex(
          '00000000 0000 00000000',
          '02  02',
          text('t'),
          '02  00000003 0000 0000000000000009 0000000000000009 0000000000000000',
          '00 ffffffff 03 cafe',
          tags,
          '00',
          '00',
        ),
      )
    const encode = (more: object) =>
      hexOf(
        fetchResponse.encode(
          {
            throttleTimeMs: 0,
            responses: [{ topic: 't', partitions: [{ ...partition, ...more }] }],
          },
          12,
        ),
      )
    expect(encode({})).toBe(laid('00'))
    expect(encode({ currentLeader: { leaderId: -1, leaderEpoch: -1 } })).toBe(laid('00'))
    expect(encode({ currentLeader: { leaderId: 2, leaderEpoch: 8 } })).toBe(
      laid('01  01 09 00000002 00000008 00'),
    )
    expect(encode({ divergingEpoch: { epoch: 5, endOffset: 40n } })).toBe(
      laid('01  00 0d 00000005 0000000000000028 00'),
    )
  })
})

describe('JoinGroup', () => {
  test('version 5 knows static members and is not compact', () => {
    const bytes = hex(
      '0001',
      text('g'),
      '00002710 0000ea60',
      '0000',
      '0002',
      text('i1'),
      '0008',
      text('consumer'),
      '00000001  0005',
      text('range'),
      '00000002 0001',
    )
    expect(joinGroupRequest.decode(bytes, 5)).toEqual({
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId: '',
      groupInstanceId: 'i1',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from([0, 1]) }],
      reason: null,
    })
  })

  test('a protocol name that is null needs version 7', () => {
    const answer = { errorCode: 25, generationId: -1, leader: '', memberId: 'm', members: [] }
    const encode = (version: number) =>
      hexOf(joinGroupResponse.encode({ ...answer, protocolName: null }, version))
    expect(encode(7)).toBe(hexOf(hex('00000000 0019 ffffffff 00 00 01 02', text('m'), '01 00')))
    expect(() => encode(6)).toThrow('UNSUPPORTED_VERSION')
  })
})

describe('Produce', () => {
  test('version 3 hands out the records as a view of the frame', () => {
    const bytes = hex(
      'ffff ffff 00007530',
      '00000001  0001',
      text('t'),
      '00000001  00000000 00000003 aabbcc',
    )
    const read = produceRequest.decode(bytes, 3)
    expect(read.acks).toBe(-1)
    const records = read.topicData[0]?.partitionData[0]?.records
    expect(records).toEqual(Buffer.from([0xaa, 0xbb, 0xcc]))
    expect(records?.buffer).toBe(bytes.buffer)
  })
})
