/** The producing thread: makes records, compresses and sends them, so that the main one need not. */
import { parentPort } from 'node:worker_threads'
import { EventHub } from '../../contract/event-hub.ts'
import { serve } from '../../contract/serve.ts'
import { threadPort } from '../../workers/thread-port.ts'
import { produceWorkerApi, type ProduceWorkerApi } from './produce-worker-api.ts'
import { produceWork } from './produce-work.ts'

const owner = parentPort!
serve({
  contract: produceWorkerApi,
  handlers: produceWork(() => owner.close()),
  events: new EventHub<ProduceWorkerApi>(),
  port: threadPort(owner, () => owner.close()),
})
