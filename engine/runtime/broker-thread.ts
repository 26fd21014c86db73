/** The thread of a broker. */
import type { BrokerWorkerData } from '../cluster/node-messages.ts'
import { Broker } from '../broker/broker.ts'
import { nodeClock } from './node-clock.ts'
import { NodeDisk } from './node-disk.ts'
import { nodeNetwork } from './node-network.ts'
import { nodeRandom } from './node-random.ts'
import { runNode, supervisorLogger, tellSupervisor } from './node-worker.ts'

/** How often the supervisor hears what went through. */
const TRAFFIC_INTERVAL_MS = 1_000

runNode<BrokerWorkerData>({
  async start(data, messages) {
    const { address: controllerAddress } = await messages.next('controller-listens')
    const broker = await Broker.start({
      ...data,
      controllerAddress,
      disk: new NodeDisk(),
      network: nodeNetwork,
      clock: nodeClock,
      random: nodeRandom,
      logger: supervisorLogger,
      onGroupJournal: event => tellSupervisor({ type: 'group-journal', event }),
    })
    tellSupervisor({ type: 'listens', address: broker.address })
    const reporting = setInterval(() => {
      const report = {
        atMs: nodeClock.nowMs(),
        byTopic: broker.traffic.snapshot(),
        connectionCount: broker.connectionCount,
      }
      tellSupervisor({ type: 'traffic', report })
    }, TRAFFIC_INTERVAL_MS)
    return {
      async stop() {
        clearInterval(reporting)
        await broker.stop()
      },
    }
  },
})
