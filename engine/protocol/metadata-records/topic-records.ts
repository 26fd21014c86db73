/**
 * Records of the metadata log about topics and partitions. A PartitionChangeRecord holds what
 * changed and nothing else.
 *
 * Versions of Partition and PartitionChange: 1 adds log directories (KIP-858), 2 eligible leader
 * replicas (KIP-966).
 */
import { array, int32, int8, message, nullableArray, string, uuid, type Infer } from '../schema.ts'

export const topicRecord = message({
  name: 'TopicRecord',
  apiKey: 2,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    name: string(),
    topicId: uuid(),
  },
})
export type TopicRecord = Infer<typeof topicRecord>

export const partitionRecord = message({
  name: 'PartitionRecord',
  apiKey: 3,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    replicas: array(int32()),
    isr: array(int32()),
    removingReplicas: array(int32()),
    addingReplicas: array(int32()),
    leader: int32({ default: -1 }),
    // 1 while recovering from an unclean election.
    leaderRecoveryState: int8({ tag: 0 }),
    leaderEpoch: int32({ default: -1 }),
    partitionEpoch: int32({ default: -1 }),
    // One for each replica, in their order.
    directories: array(uuid(), { since: 1 }),
    eligibleLeaderReplicas: nullableArray(int32(), { since: 2, tag: 1 }),
    lastKnownElr: nullableArray(int32(), { since: 2, tag: 2 }),
  },
})
export type PartitionRecord = Infer<typeof partitionRecord>

export const partitionChangeRecord = message({
  name: 'PartitionChangeRecord',
  apiKey: 5,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    // Null stands for no change, here and below.
    isr: nullableArray(int32(), { tag: 0 }),
    // -1 for no leader, -2 for no change.
    leader: int32({ tag: 1, default: -2 }),
    replicas: nullableArray(int32(), { tag: 2 }),
    removingReplicas: nullableArray(int32(), { tag: 3 }),
    addingReplicas: nullableArray(int32(), { tag: 4 }),
    // -1 for no change.
    leaderRecoveryState: int8({ tag: 5, default: -1 }),
    directories: nullableArray(uuid(), { since: 1, tag: 8 }),
    eligibleLeaderReplicas: nullableArray(int32(), { since: 2, tag: 6 }),
    lastKnownElr: nullableArray(int32(), { since: 2, tag: 7 }),
  },
})
export type PartitionChangeRecord = Infer<typeof partitionChangeRecord>

export const removeTopicRecord = message({
  name: 'RemoveTopicRecord',
  apiKey: 9,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    topicId: uuid(),
  },
})
export type RemoveTopicRecord = Infer<typeof removeTopicRecord>

export const clearElrRecord = message({
  name: 'ClearElrRecord',
  apiKey: 28,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    // Empty for all topics.
    topicName: string(),
  },
})
export type ClearElrRecord = Infer<typeof clearElrRecord>
