/**
 * The number of every API of Kafka, and which header its messages carry.
 *
 * It is a table of names, not of what a broker serves or in which versions: brokers advertise that
 * themselves. Keys 4 to 7 spoke to ZooKeeper-era brokers and went in 4.0; they stay named here for
 * whoever shows a remote cluster's answer.
 */
import type { Message } from './schema.ts'

export const apiKeys = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  leaderAndIsr: 4,
  stopReplica: 5,
  updateMetadata: 6,
  controlledShutdown: 7,
  offsetCommit: 8,
  offsetFetch: 9,
  findCoordinator: 10,
  joinGroup: 11,
  heartbeat: 12,
  leaveGroup: 13,
  syncGroup: 14,
  describeGroups: 15,
  listGroups: 16,
  saslHandshake: 17,
  apiVersions: 18,
  createTopics: 19,
  deleteTopics: 20,
  deleteRecords: 21,
  initProducerId: 22,
  offsetForLeaderEpoch: 23,
  addPartitionsToTxn: 24,
  addOffsetsToTxn: 25,
  endTxn: 26,
  writeTxnMarkers: 27,
  txnOffsetCommit: 28,
  describeAcls: 29,
  createAcls: 30,
  deleteAcls: 31,
  describeConfigs: 32,
  alterConfigs: 33,
  alterReplicaLogDirs: 34,
  describeLogDirs: 35,
  saslAuthenticate: 36,
  createPartitions: 37,
  createDelegationToken: 38,
  renewDelegationToken: 39,
  expireDelegationToken: 40,
  describeDelegationToken: 41,
  deleteGroups: 42,
  electLeaders: 43,
  incrementalAlterConfigs: 44,
  alterPartitionReassignments: 45,
  listPartitionReassignments: 46,
  offsetDelete: 47,
  describeClientQuotas: 48,
  alterClientQuotas: 49,
  describeUserScramCredentials: 50,
  alterUserScramCredentials: 51,
  vote: 52,
  beginQuorumEpoch: 53,
  endQuorumEpoch: 54,
  describeQuorum: 55,
  alterPartition: 56,
  updateFeatures: 57,
  envelope: 58,
  fetchSnapshot: 59,
  describeCluster: 60,
  describeProducers: 61,
  brokerRegistration: 62,
  brokerHeartbeat: 63,
  unregisterBroker: 64,
  describeTransactions: 65,
  listTransactions: 66,
  allocateProducerIds: 67,
  consumerGroupHeartbeat: 68,
  consumerGroupDescribe: 69,
  controllerRegistration: 70,
  getTelemetrySubscriptions: 71,
  pushTelemetry: 72,
  assignReplicasToDirs: 73,
  listConfigResources: 74,
  describeTopicPartitions: 75,
  shareGroupHeartbeat: 76,
  shareGroupDescribe: 77,
  shareFetch: 78,
  shareAcknowledge: 79,
  addRaftVoter: 80,
  removeRaftVoter: 81,
  updateRaftVoter: 82,
  initializeShareGroupState: 83,
  readShareGroupState: 84,
  writeShareGroupState: 85,
  deleteShareGroupState: 86,
  readShareGroupStateSummary: 87,
  streamsGroupHeartbeat: 88,
  streamsGroupDescribe: 89,
  describeShareGroupOffsets: 90,
  alterShareGroupOffsets: 91,
  deleteShareGroupOffsets: 92,
  streamsGroupTopologyDescriptionUpdate: 93,
  unregisterController: 94,
} as const satisfies Record<string, number>

export type ApiName = keyof typeof apiKeys

const nameByKey: ReadonlyMap<number, ApiName> = new Map(
  Object.entries(apiKeys).map(([name, key]) => [key, name as ApiName]),
)

/** The API behind a key, or null for a key that Kafka 4.4 has not heard of. */
export function apiName(key: number): ApiName | null {
  return nameByKey.get(key) ?? null
}

type Declaration = Pick<Message, 'apiKey' | 'flexible'>

/**
 * The version of the header before a request of this version: 2, with tagged fields, where the
 * request is flexible, and 1 where it is not (KIP-482).
 */
export function requestHeaderVersion(request: Declaration, version: number): 1 | 2 {
  return request.flexible(version) ? 2 : 1
}

/**
 * The version of the header before a response. ApiVersions always answers with version 0, since
 * its asker does not know yet what the broker can speak (KIP-511).
 */
export function responseHeaderVersion(response: Declaration, version: number): 0 | 1 {
  return response.apiKey !== apiKeys.apiVersions && response.flexible(version) ? 1 : 0
}
