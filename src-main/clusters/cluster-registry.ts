/**
 * The clusters that the application is connected to. Whoever starts or adds a cluster registers it
 * here with its client; pages name it by its id.
 */
import type { Client } from '../../engine/client/client.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { ClusterState, ClusterSummary } from '../contract/model/cluster.ts'
import { addressesOf, type ClusterConnection } from './cluster-connection.ts'
import type { ClusterTraffic } from './cluster-traffic.ts'
import type { LocalCluster } from './local-cluster.ts'

export interface RegisteredCluster {
  readonly id: string
  readonly name: string
  readonly kind: 'local' | 'remote'
  readonly colour: string
  readonly readOnly: boolean
  /** Stays the same for as long as the cluster is registered: it reconnects by itself. */
  readonly client: Client
  /** Where the brokers' own counters are at hand. */
  readonly traffic?: ClusterTraffic
  /** Where it runs in this process. */
  readonly local?: LocalCluster
}

/** By which brokers' logs and quotas know us. */
const CLIENT_ID = 'odradek'

interface Entry {
  readonly cluster: RegisteredCluster
  status: ClusterStatus
}

export interface ClusterStatus {
  readonly state: ClusterState
  /** What clients connect to, as `127.0.0.1:9092,127.0.0.1:9093`. */
  readonly bootstrap: string
  readonly problem: Problem | null
}

export class ClusterRegistry {
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<() => void>()
  readonly #leaveListeners = new Set<(id: string) => void>()

  register(cluster: RegisteredCluster, status: ClusterStatus): void {
    this.#entries.set(cluster.id, { cluster, status })
    this.#changed()
  }

  /** Closes its client too. */
  unregister(id: string): void {
    this.#entries.get(id)?.cluster.client.close()
    if (!this.#entries.delete(id)) return
    for (const listener of this.#leaveListeners) listener(id)
    this.#changed()
  }

  setStatus(id: string, status: ClusterStatus): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    entry.status = status
    this.#changed()
  }

  /** Throws a `ContractError` NOT_FOUND. */
  get(id: string): RegisteredCluster {
    const entry = this.#entries.get(id)
    if (entry !== undefined) return entry.cluster
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no cluster is ${id}`,
      remedy: 'It may have been removed. Choose another on the left.',
    })
  }

  /** Throws a `ContractError` READ_ONLY where changes are not allowed. */
  getForChange(id: string): RegisteredCluster {
    const cluster = this.get(id)
    if (!cluster.readOnly) return cluster
    throw new ContractError({
      code: 'READ_ONLY',
      message: `cluster ${cluster.name} is read-only here`,
      remedy: 'Allow changes in its connection first.',
    })
  }

  /** How another thread reaches it. Throws a `ContractError` NOT_FOUND. */
  connectionOf(id: string): ClusterConnection {
    this.get(id)
    const { bootstrap } = this.#entries.get(id)!.status
    return { bootstrap: addressesOf(bootstrap), clientId: CLIENT_ID }
  }

  list(): readonly ClusterSummary[] {
    return [...this.#entries.values()].map(({ cluster, status }) => {
      const { id, name, kind, colour, readOnly } = cluster
      return { id, name, kind, colour, readOnly, ...status }
    })
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onUnregister(listener: (id: string) => void): () => void {
    this.#leaveListeners.add(listener)
    return () => this.#leaveListeners.delete(listener)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
