/** Metadata, topics, configurations, records and offsets: good, odd and bad. */
import * as createTopics from '../../../engine/protocol/messages/create-topics.ts'
import * as createPartitions from '../../../engine/protocol/messages/create-partitions.ts'
import * as deleteRecords from '../../../engine/protocol/messages/delete-records.ts'
import * as deleteTopics from '../../../engine/protocol/messages/delete-topics.ts'
import * as alterConfigs from '../../../engine/protocol/messages/alter-configs.ts'
import * as describeCluster from '../../../engine/protocol/messages/describe-cluster.ts'
import * as describeConfigs from '../../../engine/protocol/messages/describe-configs.ts'
import * as describeLogDirs from '../../../engine/protocol/messages/describe-log-dirs.ts'
import * as describeProducers from '../../../engine/protocol/messages/describe-producers.ts'
import * as describeTopicPartitions from '../../../engine/protocol/messages/describe-topic-partitions.ts'
import * as fetch from '../../../engine/protocol/messages/fetch.ts'
import * as incremental from '../../../engine/protocol/messages/incremental-alter-configs.ts'
import * as initProducerId from '../../../engine/protocol/messages/init-producer-id.ts'
import * as listOffsets from '../../../engine/protocol/messages/list-offsets.ts'
import * as metadata from '../../../engine/protocol/messages/metadata.ts'
import * as forEpoch from '../../../engine/protocol/messages/offset-for-leader-epoch.ts'
import * as produce from '../../../engine/protocol/messages/produce.ts'
import { buildBatch, type BatchInput } from '../../../engine/protocol/records/batch-builder.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'
import { rawCase, requestCase, type Case, type Context } from './cases.ts'

/** Young enough that no retention takes the records away between two requests. */
const START_MS = BigInt(Date.now() - 60_000)

function batch(options: Partial<BatchInput> & { count?: number } = {}): Uint8Array {
  const records = Array.from({ length: options.count ?? 3 }, (_, n) => ({
    timestampMs: START_MS + BigInt(n),
    key: Buffer.from(`k${n}`),
    value: Buffer.from(`v${n}`),
  }))
  return buildBatch({ records, ...options })
}

const names = {
  request: metadata.metadataRequest,
  response: metadata.metadataResponse,
}
const byName = (name: string, allowAutoTopicCreation = false) => ({
  ...names,
  from: 4,
  body: () => ({ topics: [{ name }], allowAutoTopicCreation }),
  after: (answer: any, context: Context) => context.keep(`id:${name}`, answer.topics[0].topicId),
})

const create = (name: string, topic: (version: number) => object, from = 2): Case =>
  requestCase(`CreateTopics: ${name}`, {
    request: createTopics.createTopicsRequest,
    response: createTopics.createTopicsResponse,
    from,
    body: version => ({
      topics: [
        {
          name: `made-${version}`,
          numPartitions: 2,
          replicationFactor: 1,
          assignments: [],
          configs: [],
          ...topic(version),
        },
      ],
      timeoutMs: 20_000,
      validateOnly: false,
    }),
  })

const topicCases: Case[] = [
  create('plain', () => ({ configs: [{ name: 'retention.ms', value: '86400000' }] })),
  create('exists already', () => ({})),
  create(
    'defaults',
    version => ({ name: `defaults-${version}`, numPartitions: -1, replicationFactor: -1 }),
    4,
  ),
  create('no partitions', version => ({ name: `none-${version}`, numPartitions: 0 })),
  create('replication factor 2', version => ({ name: `wide-${version}`, replicationFactor: 2 })),
  create('replication factor 0', version => ({ name: `zero-${version}`, replicationFactor: 0 })),
  create('bad name', () => ({ name: 'bad name' })),
  create('empty name', () => ({ name: '' })),
  create('dots only', () => ({ name: '..' })),
  create('name of 250', () => ({ name: 'x'.repeat(250) })),
  create('name colliding with a dot', version => ({ name: `made.${version}` })),
  create('second colliding', version => ({ name: `made_${version}` })),
  create('unknown configuration', version => ({
    name: `odd-${version}`,
    configs: [{ name: 'no.such', value: '1' }],
  })),
  create('bad configuration value', version => ({
    name: `odd-${version}`,
    configs: [{ name: 'retention.ms', value: '-5' }],
  })),
  create('null configuration value', version => ({
    name: `odd-${version}`,
    configs: [{ name: 'retention.ms', value: null }],
  })),
  create('assigned', version => ({
    name: `assigned-${version}`,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [1] }],
  })),
  create('assigned to a stranger', version => ({
    name: `stranger-${version}`,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [77] }],
  })),
  create('assigned with a hole', version => ({
    name: `hole-${version}`,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 1, brokerIds: [1] }],
  })),
  create('assigned and counted', version => ({
    name: `both-${version}`,
    assignments: [{ partitionIndex: 0, brokerIds: [1] }],
  })),
  requestCase('CreateTopics: one name twice', {
    request: createTopics.createTopicsRequest,
    response: createTopics.createTopicsResponse,
    from: 2,
    body: () => ({
      topics: ['twice', 'twice'].map(name => ({
        name,
        numPartitions: 1,
        replicationFactor: 1,
        assignments: [],
        configs: [],
      })),
      timeoutMs: 20_000,
      validateOnly: false,
    }),
  }),
  requestCase('CreateTopics: validate only', {
    request: createTopics.createTopicsRequest,
    response: createTopics.createTopicsResponse,
    from: 2,
    body: version => ({
      topics: [
        {
          name: `dry-${version}`,
          numPartitions: 3,
          replicationFactor: 1,
          assignments: [],
          configs: [],
        },
      ],
      timeoutMs: 20_000,
      validateOnly: true,
    }),
  }),
]

