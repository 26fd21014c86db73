/**
 * AssignReplicasToDirs (key 73) tells the controller in which log folder of a broker its replicas
 * lie (KIP-858). Brokers send it.
 */
import { array, int16, int32, int64, message, struct, uuid, type Infer } from '../schema.ts'

export const assignReplicasToDirsRequest = message({
  name: 'AssignReplicasToDirsRequest',
  apiKey: 73,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    directories: array(
      struct({
        id: uuid(),
        topics: array(
          struct({
            topicId: uuid(),
            partitions: array(struct({ partitionIndex: int32() })),
          }),
        ),
      }),
    ),
  },
})
export type AssignReplicasToDirsRequest = Infer<typeof assignReplicasToDirsRequest>

export const assignReplicasToDirsResponse = message({
  name: 'AssignReplicasToDirsResponse',
  apiKey: 73,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array(
      struct({
        id: uuid(),
        topics: array(
          struct({
            topicId: uuid(),
            partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
          }),
        ),
      }),
    ),
  },
})
export type AssignReplicasToDirsResponse = Infer<typeof assignReplicasToDirsResponse>
