/** The address that shows a search: its own question again, with what it found. */
import { unpackCut } from '../../../../src-main/contract/cut.ts'
import type { Cut } from '../../../../src-main/contract/model/record.ts'
import type { RecordFilter, SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { hexText, keyText } from '../filter/filter-words.ts'
import {
  NO_QUERY,
  writeFields,
  writeQuery,
  type MessagesQuery,
  type MessagesSearch,
} from '../query/address.ts'
import type { PageFilter } from '../query/filter-text.ts'
import { bytesOfKey } from '../query/key-bytes.ts'
import type { From, PartitionOffset, Until } from '../query/range.ts'

export type AddressedSearch = Pick<SearchSummary, 'searchId' | 'query'>

/** Moments are those that the search was started with: they do not move with the clock any more. */
export function addressOfSearch(
  { searchId, query }: AddressedSearch,
  topic: string,
): Partial<MessagesSearch> {
  const decoder = (choice: string | undefined) => (choice === 'auto' ? undefined : choice)
  return {
    ...NO_QUERY,
    at: undefined,
    order: undefined,
    ...writeQuery(queryOfSearch(query, topic)),
    run: searchId,
    fields: writeFields(query.fields ?? []),
    kd: decoder(query.decoders?.key) as MessagesSearch['kd'],
    vd: decoder(query.decoders?.value) as MessagesSearch['vd'],
  }
}

export function queryOfSearch(query: SearchSummary['query'], topic: string): MessagesQuery {
  const own = query.sources.find(source => source.topic === topic)
  return {
    from: fromOf(query, topic),
    until: untilOf(query.until, topic),
    partitions: own?.partitions ?? null,
    topics: query.sources.map(source => source.topic).filter(name => name !== topic),
    committed: query.isolation === 'read_committed',
    filter: pageFilterOf(query.filter),
  }
}

function fromOf({ from, direction }: SearchSummary['query'], topic: string): From {
  if (direction === 'backward') return { type: 'newest' }
  switch (from.type) {
    case 'group':
      return { type: 'group', group: from.groupId }
    case 'cut':
      return offsetsOf(from.cut, topic) ?? { type: 'oldest' }
    case 'position':
      return { type: 'oldest' }
    default:
      return from
  }
}

function untilOf(until: SearchSummary['query']['until'], topic: string): Until {
  switch (until.type) {
    case 'none':
      return { type: 'never' }
    case 'cut':
      return offsetsOf(until.cut, topic) ?? { type: 'now' }
    default:
      return until
  }
}

function offsetsOf(
  cut: Cut,
  topic: string,
): { readonly type: 'offsets'; readonly offsets: readonly PartitionOffset[] } | null {
  const offsets = unpackCut(cut)
    .filter(each => each.topic === topic)
    .map(({ partition, offset }) => ({ partition, offset }))
  return offsets.length === 0 ? null : { type: 'offsets', offsets }
}

export function pageFilterOf(filter: RecordFilter): PageFilter {
  const { text, conditions, expression, key, values } = filter
  return {
    text: text ?? null,
    conditions: conditions ?? [],
    expression: expression ?? '',
    key: key === undefined ? null : keyWish(key),
    values: values ?? 'all',
  }
}

/** A key that reads as text is given as text, which makes the same bytes. */
function keyWish({ bytes, partitioner }: NonNullable<RecordFilter['key']>) {
  const text = keyText(bytes)
  const back = bytesOfKey(text, 'text')
  const isText = back !== null && hexText(back) === hexText(bytes)
  return isText
    ? { text, form: 'text' as const, partitioner }
    : { text: hexText(bytes), form: 'hex' as const, partitioner }
}