const partitions = (name: string, topic: object): Case =>
  requestCase(`CreatePartitions: ${name}`, {
    request: createPartitions.createPartitionsRequest,
    response: createPartitions.createPartitionsResponse,
    body: version => ({
      topics: [{ name: `made-${version + 2}`, count: 4, assignments: null, ...topic }],
      timeoutMs: 20_000,
      validateOnly: false,
    }),
  })

const partitionCases: Case[] = [
  partitions('more', {}),
  partitions('the same', {}),
  partitions('fewer', { count: 1 }),
  partitions('unknown topic', { name: 'nowhere' }),
  partitions('assigned to a stranger', { count: 5, assignments: [{ brokerIds: [77] }] }),
  partitions('too many assignments', {
    count: 5,
    assignments: [{ brokerIds: [1] }, { brokerIds: [1] }],
  }),
  partitions('assigned', { count: 5, assignments: [{ brokerIds: [1] }] }),
]

const metadataCases: Case[] = [
  requestCase('Metadata: one topic', byName('made-7')),
  requestCase('Metadata: unknown topic', byName('nowhere')),
  requestCase('Metadata: bad name', byName('bad name', true)),
  requestCase('Metadata: version 0 to 3', {
    ...names,
    to: 3,
    body: () => ({ topics: [{ name: 'made-7' }] }),
  }),
  requestCase('Metadata: no topics', { ...names, from: 1, body: () => ({ topics: [] }) }),
  requestCase('Metadata: by unknown id', {
    ...names,
    from: 12,
    body: () => ({
      topics: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAEQ', name: null }],
      allowAutoTopicCreation: false,
    }),
  }),
  requestCase('Metadata: by id', {
    ...names,
    from: 12,
    body: (_version, context) => ({
      topics: [{ topicId: context.kept('id:made-7'), name: null }],
      allowAutoTopicCreation: false,
    }),
  }),
  requestCase('Metadata: authorized operations', {
    ...names,
    from: 8,
    body: version => ({
      topics: [{ name: 'made-7' }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: true,
      ...(version <= 10 ? { includeClusterAuthorizedOperations: true } : {}),
    }),
  }),
  rawCase(
    'Metadata: bytes left over',
    metadata.metadataRequest,
    metadata.metadataResponse,
    13,
    () => Buffer.from([1, 0, 0, 0, 1, 0, 0]),
  ),
  rawCase('Metadata: cut short', metadata.metadataRequest, metadata.metadataResponse, 13, () =>
    Buffer.from([9]),
  ),
  rawCase(
    'Metadata: array longer than the frame',
    metadata.metadataRequest,
    metadata.metadataResponse,
    4,
    () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 0]),
  ),
  requestCase('DescribeTopicPartitions', {
    request: describeTopicPartitions.describeTopicPartitionsRequest,
    response: describeTopicPartitions.describeTopicPartitionsResponse,
    body: () => ({
      topics: [{ name: 'made-7' }, { name: 'nowhere' }],
      responsePartitionLimit: 10,
      cursor: null,
    }),
  }),
  requestCase('DescribeTopicPartitions: limit and cursor', {
    request: describeTopicPartitions.describeTopicPartitionsRequest,
    response: describeTopicPartitions.describeTopicPartitionsResponse,
    body: () => ({ topics: [{ name: 'made-5' }], responsePartitionLimit: 1, cursor: null }),
  }),
  requestCase('DescribeCluster', {
    request: describeCluster.describeClusterRequest,
    response: describeCluster.describeClusterResponse,
    body: () => ({ includeClusterAuthorizedOperations: true }),
  }),
  requestCase('DescribeCluster: of controllers', {
    request: describeCluster.describeClusterRequest,
    response: describeCluster.describeClusterResponse,
    from: 1,
    body: () => ({ includeClusterAuthorizedOperations: false, endpointType: 2 }),
  }),
]

