/** Quorum, nodes and moves of the cluster that is shown, asked for while a page shows them. */
import type { ClusterReplication } from '../../src-main/contract/model/replication.ts'
import { AskedAnswer, type Answer } from '../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { useNodesChanged } from '../connection/nodes-changed.ts'
import { useStore } from '../ui/store.ts'

const INTERVAL_MS = 1_000

export function useClusterReplication(): Answer<ClusterReplication> & {
  readonly refresh: () => void
} {
  const client = useClient()
  const cluster = useCluster().id
  const answer = useHeld(
    () => new AskedAnswer(client, 'replication.cluster', { cluster }, INTERVAL_MS),
    cluster,
  )
  useNodesChanged(answer.refresh)
  return { ...useStore(answer), refresh: answer.refresh }
}
