/** Every API that a broker serves. */
import { apiVersions } from '../server/api-versions.ts'
import type { ServedApi } from '../server/dispatcher.ts'
import { advertisedFeatures } from '../controller/bootstrap.ts'
import type { BrokerServices } from './broker-services.ts'
import { alterReplicaLogDirs } from './handlers/alter-replica-log-dirs.ts'
import { deleteGroups } from './handlers/delete-groups.ts'
import { deleteRecords } from './handlers/delete-records.ts'
import { describeCluster } from './handlers/describe-cluster.ts'
import { describeConfigs } from './handlers/describe-configs.ts'
import { describeGroups } from './handlers/describe-groups.ts'
import { describeLogDirs } from './handlers/describe-log-dirs.ts'
import { describeProducers } from './handlers/describe-producers.ts'
import { describeTopicPartitions } from './handlers/describe-topic-partitions.ts'
import { fetch } from './handlers/fetch.ts'
import { findCoordinator } from './handlers/find-coordinator.ts'
import { forwardedApis } from './handlers/forwarded.ts'
import { heartbeat } from './handlers/heartbeat.ts'
import { initProducerId } from './handlers/init-producer-id.ts'
import { joinGroup } from './handlers/join-group.ts'
import { leaveGroup } from './handlers/leave-group.ts'
import { listConfigResources } from './handlers/list-config-resources.ts'
import { listGroups } from './handlers/list-groups.ts'
import { listOffsets } from './handlers/list-offsets.ts'
import { metadata } from './handlers/metadata.ts'
import { offsetCommit } from './handlers/offset-commit.ts'
import { offsetDelete } from './handlers/offset-delete.ts'
import { offsetFetch } from './handlers/offset-fetch.ts'
import { offsetForLeaderEpoch } from './handlers/offset-for-leader-epoch.ts'
import { produce } from './handlers/produce.ts'
import { syncGroup } from './handlers/sync-group.ts'

export function brokerApis(broker: BrokerServices): ServedApi[] {
  const apis: ServedApi[] = [
    produce(broker),
    fetch(broker),
    listOffsets(broker),
    metadata(broker),
    offsetCommit(broker),
    offsetFetch(broker),
    findCoordinator(broker),
    joinGroup(broker),
    heartbeat(broker),
    leaveGroup(broker),
    syncGroup(broker),
    describeGroups(broker),
    listGroups(broker),
    deleteRecords(broker),
    initProducerId(broker),
    offsetForLeaderEpoch(broker),
    describeConfigs(broker),
    alterReplicaLogDirs(broker),
    describeLogDirs(broker),
    deleteGroups(broker),
    offsetDelete(broker),
    describeCluster(broker),
    describeProducers(broker),
    listConfigResources(broker),
    describeTopicPartitions(broker),
    ...forwardedApis(broker),
  ]
  apis.push(
    apiVersions({ apis: () => apis, features: () => advertisedFeatures(broker.cluster.image) }),
  )
  return apis.sort((a, b) => a.apiKey - b.apiKey)
}
