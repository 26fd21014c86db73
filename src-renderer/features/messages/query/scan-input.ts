/**
 * What the application is asked for: a page's query as the inputs of `record.page` and of
 * `search.start`. Moments are resolved here, once, with the clock of the asker.
 */
import type { searchApi } from '../../../../src-main/contract/api/search.ts'
import { packCut } from '../../../../src-main/contract/cut.ts'
import type { InputOf } from '../../../../src-main/contract/define.ts'
import type { Zone } from '../../../ui/format/time.ts'
import { recordFilterOf } from './filter-text.ts'
import type { MessagesQuery } from './address.ts'
import { resolveMoment } from './moment-text.ts'
import type { From, PartitionOffset, Until } from './range.ts'

type SearchStart = InputOf<typeof searchApi, 'search.start'>
/** The part that searches and exports have in common. */
export type ScanInput = Pick<
  SearchStart,
  'cluster' | 'sources' | 'from' | 'until' | 'direction' | 'isolation' | 'filter'
>

export interface Asker {
  readonly cluster: string
  /** The topic of the page, to which partitions and offsets belong. */
  readonly topic: string
  readonly nowMs: number
  readonly zone: Zone
}

export function sourcesOf({ partitions, topics }: MessagesQuery, topic: string) {
  const others = topics
    .filter(name => name !== topic)
    .map(name => ({ topic: name, partitions: null }))
  return [{ topic, partitions }, ...others]
}

/** Looking from the newest goes backward, unless what comes is wanted. */
export function directionOf({ from, until }: MessagesQuery): 'forward' | 'backward' {
  return from.type === 'newest' && until.type !== 'never' ? 'backward' : 'forward'
}

export function scanInputOf(query: MessagesQuery, asker: Asker): ScanInput {
  return {
    cluster: asker.cluster,
    sources: sourcesOf(query, asker.topic),
    from: scanFrom(query, asker),
    until: scanUntil(query.until, asker),
    direction: directionOf(query),
    ...(query.committed ? { isolation: 'read_committed' as const } : {}),
    filter: recordFilterOf(query.filter),
  }
}

/** From the newest, everything down to the oldest is looked through. */
function scanFrom(query: MessagesQuery, asker: Asker): ScanInput['from'] {
  const { from } = query
  if (from.type === 'newest')
    return { type: directionOf(query) === 'backward' ? 'oldest' : 'newest' }
  return startOf(from, asker)
}

function scanUntil(until: Until, asker: Asker): ScanInput['until'] {
  if (until.type === 'count') return { type: 'count', count: until.count }
  return endOf(until, asker)
}

/** Where a view begins, for `record.page` and `record.live`. */
export function startOf(from: From, asker: Asker) {
  switch (from.type) {
    case 'newest':
    case 'oldest':
      return { type: from.type }
    case 'offset':
      return from
    case 'offsets':
      return { type: 'cut' as const, cut: cutOf(from.offsets, asker.topic) }
    case 'group':
      return { type: 'group' as const, groupId: from.group }
    default: {
      const timestampMs = resolveMoment(from, asker.nowMs, asker.zone)
      return { type: 'timestamp' as const, timestampMs }
    }
  }
}

export function endOf(until: Exclude<Until, { type: 'count' }>, asker: Asker) {
  switch (until.type) {
    case 'now':
      return { type: 'now' as const }
    case 'never':
      return { type: 'none' as const }
    case 'offset':
      return until
    case 'offsets':
      return { type: 'cut' as const, cut: cutOf(until.offsets, asker.topic) }
    default: {
      const timestampMs = resolveMoment(until, asker.nowMs, asker.zone)
      return { type: 'timestamp' as const, timestampMs }
    }
  }
}

function cutOf(offsets: readonly PartitionOffset[], topic: string) {
  return packCut(offsets.map(each => ({ topic, ...each })))
}
