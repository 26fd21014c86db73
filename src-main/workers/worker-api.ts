/**
 * What the application asks of an inspect worker: the contract's own kind of commands and streams,
 * over a port between two threads. Areas whose work is done there add theirs here; every input
 * names its `cluster`.
 */
import { decodeApi } from '../contract/api/decode.ts'
import { recordApi } from '../contract/api/record.ts'
import { cluster } from '../contract/api/names.ts'
import { offsetWorkApi } from '../offsets/offset-work-api.ts'
import { exportWorkApi } from '../export/export-work-api.ts'
import { statisticsWorkApi } from '../statistics/statistics-work-api.ts'
import { scanApi } from '../scan/scan-api.ts'
import { storageWorkApi } from '../storage/storage-work-api.ts'
import { topicWorkApi } from '../topics/topic-work-api.ts'
import { array, integer, object, string } from '../contract/check.ts'
import { returns, type Contract } from '../contract/define.ts'

const address = object({
  host: string({ minLength: 1, maxLength: 255 }),
  port: integer({ min: 1, max: 65_535 }),
})

const controlApi = {
  commands: {
    /** How to reach a cluster; sent before its first use, and again when that has changed. */
    'worker.know-cluster': {
      input: object({
        cluster,
        bootstrap: array(address, { maxLength: 1_000 }),
        clientId: string({ maxLength: 255 }),
      }),
      output: returns<void>(),
    },
    'worker.forget-cluster': { input: object({ cluster }), output: returns<void>() },
    /** Ends the thread once it has answered. */
    'worker.stop': { input: object({}), output: returns<void>() },
  },
  streams: {},
  events: {},
} as const satisfies Contract

export const workerApi = {
  commands: {
    ...controlApi.commands,
    ...recordApi.commands,
    ...decodeApi.commands,
    ...storageWorkApi.commands,
    ...scanApi.commands,
    ...offsetWorkApi.commands,
    ...topicWorkApi.commands,
  },
  streams: {
    ...recordApi.streams,
    ...scanApi.streams,
    ...exportWorkApi.streams,
    ...statisticsWorkApi.streams,
  },
  events: {},
} as const satisfies Contract

export type WorkerApi = typeof workerApi
