/**
 * AlterReplicaLogDirs (key 34) moves replicas of the asked broker to another of its log folders
 * (KIP-113).
 *
 * Versions: 1 only changes throttling. 2 is flexible.
 */
import { array, int16, int32, message, string, struct, type Infer } from '../schema.ts'

export const alterReplicaLogDirsRequest = message({
  name: 'AlterReplicaLogDirsRequest',
  apiKey: 34,
  versions: [1, 2],
  flexibleSince: 2,
  fields: {
    dirs: array(
      struct({
        path: string(),
        topics: array(struct({ name: string(), partitions: array(int32()) })),
      }),
    ),
  },
})
export type AlterReplicaLogDirsRequest = Infer<typeof alterReplicaLogDirsRequest>

export const alterReplicaLogDirsResponse = message({
  name: 'AlterReplicaLogDirsResponse',
  apiKey: 34,
  versions: [1, 2],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    results: array(
      struct({
        topicName: string(),
        partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
      }),
    ),
  },
})
export type AlterReplicaLogDirsResponse = Infer<typeof alterReplicaLogDirsResponse>
