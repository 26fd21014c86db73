/** How a page's query changes: always through the address, so that back and forward undo it. */
import { useCallback, useState } from 'react'
import { sameFilter, type PageFilter } from './query/filter-text.ts'
import {
  NO_QUERY,
  sameQuery,
  writeQuery,
  type MessagesQuery,
  type MessagesSearch,
} from './query/address.ts'

type Change = (next: Partial<MessagesSearch>, replace?: boolean) => void

/** `undefined` takes a name out of the address. */
function addressOf(query: MessagesQuery): Partial<MessagesSearch> {
  return { ...NO_QUERY, ...writeQuery(query) }
}

export function useQueryChange(query: MessagesQuery, search: MessagesSearch, change: Change) {
  /** Grows when the same question is asked again. */
  const [reads, setReads] = useState(0)
  const readAgain = useCallback(() => {
    setReads(count => count + 1)
    if (search.run !== undefined) change({ run: undefined }, true)
  }, [change, search.run])

  const onQuery = useCallback(
    (next: Partial<MessagesQuery>) => {
      const whole = { ...query, ...next }
      if (sameQuery(whole, query)) return readAgain()
      // The record that was read may not be in another stretch.
      return change({ ...addressOf(whole), at: undefined })
    },
    [query, change, readAgain],
  )
  const onFilter = useCallback(
    (filter: PageFilter) => {
      if (sameFilter(filter, query.filter)) return readAgain()
      return change(addressOf({ ...query, filter }))
    },
    [query, change, readAgain],
  )
  return { reads, onQuery, onFilter, readAgain }
}
