/** Records of a cluster without pages: their thread starts when one is first asked for. */
import type { Cluster } from '../../engine/cluster/cluster.ts'
import { addressesOf, type ClusterConnection } from '../clusters/cluster-connection.ts'
import { ContractError } from '../contract/define.ts'
import type { RecordReader } from '../control/record-answer.ts'
import { recordReaderOf } from '../control/record-reader.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'

export class HeadlessRecords {
  readonly #cluster: Cluster
  /** By which it is known on every surface. */
  readonly #clusterId: string
  #workers: Promise<InspectWorkers> | null = null

  constructor(cluster: Cluster, clusterId: string) {
    this.#cluster = cluster
    this.#clusterId = clusterId
  }

  async reader(): Promise<RecordReader> {
    this.#workers ??= this.#open()
    return recordReaderOf(await this.#workers)
  }

  async close(): Promise<void> {
    await (await this.#workers)?.close()
  }

  async #open(): Promise<InspectWorkers> {
    const { InspectWorkers } = await import('../workers/inspect-workers.ts')
    return new InspectWorkers({ connectionOf: id => this.#connectionOf(id) })
  }

  #connectionOf(id: string): ClusterConnection {
    if (id === this.#clusterId)
      return { bootstrap: addressesOf(this.#cluster.bootstrap), clientId: 'odradek' }
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no cluster is ${id}: without pages there is ${this.#clusterId} alone`,
    })
  }
}
