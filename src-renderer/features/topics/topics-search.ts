/** The part of the address that belongs to the list of topics. */
import { readSort } from '../../ui/table/sort-search.ts'

export const TOPIC_COLUMNS = [
  'name',
  'partitions',
  'replicas',
  'outOfSync',
  'records',
  'size',
  'cleanup',
  'last',
] as const

export interface TopicsSearch {
  /** Words that a name contains; `/…/` is a regular expression. */
  readonly q?: string
  readonly sort?: string
  readonly internal?: '1'
  readonly create?: '1'
  /** The topic that a new one is like. */
  readonly like?: string
  /** The job of an act on several topics, whose results are shown. */
  readonly act?: string
}

export function readTopicsSearch(search: Record<string, unknown>): TopicsSearch {
  return {
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(readSort(search.sort, TOPIC_COLUMNS) === undefined ? {} : { sort: String(search.sort) }),
    ...(search.internal === '1' ? { internal: '1' } : {}),
    ...(search.create === '1' ? { create: '1' } : {}),
    ...(typeof search.act === 'string' && search.act !== '' ? { act: search.act } : {}),
    ...(typeof search.like === 'string' && search.like !== '' ? { like: search.like } : {}),
  }
}
