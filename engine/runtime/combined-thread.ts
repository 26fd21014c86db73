/** The thread of a node that is controller and broker at once. */
import type { CombinedWorkerData } from '../cluster/node-messages.ts'
import { runNode, tellSupervisor } from './node-worker.ts'
import { runBroker } from './run-broker.ts'
import { runController } from './run-controller.ts'

runNode<CombinedWorkerData>({
  async start({ controller, broker }, messages) {
    const runningController = await runController(controller, messages)
    const runningBroker = await runBroker(broker, messages)
    let leaving: Promise<void> | null = null
    const leave = () => (leaving ??= runningBroker.stop())
    const left = () => tellSupervisor({ type: 'left' })
    // How it ended is the matter of the stop, which follows.
    messages.on('leave', () => void leave().then(left, left))
    return {
      async stop() {
        await leave()
        await runningController.stop()
      },
    }
  },
})
