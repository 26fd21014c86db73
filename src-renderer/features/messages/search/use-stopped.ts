/** Stops a search that another took the place of: what it found stays, and nobody waits for more. */
import { useEffect, useRef } from 'react'
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { useLatest } from '../../../ui/use-latest.ts'

export function useStopped(
  all: readonly SearchSummary[],
  current: string | null,
  client: ApplicationClient,
): void {
  const before = useRef<string | null>(null)
  const known = useLatest(all)
  useEffect(() => {
    const left = before.current
    before.current = current
    if (left === null || current === null || left === current) return
    const summary = known.current.find(({ searchId }) => searchId === left)
    const runs = summary?.progress.state === 'running' || summary?.progress.state === 'waiting'
    if (summary === undefined || summary.pinned || !runs) return
    client.call('search.stop', { searchId: left }).catch(() => {
      // It ended by itself meanwhile.
    })
  }, [current, client, known])
}
