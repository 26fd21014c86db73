/** A thread that a supervisor takes for a broker's, and that on demand a bug ends or that hangs. */
import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '../../engine/cluster/node-messages.ts'

const tell = (message: FromWorker) => parentPort?.postMessage(message)

let hangs = false
parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'tap-wire') throw new Error('a bug')
  if (message.type === 'leave') hangs = true
  if (message.type === 'stop' && !hangs) parentPort?.close()
})
tell({ type: 'listens', role: 'broker', address: { host: '127.0.0.1', port: 1 } })
