/** Odradek's own nodes, as threads of this process; its clients are processes of their own. */
import { startCluster } from '../../../engine/cluster/start-cluster.ts'
import { BROKER_IDS, CONTROLLER_IDS, timings, type FailingCluster } from './failing-cluster.ts'

export async function startFailingOdradek(): Promise<FailingCluster> {
  const startedAtMs = Date.now()
  const words: string[] = []
  const cluster = await startCluster({
    brokers: BROKER_IDS.length,
    controllers: CONTROLLER_IDS.length,
    ports: BROKER_IDS.map(() => 0),
    configs: timings,
    onEvent: event => {
      if (event.type === 'log') words.push(`${event.node}: ${event.message}`)
    },
  })
  const node = (id: number) =>
    CONTROLLER_IDS.includes(id) ? cluster.controller(id) : cluster.broker(id)
  return {
    kind: 'odradek',
    bootstrap: cluster.bootstrap,
    processIds: [process.pid],
    startedAtMs,
    logFolders: cluster.brokers.map(({ folder }) => folder),
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
    kill: () => cluster.kill(),
    words: () => words.slice(-200).join('\n'),
  }
}
