/** Searches: objects of the application that go on without the page that began them. */
import {
  array,
  boolean,
  bytes,
  integer,
  literal,
  nullable,
  object,
  optional,
  string,
  type CheckedBy,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { ExpressionCheck, SearchProgress, SearchRows, SearchSummary } from '../model/search.ts'
import { cluster } from './names.ts'
import { decoders, end, field, isolation, sources, start } from './record.ts'

/** Rows that one search keeps, and their bytes; see `SearchState` for what happens at it. */
export const KEPT_ROWS_MAX = 100_000
export const KEPT_BYTES_MAX = 64 * 1024 * 1024
export const SEARCHES_MAX = 32
/** Rows in one answer. */
export const SEARCH_ROWS_MAX = 1_000
export const EXPRESSION_LENGTH_MAX = 2_000

const path = string({ maxLength: 1_000 })

export const recordFilter = object({
  text: optional(
    object({
      needle: string({ minLength: 1, maxLength: 10_000 }),
      mode: literal('text', 'bytes', 'regex'),
      caseSensitive: boolean,
      in: array(literal('key', 'value', 'headers'), { maxLength: 3 }),
    }),
  ),
  conditions: optional(
    array(
      object({
        part: literal('key', 'value', 'header'),
        path,
        operator: literal(
          'equals',
          'not-equals',
          'contains',
          'not-contains',
          'exists',
          'missing',
          'less',
          'at-most',
          'greater',
          'at-least',
        ),
        value: optional(string({ maxLength: 10_000 })),
      }),
      { maxLength: 32 },
    ),
  ),
  expression: optional(string({ minLength: 1, maxLength: EXPRESSION_LENGTH_MAX })),
  key: optional(
    object({
      bytes: bytes({ maxLength: 65_536 }),
      partitioner: literal('java', 'librdkafka', 'all'),
    }),
  ),
  values: optional(literal('tombstones', 'no-tombstones')),
})

/** What is read, and what of it is wanted: the same for searches and exports. */
export const query = {
  cluster,
  sources,
  /** The low end of what is scanned, wherever reading begins. */
  from: start,
  /**
   * The high end, exclusive. `none` never ends: it goes on with what comes, forward only. `count`
   * is so many offsets from where reading begins.
   */
  until: end,
  direction: literal('forward', 'backward'),
  isolation,
  filter: recordFilter,
  /** `auto` when not given; conditions and expressions see what they decode. */
  decoders: optional(decoders),
}

const search = {
  ...query,
  /** Columns of fields that its rows carry. */
  fields: optional(array(field, { maxLength: 32 })),
  /** Bytes of key and value that a row shows; 2,048 when not given. */
  previewBytes: optional(integer({ min: 0, max: 65_536 })),
  /** Stops after so many found records; `search.continue` looks for as many again. */
  stopAfter: optional(integer({ min: 1, max: KEPT_ROWS_MAX })),
}
const searchInput = object(search)

/** What a search was started with. */
export type SearchQuery = CheckedBy<typeof searchInput>

const searchId = string({ minLength: 1, maxLength: 64 })

export const searchApi = {
  commands: {
    /**
     * `INVALID_INPUT` where the filter does not compile, with the reason. A search is kept until it
     * is closed; of those that are neither pinned nor running the oldest goes when there are
     * `SEARCHES_MAX`.
     */
    'search.start': {
      input: searchInput,
      output: returns<SearchSummary>(),
    },
    /** Whether an expression compiles, and where not: for while one types. */
    'search.check-expression': {
      input: object({ expression: string({ maxLength: EXPRESSION_LENGTH_MAX }) }),
      output: returns<ExpressionCheck>(),
    },
    /** Compiled without being run: `INVALID_INPUT` says what is wrong with it. */
    'search.check-filter': { input: object({ filter: recordFilter }), output: returns<null>() },
    /** In the order in which they were found, or by time. */
    'search.rows': {
      input: object({
        searchId,
        order: literal('found', 'oldest-first', 'newest-first'),
        from: integer({ min: 0, max: KEPT_ROWS_MAX }),
        limit: integer({ min: 1, max: SEARCH_ROWS_MAX }),
      }),
      output: returns<SearchRows>(),
    },
    'search.stop': { input: object({ searchId }), output: returns<SearchSummary>() },
    /** From where it stood, each record still read once. */
    'search.continue': { input: object({ searchId }), output: returns<SearchSummary>() },
    'search.pin': {
      input: object({ searchId, pinned: boolean }),
      output: returns<SearchSummary>(),
    },
    /** Stops it and forgets its rows. */
    'search.close': { input: object({ searchId }), output: returns<null>() },
    /** The newest first; of one cluster, or of all. */
    'search.list': {
      input: object({ cluster: nullable(cluster) }),
      output: returns<readonly SearchSummary[]>(),
    },
  },
  streams: {
    /** At once and then up to four times a second while it changes; ends when it is closed. */
    'search.watch': { input: object({ searchId }), item: returns<SearchProgress>() },
  },
  events: {
    /** A search was started, stopped, pinned or closed: ask for the list again. */
    'searches.changed': returns<{ readonly cluster: string }>(),
  },
} as const satisfies Contract