const write = (
  name: string,
  records: (version: number) => Uint8Array | null,
  options: object = {},
): Case =>
  requestCase(`Produce: ${name}`, {
    request: produce.produceRequest,
    response: produce.produceResponse,
    body: (version, context) => ({
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        {
          name: 'made-7',
          topicId: context.kept('id:made-7'),
          partitionData: [{ index: 0, records: records(version) }],
        },
      ],
      ...options,
    }),
  })

const damaged = (change: (bytes: Buffer) => void) => () => {
  const bytes = Buffer.from(batch())
  change(bytes)
  return bytes
}

const produceCases: Case[] = [
  write('three records', () => batch()),
  write('every codec', version =>
    batch({ compression: (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)[version % 5] }),
  ),
  write('acks 1', () => batch(), { acks: 1 }),
  write('acks 5', () => batch(), { acks: 5 }),
  write('null records', () => null),
  write('no bytes', () => new Uint8Array()),
  write(
    'wrong checksum',
    damaged(bytes => bytes.writeUInt32BE(1, 17)),
  ),
  write(
    'magic 1',
    damaged(bytes => bytes.writeInt8(1, 16)),
  ),
  write('cut short', () => batch().subarray(0, 40)),
  write(
    'length too large',
    damaged(bytes => bytes.writeInt32BE(9_999, 8)),
  ),
  write('two batches', () => Buffer.concat([batch(), batch()])),
  write('base offset 5', () => batch({ baseOffset: 5n })),
  write(
    'unknown codec',
    damaged(bytes => bytes.writeInt16BE(7, 21)),
  ),
  write('control batch', () => batch({ control: true })),
  write('transactional without an id', () =>
    batch({ transactional: true, producerId: 1n, producerEpoch: 0, baseSequence: 0 }),
  ),
  write('record too large', () =>
    buildBatch({ records: [{ timestampMs: START_MS, key: null, value: Buffer.alloc(1_200_000) }] }),
  ),
  requestCase('Produce: unknown partition and topic', {
    request: produce.produceRequest,
    response: produce.produceResponse,
    to: 12,
    body: () => ({
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        { name: 'made-7', partitionData: [{ index: 99, records: batch() }] },
        { name: 'nowhere', partitionData: [{ index: 0, records: batch() }] },
        { name: 'bad name', partitionData: [{ index: 0, records: batch() }] },
      ],
    }),
  }),
  requestCase('Produce: unknown topic id', {
    request: produce.produceRequest,
    response: produce.produceResponse,
    from: 13,
    body: () => ({
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        { topicId: 'AAAAAAAAAAAAAAAAAAAAEQ', partitionData: [{ index: 0, records: batch() }] },
      ],
    }),
  }),
  ...(
    [
      ['first', 0],
      ['next', 3],
      ['repeated', 3],
      ['with a gap', 30],
    ] as const
  ).map(([name, baseSequence]) =>
    requestCase(`Produce: idempotent, ${name}`, {
      request: produce.produceRequest,
      response: produce.produceResponse,
      body: (version, context) => ({
        transactionalId: null,
        acks: -1,
        timeoutMs: 5_000,
        topicData: [
          {
            name: 'made-7',
            topicId: context.kept('id:made-7'),
            partitionData: [
              {
                index: 1,
                records: batch({
                  producerId: BigInt(5_000 + version),
                  producerEpoch: 0,
                  baseSequence,
                }),
              },
            ],
          },
        ],
      }),
    }),
  ),
]

const read = (name: string, partition: object, options: object = {}, from = 4): Case =>
  requestCase(`Fetch: ${name}`, {
    request: fetch.fetchRequest,
    response: fetch.fetchResponse,
    from,
    body: (version, context) => ({
      maxWaitMs: 10,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: 0,
      topics: [
        {
          topic: 'made-7',
          topicId: context.kept('id:made-7'),
          partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 100_000, ...partition }],
        },
      ],
      ...(version < 15 ? { replicaId: -1 } : {}),
      ...options,
    }),
  })

