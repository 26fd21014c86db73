/**
 * What becomes of a search when the page shows another: asked again, the old answer makes room for
 * the new one; after another question it stops, and what it found stays. Pinned ones are left alone.
 */
import { useEffect, useRef } from 'react'
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { useLatest } from '../../../ui/use-latest.ts'

interface Shown {
  readonly searchId: string
  /** The question, as the address writes it. */
  readonly question: string
}

export function useSuperseded(
  all: readonly SearchSummary[],
  current: string | null,
  question: string,
  client: ApplicationClient,
): void {
  const before = useRef<Shown | null>(null)
  const known = useLatest({ all, question })
  useEffect(() => {
    // Between two searches there is none, and the one before is still the one before.
    if (current === null) return
    const left = before.current
    before.current = { searchId: current, question: known.current.question }
    if (left === null || left.searchId === current) return
    const summary = known.current.all.find(({ searchId }) => searchId === left.searchId)
    if (summary === undefined || summary.pinned) return
    const { state } = summary.progress
    const again = left.question === known.current.question
    if (!again && state !== 'running' && state !== 'waiting') return
    const { searchId } = left
    client.call(again ? 'search.close' : 'search.stop', { searchId }).catch(() => {
      // It ended or was closed meanwhile, which is what was wanted.
    })
  }, [current, client, known])
}
