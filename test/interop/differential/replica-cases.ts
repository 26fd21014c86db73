/**
 * Leaders, reassignments, features and log folders, on a cluster of one broker: what there is to
 * decide is small, so the answers are about what is refused and how.
 */
import * as alterReassignments from '../../../engine/protocol/messages/alter-partition-reassignments.ts'
import * as alterLogDirs from '../../../engine/protocol/messages/alter-replica-log-dirs.ts'
import * as createTopics from '../../../engine/protocol/messages/create-topics.ts'
import * as describeLogDirs from '../../../engine/protocol/messages/describe-log-dirs.ts'
import * as electLeaders from '../../../engine/protocol/messages/elect-leaders.ts'
import * as incremental from '../../../engine/protocol/messages/incremental-alter-configs.ts'
import * as listReassignments from '../../../engine/protocol/messages/list-partition-reassignments.ts'
import * as unregister from '../../../engine/protocol/messages/unregister-broker.ts'
import * as updateFeatures from '../../../engine/protocol/messages/update-features.ts'
import { requestCase, type Case, type Context } from './cases.ts'

const TOPIC = 'replicated'
const ELR = 'eligible.leader.replicas.version'

const topic = requestCase('CreateTopics: for replicas', {
  request: createTopics.createTopicsRequest,
  response: createTopics.createTopicsResponse,
  from: 7,
  body: () => ({
    topics: [{ name: TOPIC, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 20_000,
    validateOnly: false,
  }),
})

const elect = (
  name: string,
  electionType: number,
  topicPartitions: { topic: string; partitions: number[] }[] | null,
  from = 1,
): Case =>
  requestCase(`ElectLeaders: ${name}`, {
    request: electLeaders.electLeadersRequest,
    response: electLeaders.electLeadersResponse,
    from,
    body: () => ({ electionType, topicPartitions, timeoutMs: 20_000 }),
  })

const reassign = (
  name: string,
  partitionIndex: number,
  replicas: number[] | null,
  topicName = TOPIC,
): Case =>
  requestCase(`AlterPartitionReassignments: ${name}`, {
    request: alterReassignments.alterPartitionReassignmentsRequest,
    response: alterReassignments.alterPartitionReassignmentsResponse,
    body: version => ({
      timeoutMs: 20_000,
      ...(version > 0 && { allowReplicationFactorChange: false }),
      topics: [{ name: topicName, partitions: [{ partitionIndex, replicas }] }],
    }),
  })

const list = (name: string, topics: { name: string; partitionIndexes: number[] }[] | null): Case =>
  requestCase(`ListPartitionReassignments: ${name}`, {
    request: listReassignments.listPartitionReassignmentsRequest,
    response: listReassignments.listPartitionReassignmentsResponse,
    body: () => ({ timeoutMs: 20_000, topics }),
  })

const feature = (name: string, level: number, upgradeType: number, which = ELR): Case =>
  requestCase(`UpdateFeatures: ${name}`, {
    request: updateFeatures.updateFeaturesRequest,
    response: updateFeatures.updateFeaturesResponse,
    body: version => ({
      timeoutMs: 20_000,
      featureUpdates: [
        {
          feature: which,
          maxVersionLevel: level,
          ...(version === 0 ? { allowDowngrade: upgradeType !== 1 } : { upgradeType }),
        },
      ],
    }),
  })

const minIsr = (name: string, resourceName: string, value: string | null): Case =>
  requestCase(`IncrementalAlterConfigs: min.insync.replicas ${name}`, {
    request: incremental.incrementalAlterConfigsRequest,
    response: incremental.incrementalAlterConfigsResponse,
    from: 1,
    body: () => ({
      resources: [
        {
          resourceType: 4,
          resourceName,
          configs: [
            { name: 'min.insync.replicas', configOperation: value === null ? 1 : 0, value },
          ],
        },
      ],
      validateOnly: false,
    }),
  })

const move = (
  name: string,
  path: (context: Context) => string,
  topicName: string,
  partition = 0,
): Case =>
  requestCase(`AlterReplicaLogDirs: ${name}`, {
    request: alterLogDirs.alterReplicaLogDirsRequest,
    response: alterLogDirs.alterReplicaLogDirsResponse,
    body: (_, context) => ({
      dirs: [{ path: path(context), topics: [{ name: topicName, partitions: [partition] }] }],
    }),
  })

const itsFolder = (context: Context): string => context.kept('log folder')

export const replicaCases: readonly Case[] = [
  topic,
  elect('the preferred leader leads', 0, [{ topic: TOPIC, partitions: [0, 1] }]),
  elect('an unclean one is not needed', 1, [{ topic: TOPIC, partitions: [0] }]),
  elect('no such partition', 0, [{ topic: TOPIC, partitions: [9] }]),
  elect('no such topic', 0, [{ topic: 'nothing', partitions: [0] }]),
  elect('no such type', 7, [{ topic: TOPIC, partitions: [0] }]),
  elect('in version 0', 0, [{ topic: TOPIC, partitions: [0, 9] }], 0),
  reassign('as it is', 0, [1]),
  reassign('to a stranger', 0, [77]),
  reassign('to nobody', 0, []),
  reassign('twice to one', 0, [1, 1]),
  reassign('given up without one', 0, null),
  reassign('no such partition', 9, [1]),
  reassign('no such topic', 0, [1], 'nothing'),
  list('all', null),
  list('a topic', [{ name: TOPIC, partitionIndexes: [0, 9] }]),
  list('no such topic', [{ name: 'nothing', partitionIndexes: [0] }]),
  feature('down without saying so', 0, 1),
  feature('beyond what is supported', 7, 1),
  feature('down to what it is', 1, 2),
  feature('no such feature', 1, 1, 'nothing.version'),
  feature('no such type', 1, 9),
  feature('metadata.version that loses', 17, 2, 'metadata.version'),
  feature('metadata.version unsafely', 17, 3, 'metadata.version'),
  feature('metadata.version unknown', 99, 1, 'metadata.version'),
  feature('metadata.version as it is', 30, 1, 'metadata.version'),
  minIsr('for one broker', '1', '2'),
  minIsr('for all taken away', '', null),
  minIsr('for all', '', '1'),
  requestCase('DescribeLogDirs: the folder', {
    request: describeLogDirs.describeLogDirsRequest,
    response: describeLogDirs.describeLogDirsResponse,
    from: 4,
    body: () => ({ topics: [{ topic: TOPIC, partitions: [0] }] }),
    after: (answer: any, context: Context) => context.keep('log folder', answer.results[0].logDir),
  }),
  move('where it is', itsFolder, TOPIC),
  move('to a folder that there is not', () => '/no/such/folder', TOPIC),
  move('no such partition', itsFolder, TOPIC, 9),
  move('no such topic', itsFolder, 'nothing'),
  requestCase('UnregisterBroker: a stranger', {
    request: unregister.unregisterBrokerRequest,
    response: unregister.unregisterBrokerResponse,
    body: () => ({ brokerId: 77 }),
  }),
]
