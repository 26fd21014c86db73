/** Records of a cluster without pages: their thread starts when one is first asked for. */
import type { Cluster } from '../../engine/cluster/cluster.ts'
import { addressesOf, type ClusterConnection } from '../clusters/cluster-connection.ts'
import { ContractError } from '../contract/define.ts'
import type { RecordReader } from '../control/record-answer.ts'
import { recordReaderOf } from '../control/record-reader.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'

/** `clusterId` is the name by which the cluster is known on every surface. */
export function headlessRecords(
  cluster: Cluster,
  clusterId: string,
): RecordReader & { close(): Promise<void> } {
  let opened: Promise<InspectWorkers> | null = null
  const open = async () => {
    const { InspectWorkers } = await import('../workers/inspect-workers.ts')
    return new InspectWorkers({ connectionOf: id => connectionOf(cluster, clusterId, id) })
  }
  const reader = async () => recordReaderOf(await (opened ??= open()))
  return {
    get: async (input, signal) => (await reader()).get(input, signal),
    bytes: async (input, signal) => (await reader()).bytes(input, signal),
    close: async () => (await opened)?.close(),
  }
}

function connectionOf(cluster: Cluster, clusterId: string, asked: string): ClusterConnection {
  if (asked === clusterId) return { bootstrap: addressesOf(cluster.bootstrap), clientId: 'odradek' }
  throw new ContractError({
    code: 'NOT_FOUND',
    message: `no cluster is ${asked}: without pages there is ${clusterId} alone`,
  })
}
