/** What the application asks an inspect worker about files, once it knows where they lie. */
import { integer, literal, object, offset, string } from '../contract/check.ts'
import { returns, type Contract } from '../contract/define.ts'
import type {
  StorageBatchDetail,
  StorageBatches,
  StorageCompression,
  StorageFile,
  StorageIndex,
  StorageProducer,
} from '../contract/model/storage.ts'
import { cluster, INT32_MAX } from '../contract/api/names.ts'

const position = integer({ min: 0, max: INT32_MAX })
const folder = string({ minLength: 1, maxLength: 4_096 })
/** `end`: where the broker says that the batches end. */
const segment = { cluster, folder, baseOffset: offset, end: position }

export const storageWorkApi = {
  commands: {
    'files.list': { input: object({ cluster, folder }), output: returns<readonly StorageFile[]>() },
    'files.batches': {
      input: object({ ...segment, from: position, limit: integer({ min: 1, max: 1_000 }) }),
      output: returns<StorageBatches>(),
    },
    'files.batch': {
      input: object({ ...segment, position }),
      output: returns<StorageBatchDetail>(),
    },
    'files.index': {
      input: object({
        ...segment,
        kind: literal('offset', 'time'),
        from: position,
        limit: integer({ min: 1, max: 5_000 }),
      }),
      output: returns<StorageIndex>(),
    },
    'files.snapshot': { input: object(segment), output: returns<readonly StorageProducer[]>() },
    'files.compression': { input: object(segment), output: returns<StorageCompression>() },
  },
  streams: {},
  events: {},
} as const satisfies Contract
