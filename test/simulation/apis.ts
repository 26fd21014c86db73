/** Requests and responses in pairs, as the simulated clients use them. */
import * as addRaftVoter from '../../engine/protocol/messages/add-raft-voter.ts'
import * as reassignments from '../../engine/protocol/messages/alter-partition-reassignments.ts'
import * as createPartitions from '../../engine/protocol/messages/create-partitions.ts'
import * as createTopics from '../../engine/protocol/messages/create-topics.ts'
import * as deleteRecords from '../../engine/protocol/messages/delete-records.ts'
import * as deleteTopics from '../../engine/protocol/messages/delete-topics.ts'
import * as describeCluster from '../../engine/protocol/messages/describe-cluster.ts'
import * as electLeaders from '../../engine/protocol/messages/elect-leaders.ts'
import * as fetch from '../../engine/protocol/messages/fetch.ts'
import * as heartbeat from '../../engine/protocol/messages/heartbeat.ts'
import * as alterConfigs from '../../engine/protocol/messages/incremental-alter-configs.ts'
import * as initProducerId from '../../engine/protocol/messages/init-producer-id.ts'
import * as joinGroup from '../../engine/protocol/messages/join-group.ts'
import * as leaveGroup from '../../engine/protocol/messages/leave-group.ts'
import * as listOffsets from '../../engine/protocol/messages/list-offsets.ts'
import * as metadata from '../../engine/protocol/messages/metadata.ts'
import * as offsetCommit from '../../engine/protocol/messages/offset-commit.ts'
import * as offsetFetch from '../../engine/protocol/messages/offset-fetch.ts'
import * as produce from '../../engine/protocol/messages/produce.ts'
import * as syncGroup from '../../engine/protocol/messages/sync-group.ts'
import * as removeRaftVoter from '../../engine/protocol/messages/remove-raft-voter.ts'
import type { Fields, Message } from '../../engine/protocol/schema.ts'

function pair<Q extends Fields, S extends Fields>(request: Message<Q>, response: Message<S>) {
  return { request, response }
}

export const apis = {
  addRaftVoter: pair(addRaftVoter.addRaftVoterRequest, addRaftVoter.addRaftVoterResponse),
  alterConfigs: pair(
    alterConfigs.incrementalAlterConfigsRequest,
    alterConfigs.incrementalAlterConfigsResponse,
  ),
  alterPartitionReassignments: pair(
    reassignments.alterPartitionReassignmentsRequest,
    reassignments.alterPartitionReassignmentsResponse,
  ),
  createPartitions: pair(
    createPartitions.createPartitionsRequest,
    createPartitions.createPartitionsResponse,
  ),
  createTopics: pair(createTopics.createTopicsRequest, createTopics.createTopicsResponse),
  deleteRecords: pair(deleteRecords.deleteRecordsRequest, deleteRecords.deleteRecordsResponse),
  deleteTopics: pair(deleteTopics.deleteTopicsRequest, deleteTopics.deleteTopicsResponse),
  describeCluster: pair(
    describeCluster.describeClusterRequest,
    describeCluster.describeClusterResponse,
  ),
  electLeaders: pair(electLeaders.electLeadersRequest, electLeaders.electLeadersResponse),
  fetch: pair(fetch.fetchRequest, fetch.fetchResponse),
  heartbeat: pair(heartbeat.heartbeatRequest, heartbeat.heartbeatResponse),
  initProducerId: pair(initProducerId.initProducerIdRequest, initProducerId.initProducerIdResponse),
  joinGroup: pair(joinGroup.joinGroupRequest, joinGroup.joinGroupResponse),
  leaveGroup: pair(leaveGroup.leaveGroupRequest, leaveGroup.leaveGroupResponse),
  listOffsets: pair(listOffsets.listOffsetsRequest, listOffsets.listOffsetsResponse),
  metadata: pair(metadata.metadataRequest, metadata.metadataResponse),
  offsetCommit: pair(offsetCommit.offsetCommitRequest, offsetCommit.offsetCommitResponse),
  offsetFetch: pair(offsetFetch.offsetFetchRequest, offsetFetch.offsetFetchResponse),
  produce: pair(produce.produceRequest, produce.produceResponse),
  removeRaftVoter: pair(
    removeRaftVoter.removeRaftVoterRequest,
    removeRaftVoter.removeRaftVoterResponse,
  ),
  syncGroup: pair(syncGroup.syncGroupRequest, syncGroup.syncGroupResponse),
}
