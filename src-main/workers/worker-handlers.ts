/** An inspect worker's handlers, put together from one function per area. */
import type { Client } from '../../engine/client/client.ts'
import { openClient, type ClusterConnection } from '../clusters/cluster-connection.ts'
import { wait } from '../clusters/wait.ts'
import { ContractError, type Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { findLandings } from '../offsets/landings.ts'
import { decodeWork } from '../records/decode-work.ts'
import { RecordDetails } from '../records/record-detail.ts'
import { recordWork } from '../records/record-work.ts'
import { storageWork } from '../storage/storage-work.ts'
import type { WorkerApi } from './worker-api.ts'

export function workerHandlers(stop: () => void): Handlers<WorkerApi> {
  const clients = new WorkerClients()
  const context: WorkContext = {
    clientOf: cluster => clients.get(cluster),
    nowMs: Date.now,
    wait,
  }
  // Records that are shown are decoded a moment later, so both look into the same batches.
  const details = new RecordDetails(context.nowMs)
  const record = recordWork(context, details)
  const decoding = decodeWork(context, details)
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
      'offset.landings': async ({ cluster, places }, signal) =>
        findLandings(clients.get(cluster), places, signal),
    },
    streams: { ...record.streams },
  }
}

/** This thread's clients, one for each cluster. */
class WorkerClients {
  readonly #clients = new Map<string, Client>()

  get(cluster: string): Client {
    const client = this.#clients.get(cluster)
    if (client !== undefined) return client
    throw new ContractError({ code: 'NOT_FOUND', message: `no cluster is ${cluster}` })
  }

  set(cluster: string, connection: ClusterConnection): void {
    this.delete(cluster)
    this.#clients.set(cluster, openClient(connection))
  }

  delete(cluster: string): void {
    this.#clients.get(cluster)?.close()
    this.#clients.delete(cluster)
  }

  close(): void {
    for (const client of this.#clients.values()) client.close()
    this.#clients.clear()
  }
}
