/** Starts what the address asks for, and keeps the tabs of what was searched before. */
import { useEffect } from 'react'
import type { RowLook, SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { useClient, useCluster, useHeld } from '../../../connection/client-context.tsx'
import { useZone } from '../../../ui/format/zone-context.ts'
import { useStore } from '../../../ui/store.ts'
import { isSearch, queryKey, type MessagesQuery, type MessagesSearch } from '../query/address.ts'
import { scanInputOf } from '../query/scan-input.ts'
import { NO_FILTER_SEARCH } from '../query/filter-text.ts'
import { addressOfSearch } from './search-address.ts'
import { Searches, searchesOf } from './searches.ts'
import { StartedSearch } from './started-search.ts'
import { useSuperseded } from './use-superseded.ts'

interface SearchesOptions {
  readonly topic: string
  readonly query: MessagesQuery
  readonly search: MessagesSearch
  readonly reads: number
  readonly look: RowLook
  readonly change: (next: Partial<MessagesSearch>, replace?: boolean) => void
}

export function useSearches({ topic, query, search, reads, look, change }: SearchesOptions) {
  const client = useClient()
  const cluster = useCluster().id
  const zone = useZone()
  const list = useHeld(() => new Searches(client, cluster), cluster)
  const all = useStore(list)
  const wanted = isSearch(query) && search.run === undefined
  const started = useHeld(
    () =>
      new StartedSearch(
        client,
        wanted
          ? () => ({
              ...scanInputOf(query, { cluster, topic, nowMs: Date.now(), zone }),
              decoders: look.decoders,
              fields: look.fields,
            })
          : null,
      ),
    wanted ? [cluster, topic, queryKey(query), reads].join('|') : '',
  )
  const { searchId, problem } = useStore(started)
  useEffect(() => {
    if (wanted && searchId !== null) change({ run: searchId }, true)
  }, [wanted, searchId, change])

  // A link that names a search alone: its question fills the toolbar.
  const named = isSearch(query) ? undefined : search.run
  const found = named === undefined ? undefined : all.find(each => each.searchId === named)
  useEffect(() => {
    if (found !== undefined) change(addressOfSearch(found, topic), true)
  }, [found, change, topic])

  useSuperseded(all, search.run ?? null, queryKey(query), client)

  /** Columns and decoders stay as they are: what a search lacks of them is read for its rows. */
  const open = (found: SearchSummary) => {
    const { fields: _fields, kd: _kd, vd: _vd, ...address } = addressOfSearch(found, topic)
    change(address)
  }
  const close = (found: SearchSummary) => {
    const shown = searchesOf(all, topic)
    const place = shown.findIndex(({ searchId: id }) => id === found.searchId)
    const next = shown[place + 1] ?? shown[place - 1]
    if (found.searchId === search.run) {
      if (next === undefined)
        change({ ...addressOfSearch(found, topic), ...NO_FILTER_SEARCH, run: undefined })
      else open(next)
    }
    void client.call('search.close', { searchId: found.searchId }).then(() => list.refresh())
  }
  const pin = ({ searchId: id, pinned }: SearchSummary) =>
    void client.call('search.pin', { searchId: id, pinned: !pinned }).then(() => list.refresh())
  return { shown: searchesOf(all, topic), problem, open, close, pin }
}
