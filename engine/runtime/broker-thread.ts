/** The thread of a broker. */
import type { BrokerWorkerData } from '../cluster/node-messages.ts'
import { runBroker } from './run-broker.ts'
import { runNode } from './node-worker.ts'

runNode<BrokerWorkerData>({ start: (data, messages) => runBroker(data, messages) })
