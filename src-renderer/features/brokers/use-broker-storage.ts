/** What brokers of ours keep on disk, asked again and again; null elsewhere, and until they say. */
import type { BrokerStorage } from '../../../src-main/contract/model/storage.ts'
import { Asked } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { useStore } from '../../ui/store.ts'

/** A broker makes a list of all its logs for it. */
const INTERVAL_MS = 10_000

export function useBrokerStorage(): readonly BrokerStorage[] | null {
  const client = useClient()
  const { id: cluster, kind } = useCluster()
  const isLocal = kind === 'local'
  const storage = useHeld(
    () =>
      new Asked<readonly BrokerStorage[] | null>(
        async (_before, signal) =>
          isLocal ? client.call('storage.brokers', { cluster }, signal) : null,
        isLocal ? INTERVAL_MS : null,
      ),
    cluster,
  )
  return useStore(storage).value
}
