/** Looks anew when a node of the cluster that is shown was killed, paused, started: at once, not in turn. */
import { useEffect } from 'react'
import { useClient, useCluster } from './client-context.tsx'

/** `look` has to stay the same one from drawing to drawing. Nodes elsewhere change unheard. */
export function useNodesChanged(look: () => void): void {
  const client = useClient()
  const { id } = useCluster()
  useEffect(
    () =>
      client.on('nodes.changed', ({ cluster }) => {
        if (cluster === id) look()
      }),
    [client, id, look],
  )
}
