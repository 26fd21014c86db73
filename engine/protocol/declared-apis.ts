/** Every API that is declared, by its key: for whoever shows a request without serving it. */
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from './messages/allocate-producer-ids.ts'
import { addRaftVoterRequest, addRaftVoterResponse } from './messages/add-raft-voter.ts'
import { alterConfigsRequest, alterConfigsResponse } from './messages/alter-configs.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from './messages/alter-partition-reassignments.ts'
import { alterPartitionRequest, alterPartitionResponse } from './messages/alter-partition.ts'
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from './messages/alter-replica-log-dirs.ts'
import { apiVersionsRequest, apiVersionsResponse } from './messages/api-versions.ts'
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from './messages/assign-replicas-to-dirs.ts'
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from './messages/begin-quorum-epoch.ts'
import { brokerHeartbeatRequest, brokerHeartbeatResponse } from './messages/broker-heartbeat.ts'
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from './messages/broker-registration.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from './messages/consumer-group-describe.ts'
import { createPartitionsRequest, createPartitionsResponse } from './messages/create-partitions.ts'
import { createTopicsRequest, createTopicsResponse } from './messages/create-topics.ts'
import { deleteGroupsRequest, deleteGroupsResponse } from './messages/delete-groups.ts'
import { deleteRecordsRequest, deleteRecordsResponse } from './messages/delete-records.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from './messages/delete-topics.ts'
import { describeClusterRequest, describeClusterResponse } from './messages/describe-cluster.ts'
import { describeConfigsRequest, describeConfigsResponse } from './messages/describe-configs.ts'
import { describeGroupsRequest, describeGroupsResponse } from './messages/describe-groups.ts'
import { describeLogDirsRequest, describeLogDirsResponse } from './messages/describe-log-dirs.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from './messages/describe-producers.ts'
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from './messages/controller-registration.ts'
import { describeQuorumRequest, describeQuorumResponse } from './messages/describe-quorum.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from './messages/describe-topic-partitions.ts'
import { electLeadersRequest, electLeadersResponse } from './messages/elect-leaders.ts'
import { endQuorumEpochRequest, endQuorumEpochResponse } from './messages/end-quorum-epoch.ts'
import { fetchSnapshotRequest, fetchSnapshotResponse } from './messages/fetch-snapshot.ts'
import { fetchRequest, fetchResponse } from './messages/fetch.ts'
import { findCoordinatorRequest, findCoordinatorResponse } from './messages/find-coordinator.ts'
import { heartbeatRequest, heartbeatResponse } from './messages/heartbeat.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from './messages/incremental-alter-configs.ts'
import { initProducerIdRequest, initProducerIdResponse } from './messages/init-producer-id.ts'
import { joinGroupRequest, joinGroupResponse } from './messages/join-group.ts'
import { leaveGroupRequest, leaveGroupResponse } from './messages/leave-group.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from './messages/list-config-resources.ts'
import { listGroupsRequest, listGroupsResponse } from './messages/list-groups.ts'
import { listOffsetsRequest, listOffsetsResponse } from './messages/list-offsets.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from './messages/list-partition-reassignments.ts'
import { metadataRequest, metadataResponse } from './messages/metadata.ts'
import { offsetCommitRequest, offsetCommitResponse } from './messages/offset-commit.ts'
import { offsetDeleteRequest, offsetDeleteResponse } from './messages/offset-delete.ts'
import { offsetFetchRequest, offsetFetchResponse } from './messages/offset-fetch.ts'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from './messages/offset-for-leader-epoch.ts'
import { produceRequest, produceResponse } from './messages/produce.ts'
import { syncGroupRequest, syncGroupResponse } from './messages/sync-group.ts'
import { removeRaftVoterRequest, removeRaftVoterResponse } from './messages/remove-raft-voter.ts'
import {
  describeShareGroupOffsetsRequest,
  describeShareGroupOffsetsResponse,
} from './messages/describe-share-group-offsets.ts'
import {
  shareGroupDescribeRequest,
  shareGroupDescribeResponse,
} from './messages/share-group-describe.ts'
import {
  streamsGroupDescribeRequest,
  streamsGroupDescribeResponse,
} from './messages/streams-group-describe.ts'
import { unregisterBrokerRequest, unregisterBrokerResponse } from './messages/unregister-broker.ts'
import { updateFeaturesRequest, updateFeaturesResponse } from './messages/update-features.ts'
import { updateRaftVoterRequest, updateRaftVoterResponse } from './messages/update-raft-voter.ts'
import { voteRequest, voteResponse } from './messages/vote.ts'
import type { Message } from './schema.ts'

