/** The thread of a controller. */
import type { ControllerWorkerData } from '../cluster/node-messages.ts'
import { runController } from './run-controller.ts'
import { runNode } from './node-worker.ts'

runNode<ControllerWorkerData>({ start: (data, messages) => runController(data, messages) })