const fetchCases: Case[] = [
  read('from the beginning', { partitionMaxBytes: 300 }),
  read('from offset 4', { fetchOffset: 4n, partitionMaxBytes: 300 }),
  read('at least one batch', { partitionMaxBytes: 1 }),
  read('read committed', { partitionMaxBytes: 300 }, { isolationLevel: 1 }),
  read('beyond the end', { fetchOffset: 99_999n }),
  read('before the start', { fetchOffset: -3n }),
  read('unknown partition', { partition: 99 }),
  read('a later leader epoch', { currentLeaderEpoch: 9 }, {}, 9),
  read(
    'a diverging epoch',
    { lastFetchedEpoch: 7, fetchOffset: 3n, partitionMaxBytes: 300 },
    {},
    12,
  ),
  read(
    'as a broker without a replica',
    { currentLeaderEpoch: 0 },
    { replicaState: { replicaId: 4711, replicaEpoch: -1n } },
    15,
  ),
  read(
    'as a broker without a replica, naming no epoch',
    {},
    { replicaState: { replicaId: 4711, replicaEpoch: -1n } },
    15,
  ),
  read('an unknown session', {}, { sessionId: 4711, sessionEpoch: 3 }, 7),
  read('a session epoch without a session', {}, { sessionId: 0, sessionEpoch: 3 }, 7),
  requestCase('Fetch: unknown topic', {
    request: fetch.fetchRequest,
    response: fetch.fetchResponse,
    body: () => ({
      maxWaitMs: 10,
      minBytes: 1,
      maxBytes: 1_000,
      isolationLevel: 0,
      topics: [
        {
          topic: 'nowhere',
          topicId: 'AAAAAAAAAAAAAAAAAAAAEQ',
          partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000 }],
        },
      ],
    }),
  }),
]

const offsets = (name: string, partition: object, topic = 'made-7', from = 1): Case =>
  requestCase(`ListOffsets: ${name}`, {
    request: listOffsets.listOffsetsRequest,
    response: listOffsets.listOffsetsResponse,
    from,
    body: () => ({
      replicaId: -1,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1n, ...partition }] }],
    }),
  })

const offsetCases: Case[] = [
  offsets('latest', {}),
  offsets('earliest', { timestamp: -2n }),
  offsets('max timestamp', { timestamp: -3n }, 'made-7', 7),
  offsets('max timestamp in an old version', { timestamp: -3n }),
  offsets('earliest local', { timestamp: -4n }, 'made-7', 8),
  offsets('latest tiered', { timestamp: -5n }, 'made-7', 9),
  offsets('-6', { timestamp: -6n }, 'made-7', 1),
  offsets('-9', { timestamp: -9n }),
  offsets('a time', { timestamp: START_MS + 1n }),
  offsets('a time before all', { timestamp: 0n }),
  offsets('a time after all', { timestamp: START_MS * 2n }),
  offsets('unknown partition', { partitionIndex: 99 }),
  offsets('unknown topic', {}, 'nowhere'),
  offsets('a later leader epoch', { currentLeaderEpoch: 9 }, 'made-7', 4),
  requestCase('OffsetForLeaderEpoch', {
    request: forEpoch.offsetForLeaderEpochRequest,
    response: forEpoch.offsetForLeaderEpochResponse,
    from: 2,
    body: version => ({
      ...(version >= 3 ? { replicaId: -1 } : {}),
      topics: [
        { topic: 'made-7', partitions: [0, 5].map(leaderEpoch => ({ partition: 0, leaderEpoch })) },
        { topic: 'nowhere', partitions: [{ partition: 0, leaderEpoch: 0 }] },
      ],
    }),
  }),
  requestCase('DeleteRecords', {
    request: deleteRecords.deleteRecordsRequest,
    response: deleteRecords.deleteRecordsResponse,
    body: version => ({
      topics: [
        {
          name: `made-${version + 4}`,
          partitions: [0n, -1n, 5n, -7n].map((offset, partitionIndex) => ({
            partitionIndex,
            offset,
          })),
        },
        { name: 'nowhere', partitions: [{ partitionIndex: 0, offset: 0n }] },
      ],
      timeoutMs: 5_000,
    }),
  }),
]

const describe = (name: string, resources: object[], options: object = {}): Case =>
  requestCase(`DescribeConfigs: ${name}`, {
    request: describeConfigs.describeConfigsRequest,
    response: describeConfigs.describeConfigsResponse,
    from: 1,
    body: () => ({
      resources: resources.map(resource => ({
        resourceType: 2,
        resourceName: 'made-7',
        configurationKeys: null,
        ...resource,
      })),
      includeSynonyms: true,
      ...options,
    }),
  })

