/** A node's server on a network in memory, which answers what the test has it answer. */
import type { Address } from '../../../engine/ports/network.ts'
import { apiVersions } from '../../../engine/server/api-versions.ts'
import { Dispatcher, type ServedApi } from '../../../engine/server/dispatcher.ts'
import { NodeServer } from '../../../engine/server/node-server.ts'
import type { InMemoryNetwork } from '../in-memory-network.ts'
import type { ManualClock } from '../manual-clock.ts'

export async function serveNode(options: {
  readonly network: InMemoryNetwork
  readonly clock: ManualClock
  readonly address: Address
  readonly apis: readonly ServedApi[]
}): Promise<void> {
  const { network, clock, address, apis } = options
  const features = () => ({ supported: [], finalized: [], finalizedEpoch: -1n })
  const served = [...apis]
  served.push(apiVersions({ apis: () => served, features }))
  const server = await NodeServer.listen({
    network,
    address,
    dispatcher: new Dispatcher({
      apis: served,
      nowMs: () => clock.nowMs(),
    }),
    timestampMs: () => clock.nowMs(),
    requestBytesMax: 1024 * 1024,
  })
  server.serve()
}
