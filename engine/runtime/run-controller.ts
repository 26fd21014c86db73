/** A controller in the present thread. */
import type { ControllerWorkerData } from '../cluster/node-messages.ts'
import { ControllerNode } from '../controller-node/controller-node.ts'
import { nodeClock } from './node-clock.ts'
import { NodeDisk } from './node-disk.ts'
import { nodeNetwork } from './node-network.ts'
import { nodeRandom } from './node-random.ts'
import {
  supervisorLogger,
  tellSupervisor,
  unflushedFiles,
  type NodeMessages,
} from './node-worker.ts'

export async function runController(
  data: ControllerWorkerData,
  messages: NodeMessages,
): Promise<{ stop(): Promise<void> }> {
  const node = await ControllerNode.start({
    ...data,
    // A temporary folder is gone before any power could be: what counts is what a cut would take.
    disk: new NodeDisk({ unflushed: unflushedFiles(), syncs: !data.ephemeral }),
    network: nodeNetwork,
    clock: nodeClock,
    random: nodeRandom,
    logger: supervisorLogger,
  })
  messages.onControllers(addresses => node.knowQuorum(addresses))
  const { address, directoryId } = node
  tellSupervisor({ type: 'listens', role: 'controller', address, directoryId })
  return { stop: () => node.close() }
}
