/** The address that shows a search: its own query again, with what it found. */
import type { SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { keyText, hexText } from '../filter/filter-words.ts'
import { writeQuery, type MessagesQuery, type MessagesSearch } from '../query/address.ts'
import { NO_FILTER_SEARCH, type PageFilter } from '../query/filter-text.ts'
import { bytesOfKey } from '../query/key-bytes.ts'

export type AddressedSearch = Pick<
  SearchSummary,
  'searchId' | 'topics' | 'filter' | 'direction' | 'live'
>

export function pageFilterOf({
  text,
  conditions,
  expression,
  key,
  values,
}: SearchSummary['filter']): PageFilter {
  return {
    text: text ?? null,
    conditions: conditions ?? [],
    expression: expression ?? '',
    key: key === undefined ? null : keyWish(key),
    values: values ?? 'all',
  }
}

/** A key that reads as text is given as text, which makes the same bytes. */
function keyWish({ bytes, partitioner }: NonNullable<SearchSummary['filter']['key']>) {
  const text = keyText(bytes)
  const back = bytesOfKey(text, 'text')
  const isText = back !== null && hexText(back) === hexText(bytes)
  return isText
    ? { text, form: 'text' as const, partitioner }
    : { text: hexText(bytes), form: 'hex' as const, partitioner }
}

export function queryOfSearch(search: AddressedSearch, topic: string): MessagesQuery {
  return {
    from: search.direction === 'backward' || search.live ? { type: 'newest' } : { type: 'oldest' },
    until: search.live ? { type: 'never' } : { type: 'now' },
    partitions: null,
    topics: search.topics.filter(name => name !== topic),
    committed: false,
    filter: pageFilterOf(search.filter),
  }
}

export function addressOfSearch(search: AddressedSearch, topic: string): Partial<MessagesSearch> {
  return {
    ...NO_FILTER_SEARCH,
    from: undefined,
    until: undefined,
    p: undefined,
    t: undefined,
    committed: undefined,
    at: undefined,
    order: undefined,
    ...writeQuery(queryOfSearch(search, topic)),
    run: search.searchId,
  }
}
