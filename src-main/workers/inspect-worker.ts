/**
 * The inspect thread: reads, decompresses, decodes and searches records, so that the main thread
 * need not. It serves its owner until it is told to stop; a mistake in it ends it, and its owner
 * hears why and starts another.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { holdEndsOff } from '../../engine/protocol/records/native.ts'
import type { EndCell } from '../../engine/support/thread-end.ts'
import { EventHub } from '../contract/event-hub.ts'
import { serve } from '../contract/serve.ts'
import { threadPort } from './thread-port.ts'
import { workerApi, type WorkerApi } from './worker-api.ts'
import { workerHandlers } from './worker-handlers.ts'

export interface InspectWorkerData {
  readonly endCell: EndCell
}

holdEndsOff((workerData as InspectWorkerData).endCell)
const owner = parentPort!
serve({
  contract: workerApi,
  handlers: workerHandlers(() => owner.close()),
  events: new EventHub<WorkerApi>(),
  port: threadPort(owner, () => owner.close()),
})
owner.postMessage('ready')
