/** How a cluster is reached, as plain data: every thread opens a client of its own from it. */
import { createClient, type Client } from '../../engine/client/client.ts'
import type { Address } from '../../engine/ports/network.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'

export interface ClusterConnection {
  readonly bootstrap: readonly Address[]
  readonly clientId: string
}

export function openClient({ bootstrap, clientId }: ClusterConnection): Client {
  return createClient({ network: nodeNetwork, clock: nodeClock, bootstrap, clientId })
}

/** As `127.0.0.1:9092,[::1]:9093`. */
export function addressesOf(bootstrap: string): Address[] {
  return bootstrap.split(',').flatMap(each => {
    const colon = each.lastIndexOf(':')
    const host = each.slice(0, colon).replace(/^\[|\]$/g, '')
    const port = Number(each.slice(colon + 1))
    return colon > 0 && Number.isInteger(port) ? { host, port } : []
  })
}
