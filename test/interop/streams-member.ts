/**
 * A member of a streams group (KIP-1071), as far as a coordinator sees one: heartbeats alone, since
 * Kafka Streams itself is more than all of these tests. The declarations are what these tests say.
 */
import type { Client } from '../../engine/client/client.ts'
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
} from '../../engine/protocol/schema.ts'

const keyValue = struct({ key: string(), value: string() })
const topicInfo = struct({
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(keyValue),
})
const taskIds = struct({ subtopologyId: string(), partitions: array(int32()) })
const taskOffset = struct({ subtopologyId: string(), partition: int32(), offset: int64() })
const topicPartition = struct({ topic: string(), partitions: array(int32()) })

const request = message({
  name: 'StreamsGroupHeartbeatRequest',
  apiKey: 88,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: nullableString({ default: null }),
    rackId: nullableString({ default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topology: nullableStruct(
      {
        epoch: int32(),
        subtopologies: array(
          struct({
            subtopologyId: string(),
            sourceTopics: array(string()),
            sourceTopicRegex: array(string()),
            stateChangelogTopics: array(topicInfo),
            repartitionSinkTopics: array(string()),
            repartitionSourceTopics: array(topicInfo),
            copartitionGroups: array(
              struct({
                sourceTopics: array(int16()),
                sourceTopicRegex: array(int16()),
                repartitionSourceTopics: array(int16()),
              }),
            ),
          }),
        ),
      },
      { default: null },
    ),
    activeTasks: nullableArray(taskIds, { default: null }),
    standbyTasks: nullableArray(taskIds, { default: null }),
    warmupTasks: nullableArray(taskIds, { default: null }),
    processId: nullableString({ default: null }),
    userEndpoint: nullableStruct({ host: string(), port: uint16() }, { default: null }),
    clientTags: nullableArray(keyValue, { default: null }),
    taskOffsets: nullableArray(taskOffset, { default: null }),
    taskEndOffsets: nullableArray(taskOffset, { default: null }),
    shutdownApplication: boolean({ default: false }),
  },
})

const endpoint = struct({ host: string(), port: uint16() })
const response = message({
  name: 'StreamsGroupHeartbeatResponse',
  apiKey: 88,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString({ default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: nullableArray(struct({ statusCode: int8(), statusDetail: string() })),
    activeTasks: nullableArray(taskIds, { default: null }),
    standbyTasks: nullableArray(taskIds, { default: null }),
    warmupTasks: nullableArray(taskIds, { default: null }),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: nullableArray(
      struct({
        userEndpoint: endpoint,
        activePartitions: array(topicPartition),
        standbyPartitions: array(topicPartition),
      }),
      { default: null },
    ),
  },
})

interface Tasks {
  readonly subtopologyId: string
  readonly partitions: readonly number[]
}

export interface StreamsMember {
  readonly memberId: string
  /** Once more, with the tasks that it was given; the problem in words, or null. */
  beat(): Promise<string | null>
}

/** Joins a group that reads these topics in one subtopology, with a store. */
export async function joinStreamsGroup(
  client: Client,
  groupId: string,
  sourceTopics: readonly string[],
): Promise<StreamsMember> {
  const memberId = 'bWVtYmVyLW9mLXN0cmVhbXM'
  const none = { activeTasks: [], standbyTasks: [], warmupTasks: [] }
  const subtopology = {
    subtopologyId: '0',
    sourceTopics,
    sourceTopicRegex: [],
    stateChangelogTopics: [
      { name: `${groupId}-store-changelog`, partitions: 0, replicationFactor: 1, topicConfigs: [] },
    ],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  }
  let epoch = 0
  let owned: { readonly activeTasks: readonly Tasks[] } & Omit<typeof none, 'activeTasks'> = none
  const send = async (joins: boolean) => {
    const answer = await client.request(
      { type: 'group-coordinator', groupId },
      { request, response },
      {
        groupId,
        memberId,
        memberEpoch: epoch,
        endpointInformationEpoch: -1,
        rebalanceTimeoutMs: 60_000,
        ...(joins ? { topology: { epoch: 0, subtopologies: [subtopology] } } : {}),
        ...owned,
        ...(joins ? { processId: 'process-1', clientTags: [] } : {}),
      },
    )
    if (answer.errorCode !== 0) return `${answer.errorCode}: ${answer.errorMessage}`
    epoch = answer.memberEpoch
    if (answer.activeTasks !== null) owned = { ...none, activeTasks: answer.activeTasks }
    return null
  }
  const problem = await send(true)
  if (problem !== null) throw new TypeError(problem)
  return { memberId, beat: () => send(false) }
}
