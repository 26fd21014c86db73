/** What several parts of the page watch of one cluster: its overview, and two minutes of rates. */
import { createContext, use, type ReactNode } from 'react'
import type { ApplicationClient } from '../../src-main/contract/api.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import { isSilence } from '../../src-main/contract/problem.ts'
import type { RatesSample, RatesUpdate } from '../../src-main/contract/model/rates.ts'
import { Store, useStore } from '../ui/store.ts'
import { StreamedAnswer, type Answer } from './answer.ts'
import { useClient, useCluster, useHeld } from './client-context.tsx'
import { useNodesChanged } from './nodes-changed.ts'
import type { ClusterOverview } from '../../src-main/contract/model/cluster.ts'

export const RATES_KEPT_MS = 120_000n
const OVERVIEW_INTERVAL_MS = 1_000

export interface RatesHistory {
  readonly samples: readonly RatesSample[]
  readonly source: RatesUpdate['source'] | null
  readonly problem: Problem | null
}

export class RatesWatch extends Store<RatesHistory> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  #stop: (() => void) | null = null

  constructor(client: ApplicationClient, cluster: string) {
    super({ samples: [], source: null, problem: null })
    this.#client = client
    this.#cluster = cluster
  }

  open(): void {
    this.#stop = this.#client.stream(
      'rates.watch',
      { cluster: this.#cluster, topics: [] },
      {
        onItem: update => this.#add(update),
        onEnd: problem => this.replace({ ...this.snapshot(), problem }),
      },
    )
  }

  close(): void {
    this.#stop?.()
  }

  /** After a lost connection the history comes anew, so samples are told apart by their time. */
  #add(update: RatesUpdate): void {
    const known = this.snapshot().samples
    const lastMs = known.at(-1)?.atMs
    const fresh = update.samples.filter(sample => lastMs === undefined || sample.atMs > lastMs)
    const samples = [...known, ...fresh]
    const oldestMs = (samples.at(-1)?.atMs ?? 0n) - RATES_KEPT_MS
    this.replace({
      samples: samples.filter(sample => sample.atMs >= oldestMs),
      source: update.source,
      problem: null,
    })
  }
}

interface ClusterLive {
  readonly overview: StreamedAnswer<'cluster.watch'>
  readonly rates: RatesWatch
}

const LiveContext = createContext<ClusterLive | null>(null)

export function ClusterLiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useClient()
  const cluster = useCluster().id
  const overview = useHeld(
    () =>
      new StreamedAnswer(client, 'cluster.watch', { cluster, intervalMs: OVERVIEW_INTERVAL_MS }),
    cluster,
  )
  useNodesChanged(overview.refresh)
  const rates = useHeld(() => new RatesWatch(client, cluster), cluster)
  return <LiveContext value={{ overview, rates }}>{children}</LiveContext>
}

export function useOverview(): Answer<ClusterOverview> {
  return useStore(useLive().overview)
}

/** Whether nobody answers for a cluster that should run: what is shown of it is from before. */
export function useSilence(): boolean {
  const { problem } = useOverview()
  return useCluster().state === 'running' && problem !== null && isSilence(problem)
}

export function useOverviewRetry(): () => void {
  return useLive().overview.refresh
}

export function useRates(): RatesHistory {
  return useStore(useLive().rates)
}

function useLive(): ClusterLive {
  const live = use(LiveContext)
  if (live === null) throw new Error('a page was drawn outside of its cluster')
  return live
}
