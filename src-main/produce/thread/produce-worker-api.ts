/**
 * What the application asks of the thread that produces. The contract's own kind of commands, over
 * a port between two threads; runs are named by whoever starts them.
 */
import { produceApi } from '../../contract/api/produce.ts'
import { cluster } from '../../contract/api/names.ts'
import { array, integer, object, string } from '../../contract/check.ts'
import { returns, type Contract } from '../../contract/define.ts'
import type { ProduceRun } from '../../contract/model/produce.ts'

const address = object({
  host: string({ minLength: 1, maxLength: 255 }),
  port: integer({ min: 1, max: 65_535 }),
})
const runId = string({ minLength: 1, maxLength: 64 })

/** What the thread knows of a run; the rest its owner does. */
export type RunReport = Pick<
  ProduceRun,
  | 'state'
  | 'sentCount'
  | 'sentBytes'
  | 'failedCount'
  | 'retryCount'
  | 'last'
  | 'errors'
  | 'problem'
  | 'readBytes'
  | 'total'
>

const { commands } = produceApi

export const produceWorkerApi = {
  commands: {
    'worker.know-cluster': {
      input: object({
        cluster,
        bootstrap: array(address, { maxLength: 1_000 }),
        clientId: string({ maxLength: 255 }),
      }),
      output: returns<null>(),
    },
    'worker.stop': { input: object({}), output: returns<null>() },
    'produce.target': commands['produce.target'],
    'produce.preview': commands['produce.preview'],
    'produce.preview-file': commands['produce.preview-file'],
    'produce.send': commands['produce.send'],
    'run.start': {
      input: object({ runId, start: commands['produce.start'].input }),
      output: returns<null>(),
    },
    'run.feed': { input: commands['produce.feed'].input, output: returns<null>() },
    'run.stop': { input: object({ runId }), output: returns<null>() },
    'run.errors': {
      input: commands['produce.errors'].input,
      output: commands['produce.errors'].output,
    },
    /** The owner needs its errors no more. */
    'run.forget': { input: object({ runId }), output: returns<null>() },
  },
  streams: {
    /** Ends with the run, whose last report it then has. */
    'run.watch': { input: object({ runId }), item: returns<RunReport>() },
  },
  events: {},
} as const satisfies Contract

export type ProduceWorkerApi = typeof produceWorkerApi