export interface DeclaredApi {
  /** Kafka's name, as `Fetch`. */
  readonly name: string
  readonly request: Message
  readonly response: Message
}

const pairs: readonly (readonly [request: Message<any>, response: Message<any>])[] = [
  [allocateProducerIdsRequest, allocateProducerIdsResponse],
  [alterConfigsRequest, alterConfigsResponse],
  [alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse],
  [alterPartitionRequest, alterPartitionResponse],
  [alterReplicaLogDirsRequest, alterReplicaLogDirsResponse],
  [apiVersionsRequest, apiVersionsResponse],
  [assignReplicasToDirsRequest, assignReplicasToDirsResponse],
  [beginQuorumEpochRequest, beginQuorumEpochResponse],
  [brokerHeartbeatRequest, brokerHeartbeatResponse],
  [brokerRegistrationRequest, brokerRegistrationResponse],
  [consumerGroupDescribeRequest, consumerGroupDescribeResponse],
  [createPartitionsRequest, createPartitionsResponse],
  [createTopicsRequest, createTopicsResponse],
  [deleteGroupsRequest, deleteGroupsResponse],
  [deleteRecordsRequest, deleteRecordsResponse],
  [deleteTopicsRequest, deleteTopicsResponse],
  [describeClusterRequest, describeClusterResponse],
  [describeConfigsRequest, describeConfigsResponse],
  [describeGroupsRequest, describeGroupsResponse],
  [describeLogDirsRequest, describeLogDirsResponse],
  [describeProducersRequest, describeProducersResponse],
  [describeQuorumRequest, describeQuorumResponse],
  [describeTopicPartitionsRequest, describeTopicPartitionsResponse],
  [electLeadersRequest, electLeadersResponse],
  [endQuorumEpochRequest, endQuorumEpochResponse],
  [fetchSnapshotRequest, fetchSnapshotResponse],
  [fetchRequest, fetchResponse],
  [findCoordinatorRequest, findCoordinatorResponse],
  [heartbeatRequest, heartbeatResponse],
  [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse],
  [initProducerIdRequest, initProducerIdResponse],
  [joinGroupRequest, joinGroupResponse],
  [leaveGroupRequest, leaveGroupResponse],
  [listConfigResourcesRequest, listConfigResourcesResponse],
  [listGroupsRequest, listGroupsResponse],
  [listOffsetsRequest, listOffsetsResponse],
  [listPartitionReassignmentsRequest, listPartitionReassignmentsResponse],
  [metadataRequest, metadataResponse],
  [offsetCommitRequest, offsetCommitResponse],
  [offsetDeleteRequest, offsetDeleteResponse],
  [offsetFetchRequest, offsetFetchResponse],
  [offsetForLeaderEpochRequest, offsetForLeaderEpochResponse],
  [produceRequest, produceResponse],
  [syncGroupRequest, syncGroupResponse],
  [describeShareGroupOffsetsRequest, describeShareGroupOffsetsResponse],
  [shareGroupDescribeRequest, shareGroupDescribeResponse],
  [streamsGroupDescribeRequest, streamsGroupDescribeResponse],
  [unregisterBrokerRequest, unregisterBrokerResponse],
  [updateFeaturesRequest, updateFeaturesResponse],
  [voteRequest, voteResponse],
  [addRaftVoterRequest, addRaftVoterResponse],
  [removeRaftVoterRequest, removeRaftVoterResponse],
  [updateRaftVoterRequest, updateRaftVoterResponse],
  [controllerRegistrationRequest, controllerRegistrationResponse],
]

export const declaredApis: ReadonlyMap<number, DeclaredApi> = new Map(
  pairs.map(([request, response]) => [
    request.apiKey!,
    { name: request.name.replace(/Request$/, ''), request, response },
  ]),
)
