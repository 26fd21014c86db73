/** What lies on disk: the local cluster's alone. All are `UNSUPPORTED` on a remote cluster. */
import { integer, literal, nullable, object, offset } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type {
  BrokerStorage,
  PartitionStorage,
  StorageBatchDetail,
  StorageBatches,
  StorageCompression,
  StorageIndex,
  StorageProducer,
} from '../model/storage.ts'
import { brokerId, cluster, INT32_MAX, partition, topic } from './names.ts'

const filePosition = integer({ min: 0, max: INT32_MAX })
const segment = { cluster, topic, partition, brokerId, baseOffset: offset }

export const storageApi = {
  commands: {
    'storage.partition': {
      /** Null is the leader's replica. */
      input: object({ cluster, topic, partition, brokerId: nullable(brokerId) }),
      output: returns<PartitionStorage>(),
    },
    /** Batches from a position on; `NOT_FOUND` where the segment is gone. */
    'storage.batches': {
      input: object({ ...segment, from: filePosition, limit: integer({ min: 1, max: 1_000 }) }),
      output: returns<StorageBatches>(),
    },
    'storage.batch': {
      input: object({ ...segment, position: filePosition }),
      output: returns<StorageBatchDetail>(),
    },
    'storage.index': {
      input: object({
        ...segment,
        kind: literal('offset', 'time'),
        from: integer({ min: 0, max: INT32_MAX }),
        limit: integer({ min: 1, max: 5_000 }),
      }),
      output: returns<StorageIndex>(),
    },
    /** Producers as the snapshot file of this offset has them. */
    'storage.snapshot': {
      input: object(segment),
      output: returns<readonly StorageProducer[]>(),
    },
    /** From some of the segment's batches, evenly spread where there are many. */
    'storage.compression': { input: object(segment), output: returns<StorageCompression>() },
    /** One that does not answer has a problem instead. */
    'storage.brokers': {
      input: object({ cluster }),
      output: returns<readonly BrokerStorage[]>(),
    },
  },
  streams: {},
  events: {},
} as const satisfies Contract
