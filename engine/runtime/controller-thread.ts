/** The thread of a controller. */
import type { ControllerWorkerData } from '../cluster/node-messages.ts'
import { ControllerNode } from '../controller-node/controller-node.ts'
import { nodeClock } from './node-clock.ts'
import { NodeDisk } from './node-disk.ts'
import { nodeNetwork } from './node-network.ts'
import { nodeRandom } from './node-random.ts'
import { runNode, supervisorLogger, tellSupervisor } from './node-worker.ts'

runNode<ControllerWorkerData>({
  async start(data) {
    const node = await ControllerNode.start({
      ...data,
      brokersAreDown: true,
      disk: new NodeDisk(),
      network: nodeNetwork,
      clock: nodeClock,
      random: nodeRandom,
      logger: supervisorLogger,
    })
    tellSupervisor({ type: 'listens', address: node.address })
    return { stop: () => node.close() }
  },
})
