/** Odradek's own nodes, as threads of this process. */
import { startCluster } from '../../../engine/cluster/start-cluster.ts'
import { BROKER_ID, type ChangingQuorum, type QuorumOptions } from './changing-quorum.ts'

export async function startOdradekQuorum({ voterIds }: QuorumOptions): Promise<ChangingQuorum> {
  const cluster = await startCluster({ brokers: 1, controllers: voterIds.length, ports: [0] })
  const node = (id: number) => (id === BROKER_ID ? cluster.broker(id) : cluster.controller(id))
  return {
    bootstrap: cluster.bootstrap,
    controllerAddress(id) {
      const { host, port } = cluster.controllers.find(({ nodeId }) => nodeId === id)!.address
      return `${host}:${port}`
    },
    add: () => cluster.addController(),
    remove: id => cluster.removeController(id),
    async fail(id, fault) {
      if (fault === 'kill') await node(id).kill()
      else if (fault === 'pause') await node(id).pause()
      else await node(id).stop()
    },
    async recover(id, fault) {
      if (fault === 'pause') await node(id).resume()
      else await node(id).start()
    },
    stop: () => cluster.stop(),
  }
}
