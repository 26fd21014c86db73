/**
 * StreamsGroupDescribe (key 89) shows the state, the topology and the members of groups of the
 * streams protocol (KIP-1071): tasks are assigned, not partitions.
 *
 * Versions: 1 adds a description of the topology, where the cluster keeps one (KIP-1331), and the
 * assignor (KIP-1357).
 */
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  int8,
  message,
  nullableArray,
  nullableString,
  nullableStruct,
  string,
  struct,
  uint16,
  type Infer,
} from '../schema.ts'

export const streamsGroupDescribeRequest = message({
  name: 'StreamsGroupDescribeRequest',
  apiKey: 89,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    groupIds: array(string()),
    includeAuthorizedOperations: boolean(),
    includeTopologyDescription: boolean({ since: 1, default: false }),
  },
})
export type StreamsGroupDescribeRequest = Infer<typeof streamsGroupDescribeRequest>

const keyValue = struct({ key: string(), value: string() })
const topicInfo = struct({
  name: string(),
  // 0 where none is enforced.
  partitions: int32(),
  // 0 for the default.
  replicationFactor: int16(),
  topicConfigs: array(keyValue),
})
const taskOffset = struct({ subtopologyId: string(), partition: int32(), offset: int64() })
const taskIds = struct({ subtopologyId: string(), partitions: array(int32()) })
const assignment = struct({
  activeTasks: array(taskIds),
  standbyTasks: array(taskIds),
  warmupTasks: array(taskIds),
})
const node = {
  name: string(),
  // 1 source, 2 processor, 3 sink.
  nodeType: int8(),
  sourceTopics: array(string()),
  sinkTopic: nullableString({ default: null }),
  stores: array(string()),
  successors: array(string()),
}

export const streamsGroupDescribeResponse = message({
  name: 'StreamsGroupDescribeResponse',
  apiKey: 89,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: nullableString({ default: null }),
        groupId: string(),
        groupState: string(),
        groupEpoch: int32(),
        assignmentEpoch: int32(),
        // Null in case of an error.
        topology: nullableStruct(
          {
            epoch: int32(),
            // Null where source topics lack, or do not fit together.
            subtopologies: nullableArray(
              struct({
                subtopologyId: string(),
                sourceTopics: array(string()),
                repartitionSinkTopics: array(string()),
                stateChangelogTopics: array(topicInfo),
                repartitionSourceTopics: array(topicInfo),
              }),
              { default: null },
            ),
          },
          { default: null },
        ),
        members: array(
          struct({
            memberId: string(),
            memberEpoch: int32(),
            instanceId: nullableString({ default: null }),
            rackId: nullableString({ default: null }),
            clientId: string(),
            clientHost: string(),
            topologyEpoch: int32(),
            processId: string(),
            userEndpoint: nullableStruct({ host: string(), port: uint16() }, { default: null }),
            clientTags: array(keyValue),
            taskOffsets: array(taskOffset),
            taskEndOffsets: array(taskOffset),
            assignment,
            targetAssignment: assignment,
            isClassic: boolean(),
          }),
        ),
        // A bit for each operation; the smallest int32 where it was not asked for.
        authorizedOperations: int32({ default: -2_147_483_648 }),
        topologyDescription: nullableStruct(
          {
            subtopologies: array(struct({ subtopologyId: string(), nodes: array(struct(node)) })),
            globalStores: array(struct({ source: struct(node), processor: struct(node) })),
          },
          { since: 1, default: null },
        ),
        // 0 not requested, 1 not stored, 2 error, 3 available.
        topologyDescriptionStatus: int8({ since: 1, default: 0 }),
        assignorName: nullableString({ since: 1, ignorable: true, default: null }),
      }),
    ),
  },
})
export type StreamsGroupDescribeResponse = Infer<typeof streamsGroupDescribeResponse>
