/** Odradek's own nodes as threads of this process; those that join later are of this thread. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '../../../engine/cluster/start-cluster.ts'
import { METADATA_SEGMENT, type ChangingQuorum, type QuorumOptions } from './changing-quorum.ts'

export async function startOdradekQuorum(options: QuorumOptions): Promise<ChangingQuorum> {
  const words: string[] = []
  const cluster = await startCluster({
    brokers: 1,
    controllers: options.voterIds.length,
    ports: [0],
    ...(options.configs && { configs: options.configs }),
    onEvent: event => {
      if (event.type === 'log') words.push(`${event.node}: ${event.message}`)
    },
  })
  const controllerOf = (id: number) => cluster.controllers.find(({ nodeId }) => nodeId === id)!
  const node = (id: number) => (id >= 3000 ? cluster.controller(id) : cluster.broker(id))
  return {
    kind: 'odradek',
    bootstrap: cluster.bootstrap,
    controllerAddress: id => `127.0.0.1:${controllerOf(id).address.port}`,
    startNew: async () => {},
    properties: () => '',
    directoryId: async id => {
      const properties = readFileSync(join(controllerOf(id).folder, 'meta.properties'), 'utf8')
      return /^directory\.id=(.+)$/m.exec(properties)![1]!
    },
    async fail(id, fault) {
      if (fault === 'kill') await node(id).kill()
      else if (fault === 'pause') await node(id).pause()
      else await node(id).stop()
    },
    async recover(id, fault) {
      if (fault === 'pause') await node(id).resume()
      else await node(id).start()
    },
    logOf: id => join(controllerOf(id).folder, METADATA_SEGMENT),
    words: id => words.filter(line => line.includes(String(id))).join('\n'),
    stop: () => cluster.stop(),
  }
}
