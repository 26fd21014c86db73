/** A thread that a supervisor takes for a broker's, and that a bug ends on demand. */
import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '../../engine/cluster/node-messages.ts'

const tell = (message: FromWorker) => parentPort?.postMessage(message)

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'tap-wire') throw new Error('a bug')
  if (message.type === 'stop') parentPort?.close()
})
tell({ type: 'listens', role: 'broker', address: { host: '127.0.0.1', port: 1 } })
