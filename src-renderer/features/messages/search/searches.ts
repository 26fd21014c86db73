/** The searches of a cluster, as tabs show them: asked for again whenever one comes or goes. */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { Store } from '../../../ui/store.ts'

const RUNNING_INTERVAL_MS = 2_000

export class Searches extends Store<readonly SearchSummary[]> {
  readonly #client: ApplicationClient
  readonly #cluster: string
  #stops: (() => void)[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = true

  constructor(client: ApplicationClient, cluster: string) {
    super([])
    this.#client = client
    this.#cluster = cluster
  }

  open(): void {
    this.#closed = false
    this.#stops = [
      this.#client.on('searches.changed', ({ cluster }) => {
        if (cluster === this.#cluster) void this.refresh()
      }),
      this.#client.onState(state => {
        if (state.type === 'open') void this.refresh()
      }),
    ]
    void this.refresh()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
  }

  async refresh(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      const list = await this.#client.call('search.list', { cluster: this.#cluster })
      if (!this.#closed) this.replace(list)
    } catch {
      // Without the list there are no tabs; what is wrong is said where results are read.
    }
    const runs = this.snapshot().some(({ progress }) => progress.state === 'running')
    if (runs && !this.#closed)
      this.#timer = setTimeout(() => void this.refresh(), RUNNING_INTERVAL_MS)
  }
}

/** Those that look through a page's topic first of all. */
export function searchesOf(all: readonly SearchSummary[], topic: string): readonly SearchSummary[] {
  return all
    .filter(({ topics }) => topics[0] === topic)
    .toSorted((a, b) => (a.startedAtMs < b.startedAtMs ? -1 : 1))
}
