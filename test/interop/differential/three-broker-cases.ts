/** What only a cluster of three brokers can be asked: several replicas, other leaders, moves. */
import * as alterReassignments from '../../../engine/protocol/messages/alter-partition-reassignments.ts'
import * as createPartitions from '../../../engine/protocol/messages/create-partitions.ts'
import * as createTopics from '../../../engine/protocol/messages/create-topics.ts'
import * as describeTopicPartitions from '../../../engine/protocol/messages/describe-topic-partitions.ts'
import * as electLeaders from '../../../engine/protocol/messages/elect-leaders.ts'
import * as metadata from '../../../engine/protocol/messages/metadata.ts'
import { requestCase, type Case } from './cases.ts'

const assigned = (...brokerIds: readonly (readonly number[])[]) => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
})

const create = (name: string, topic: object): Case =>
  requestCase(`CreateTopics: ${name}`, {
    request: createTopics.createTopicsRequest,
    response: createTopics.createTopicsResponse,
    from: 5,
    body: version => ({
      topics: [
        {
          name: `${name.replaceAll(' ', '-')}-${version}`,
          numPartitions: 2,
          replicationFactor: 3,
          assignments: [],
          configs: [],
          ...topic,
        },
      ],
      timeoutMs: 20_000,
      validateOnly: false,
    }),
  })

const grow = (name: string, count: number, brokerIds: readonly (readonly number[])[]): Case =>
  requestCase(`CreatePartitions: ${name}`, {
    request: createPartitions.createPartitionsRequest,
    response: createPartitions.createPartitionsResponse,
    from: 3,
    body: () => ({
      topics: [
        { name: 'by-hand-7', count, assignments: brokerIds.map(ids => ({ brokerIds: ids })) },
      ],
      timeoutMs: 20_000,
      validateOnly: false,
    }),
  })

const reassign = (name: string, replicas: number[] | null, allowFactorChange = true): Case =>
  requestCase(`AlterPartitionReassignments: ${name}`, {
    request: alterReassignments.alterPartitionReassignmentsRequest,
    response: alterReassignments.alterPartitionReassignmentsResponse,
    from: 1,
    body: () => ({
      timeoutMs: 20_000,
      allowReplicationFactorChange: allowFactorChange,
      topics: [{ name: 'by-hand-7', partitions: [{ partitionIndex: 0, replicas }] }],
    }),
  })

const elect = (name: string, electionType: number, everywhere = false): Case =>
  requestCase(`ElectLeaders: ${name}`, {
    request: electLeaders.electLeadersRequest,
    response: electLeaders.electLeadersResponse,
    from: 2,
    body: () => ({
      electionType,
      topicPartitions: everywhere ? null : [{ topic: 'by-hand-7', partitions: [0, 1] }],
      timeoutMs: 20_000,
    }),
  })

const describe = (name: string): Case =>
  requestCase(`DescribeTopicPartitions: ${name}`, {
    request: describeTopicPartitions.describeTopicPartitionsRequest,
    response: describeTopicPartitions.describeTopicPartitionsResponse,
    body: () => ({
      topics: [{ name: 'by-hand-7' }],
      responsePartitionLimit: 100,
      cursor: null,
    }),
  })

export const threeBrokerCases: readonly Case[] = [
  create('by hand', assigned([1, 2, 3], [2, 3, 1])),
  create('factor 4', { replicationFactor: 4 }),
  create('of two factors', assigned([1, 2, 3], [2, 3])),
  create('twice on one', assigned([1, 2, 1])),
  create('on a stranger', assigned([1, 2, 9])),
  create('partition twice', {
    ...assigned(),
    assignments: [
      { partitionIndex: 0, brokerIds: [1] },
      { partitionIndex: 0, brokerIds: [2] },
    ],
  }),
  create('on nobody', assigned([])),
  describe('as created'),
  requestCase('Metadata: of three replicas', {
    request: metadata.metadataRequest,
    response: metadata.metadataResponse,
    from: 9,
    body: () => ({ topics: [{ name: 'by-hand-7' }], allowAutoTopicCreation: false }),
  }),
  grow('of another factor', 3, [[1, 2]]),
  grow('on a stranger', 3, [[1, 2, 9]]),
  grow('too few assignments', 4, [[1, 2, 3]]),
  grow('by hand', 3, [[3, 1, 2]]),
  reassign('another order', [2, 1, 3]),
  describe('in another order'),
  elect('preferred', 0),
  describe('led by the preferred'),
  elect('preferred again', 0),
  elect('preferred everywhere', 0, true),
  elect('unclean where somebody leads', 1),
  reassign('another factor, which may not change', [1, 2], false),
  reassign('fewer', [1, 3]),
  describe('with fewer replicas'),
  reassign('more replicas than brokers', [1, 2, 3, 4]),
  reassign('given up when it is over', null),
]
