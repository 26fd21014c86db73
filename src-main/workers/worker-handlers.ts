/** An inspect worker's handlers, put together from one function per area. */
import type { Client } from '../../engine/client/client.ts'
import { openClient, type ClusterConnection } from '../clusters/cluster-connection.ts'
import { wait } from '../clusters/wait.ts'
import { ContractError, type Handlers } from '../contract/define.ts'
import { exportWork } from '../export/export-work.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { offsetWork } from '../offsets/offset-work.ts'
import { decodeWork } from '../records/decode-work.ts'
import { RecordDetails } from '../records/record-detail.ts'
import { recordWork } from '../records/record-work.ts'
import { RunningScans } from '../scan/running-scans.ts'
import { scanWork } from '../scan/scan-work.ts'
import { statisticsWork } from '../statistics/statistics-work.ts'
import { storageWork } from '../storage/storage-work.ts'
import { topicWork } from '../topics/topic-work.ts'
import type { WorkerApi } from './worker-api.ts'

export function workerHandlers(stop: () => void): Handlers<WorkerApi> {
  const clients = new WorkerClients()
  const context: WorkContext = {
    clientOf: cluster => clients.get(cluster),
    scanClientOf: cluster => clients.getForScan(cluster),
    nowMs: Date.now,
    wait,
  }
  // Records that are shown are decoded a moment later, so both look into the same batches.
  const details = new RecordDetails(context.nowMs)
  const record = recordWork(context, details)
  const decoding = decodeWork(context, details)
  const running = new RunningScans()
  const scan = scanWork(context, running)
  const exporting = exportWork(context, running)
  const statistics = statisticsWork(context, running)
  return {
    commands: {
      'worker.know-cluster': async ({ cluster, ...connection }) => clients.set(cluster, connection),
      'worker.forget-cluster': async ({ cluster }) => clients.delete(cluster),
      'worker.stop': async () => {
        clients.close()
        // After the answer has left.
        setImmediate(stop)
      },
      ...record.commands,
      ...decoding.commands,
      ...storageWork().commands,
      ...scan.commands,
      ...offsetWork(context).commands,
      ...topicWork(context).commands,
    },
    streams: {
      ...record.streams,
      ...scan.streams,
      ...exporting.streams,
      ...statistics.streams,
    },
  }
}

/** This thread's clients: of each cluster one for pages, and one for scans when they need it. */
class WorkerClients {
  readonly #clients = new Map<string, KnownCluster>()

  get(cluster: string): Client {
    return this.#known(cluster).client
  }

  getForScan(cluster: string): Client {
    const known = this.#known(cluster)
    known.scanClient ??= openClient(known.connection)
    return known.scanClient
  }

  set(cluster: string, connection: ClusterConnection): void {
    this.delete(cluster)
    this.#clients.set(cluster, { connection, client: openClient(connection), scanClient: null })
  }

  delete(cluster: string): void {
    const known = this.#clients.get(cluster)
    known?.client.close()
    known?.scanClient?.close()
    this.#clients.delete(cluster)
  }

  close(): void {
    for (const cluster of this.#clients.keys()) this.delete(cluster)
  }

  #known(cluster: string): KnownCluster {
    const known = this.#clients.get(cluster)
    if (known !== undefined) return known
    throw new ContractError({ code: 'NOT_FOUND', message: `no cluster is ${cluster}` })
  }
}

interface KnownCluster {
  readonly connection: ClusterConnection
  readonly client: Client
  scanClient: Client | null
}
