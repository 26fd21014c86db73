/**
 * AlterReplicaLogDirs (key 34): a replica is to move to another log folder of this broker. There
 * is one folder, so a replica is there already, and any other folder does not exist.
 */
import { errorCode, type ErrorName } from '../../protocol/errors.ts'
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
  type AlterReplicaLogDirsRequest,
} from '../../protocol/messages/alter-replica-log-dirs.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

export function alterReplicaLogDirs(broker: BrokerServices): ServedApi {
  const { replicas, cluster } = broker
  const outcome = (path: string, topic: string, index: number): ErrorName => {
    if (withoutSlash(path) !== withoutSlash(replicas.folderPath)) return 'LOG_DIR_NOT_FOUND'
    if (replicas.find(topic, index) !== null) return 'NONE'
    const elsewhere = cluster.topicByName(topic)?.partitions[index] !== undefined
    return elsewhere ? 'REPLICA_NOT_AVAILABLE' : 'UNKNOWN_TOPIC_OR_PARTITION'
  }
  return servedApi({
    request: alterReplicaLogDirsRequest,
    response: alterReplicaLogDirsResponse,
    handle: request => ({
      throttleTimeMs: 0,
      results: [...pathsByTopic(request)].map(([topicName, paths]) => ({
        topicName,
        partitions: [...paths].map(([partitionIndex, path]) => ({
          partitionIndex,
          errorCode: errorCode(outcome(path, topicName, partitionIndex)),
        })),
      })),
    }),
    failed: ({ code }, request) => ({
      throttleTimeMs: 0,
      results: [...pathsByTopic(request)].map(([topicName, paths]) => ({
        topicName,
        partitions: [...paths.keys()].map(partitionIndex => ({ partitionIndex, errorCode: code })),
      })),
    }),
  })
}

/** Where each partition is wanted. Of one that is named twice, the later folder counts. */
function pathsByTopic({
  dirs,
}: AlterReplicaLogDirsRequest): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const byTopic = new Map<string, Map<number, string>>()
  for (const { path, topics } of dirs)
    for (const { name, partitions } of topics) {
      const paths = byTopic.get(name) ?? new Map<number, string>()
      byTopic.set(name, paths)
      for (const index of partitions) paths.set(index, path)
    }
  return byTopic
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