const configs = {
  request: incremental.incrementalAlterConfigsRequest,
  response: incremental.incrementalAlterConfigsResponse,
}
const change = (name: string, config: object, resource: object = {}): Case =>
  requestCase(`IncrementalAlterConfigs: ${name}`, {
    ...configs,
    body: () => ({
      resources: [
        {
          resourceType: 2,
          resourceName: 'made-6',
          ...resource,
          configs: [{ name: 'retention.ms', configOperation: 0, value: '777', ...config }],
        },
      ],
      validateOnly: false,
    }),
  })

const configCases: Case[] = [
  describe('a topic', [{}]),
  describe('chosen keys', [{ configurationKeys: ['segment.bytes', 'no.such', 'retention.ms'] }]),
  describe('no keys', [{ configurationKeys: [] }]),
  describe('unknown topic', [{ resourceName: 'nowhere' }]),
  describe('bad topic name', [{ resourceName: 'bad name' }]),
  describe('an unknown kind', [{ resourceType: 99 }]),
  describe('a broker', [
    {
      resourceType: 4,
      resourceName: '1',
      configurationKeys: ['num.partitions', 'log.retention.hours', 'auto.create.topics.enable'],
    },
  ]),
  describe('another broker', [{ resourceType: 4, resourceName: '77' }]),
  describe('a broker that is no number', [{ resourceType: 4, resourceName: 'one' }]),
  change('set', {}),
  change('append to a list', { name: 'cleanup.policy', configOperation: 2, value: 'compact' }),
  change('append to what is no list', { configOperation: 2 }),
  change('delete', { configOperation: 1, value: null }),
  change('unknown operation', { configOperation: 9 }),
  change('bad value', { value: 'soon' }),
  change('null value', { value: null }),
  change('unknown name', { name: 'no.such' }),
  change('unknown topic', {}, { resourceName: 'nowhere' }),
  change('unknown kind', {}, { resourceType: 99 }),
  requestCase('AlterConfigs', {
    request: alterConfigs.alterConfigsRequest,
    response: alterConfigs.alterConfigsResponse,
    body: () => ({
      resources: ['made-5', 'nowhere'].map(resourceName => ({
        resourceType: 2,
        resourceName,
        configs: [{ name: 'max.message.bytes', value: '9000' }],
      })),
      validateOnly: false,
    }),
  }),
]

const otherCases: Case[] = [
  requestCase('InitProducerId: idempotent', {
    request: initProducerId.initProducerIdRequest,
    response: initProducerId.initProducerIdResponse,
    to: 5,
    body: () => ({ transactionalId: null, transactionTimeoutMs: 0 }),
  }),
  requestCase('InitProducerId: empty transactional id', {
    request: initProducerId.initProducerIdRequest,
    response: initProducerId.initProducerIdResponse,
    to: 5,
    body: () => ({ transactionalId: '', transactionTimeoutMs: 1_000 }),
  }),
  requestCase('DescribeProducers', {
    request: describeProducers.describeProducersRequest,
    response: describeProducers.describeProducersResponse,
    body: () => ({
      topics: [
        { name: 'made-7', partitionIndexes: [1, 99] },
        { name: 'nowhere', partitionIndexes: [0] },
      ],
    }),
  }),
  requestCase('DescribeLogDirs', {
    request: describeLogDirs.describeLogDirsRequest,
    response: describeLogDirs.describeLogDirsResponse,
    from: 1,
    body: () => ({
      topics: [
        { topic: 'made-7', partitions: [0, 99] },
        { topic: 'nowhere', partitions: [0] },
      ],
    }),
  }),
  requestCase('DeleteTopics: by name', {
    request: deleteTopics.deleteTopicsRequest,
    response: deleteTopics.deleteTopicsResponse,
    from: 1,
    to: 5,
    body: version => ({
      topicNames: [`made-${version + 1}`, 'nowhere', 'bad name'],
      timeoutMs: 20_000,
    }),
  }),
  requestCase('DeleteTopics: by id', {
    request: deleteTopics.deleteTopicsRequest,
    response: deleteTopics.deleteTopicsResponse,
    from: 6,
    body: (_version, context) => ({
      topics: [
        { name: null, topicId: context.kept('id:made-7') },
        { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAEQ' },
        { name: 'nowhere', topicId: ZERO_UUID },
      ],
      timeoutMs: 20_000,
    }),
  }),
]

export const cases: readonly Case[] = [
  ...topicCases,
  ...partitionCases,
  ...metadataCases,
  ...produceCases,
  ...fetchCases,
  ...offsetCases,
  ...configCases,
  ...otherCases,
]
