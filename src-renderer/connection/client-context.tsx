/** Hands the client and the chosen cluster down to the features. */
import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react'
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { ConnectionState } from '../../src-main/contract/define.ts'
import type { ClusterSummary } from '../../src-main/contract/model/cluster.ts'

export const ClientContext = createContext<ApplicationClient | null>(null)
export const ClusterContext = createContext<ClusterSummary | null>(null)

export function useClient(): ApplicationClient {
  const client = use(ClientContext)
  if (client === null) throw new Error('a page was drawn outside of its client')
  return client
}

export function useCluster(): ClusterSummary {
  const cluster = use(ClusterContext)
  if (cluster === null) throw new Error('a page was drawn without a cluster')
  return cluster
}

export function useConnectionState(client: ApplicationClient): ConnectionState {
  return useSyncExternalStore(
    listener => client.onState(listener),
    () => client.state,
  )
}

/** What a page holds while it is shown: nothing is asked before `open`, and nothing after `close`. */
export interface Held {
  open(): void
  close(): void
}

/** Makes a store for the page that is shown, and another when `key` changes. */
export function useHeld<T extends Held>(make: () => T, key: string): T {
  const [held, setHeld] = useState(() => ({ key, store: make() }))
  let current = held
  if (held.key !== key) {
    current = { key, store: make() }
    setHeld(current)
  }
  const { store } = current
  useEffect(() => {
    store.open()
    return () => store.close()
  }, [store])
  return store
}
