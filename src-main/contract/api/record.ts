/** Records: pages of a view, one record, and new ones as they come. */
import {
  array,
  boolean,
  bytes,
  integer,
  literal,
  nullable,
  object,
  offset,
  optional,
  position,
  string,
  timestampMs,
  union,
  type CheckedBy,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type {
  BytesPreview,
  KeySearch,
  LiveUpdate,
  PositionedCut,
  RecordDetail,
  RecordHistogram,
  RecordPage,
  RecordRow,
} from '../model/record.ts'
import { decoderChoice } from './decode.ts'
import { cluster, groupId, topic, partition, partitions, INT32_MAX } from './names.ts'

/** Rows in one page at most, and bytes of a key or value that a row is made from. */
export const PAGE_ROWS_MAX = 1_000
export const PREVIEW_BYTES_MAX = 65_536
/** Bytes of one key, value or header that one answer carries. */
export const RANGE_BYTES_MAX = 4_194_304
/** Records that one call of `record.rows` draws. */
export const PLACES_MAX = 200
export const HISTOGRAM_BUCKETS_MAX = 400
/** Bytes that one call of `record.by-key` reads. */
export const KEY_SEARCH_BYTES_MAX = 268_435_456

const INT64_MAX_COUNT = Number.MAX_SAFE_INTEGER

/** What a view is of: topics, and of each some partitions or, for null, all. */
export const sources = array(object({ topic, partitions }), { maxLength: 64 })
/** As `packCut` writes it: some 100,000 partitions. */
export const cut = bytes({ maxLength: 2_000_000 })

/** `read_uncommitted` when not given, which also shows what transactions left open or aborted. */
export const isolation = optional(literal('read_uncommitted', 'read_committed'))

const view = {
  cluster,
  sources,
  /** Of the view's first page; null opens a view. */
  base: nullable(cut),
  isolation,
}

/** The place in a view that a page or a live tail begins at. */
export const start = union({
  /** Before the first record. */
  oldest: {},
  /** After the last record: read backward from here for the newest. */
  newest: {},
  /** In every partition the same offset, moved into what the log still has. */
  offset: { offset },
  /** Before the first record with this timestamp or a later one, in every partition. */
  timestamp: { timestampMs },
  /** Where a consumer group would read on; partitions without a commit at their end. */
  group: { groupId },
  /** The cut with exactly this position; see `RecordPage`. */
  position: { position },
  /** A cut from an earlier page, or an offset for each partition; others at their start. */
  cut: { cut },
})

/** Where a view ends. It is resolved once: ask for further pages with the cut of the first one. */
export const end = union({
  /** It does not: pages go to the ends of the logs as they are then. */
  none: {},
  /** The ends of the logs as they are now. */
  now: {},
  /** In every partition the same offset, exclusive. */
  offset: { offset },
  /** Before the first record with this timestamp or a later one, in every partition. */
  timestamp: { timestampMs },
  /**
   * So many offsets from the place where the first page begins, in its direction: a page that is
   * read backward moves the view's `base` instead of its end. Exactly the next by time up to
   * `PAGE_ROWS_MAX`; beyond that the last few hundred are shared out over the partitions.
   */
  count: { count: integer({ min: 1, max: INT64_MAX_COUNT }) },
  /** `until` of the first page, or an offset for each partition; others end where they begin. */
  cut: { cut },
})

export const decoders = object({ key: decoderChoice, value: decoderChoice })

/** A field of decoded keys or values by its path (`field-path.ts`), or a header by its name. */
export const field = object({
  part: literal('key', 'value', 'header'),
  path: string({ maxLength: 1_024 }),
})

const show = {
  /** `auto` when not given. */
  decoders: optional(decoders),
  /** Columns beside the usual ones. */
  fields: optional(array(field, { maxLength: 32 })),
  /** Bytes of a key and of a value that its line is made from; 2,048 when not given. */
  previewBytes: optional(integer({ min: 0, max: PREVIEW_BYTES_MAX })),
}

export type Seek = CheckedBy<typeof start>
export type ViewEnd = CheckedBy<typeof end>
export type FieldColumn = CheckedBy<typeof field>

export const recordApi = {
  commands: {
    /** A window of records; `RecordPage` says how windows fit together. */
    'record.page': {
      input: object({
        ...view,
        ...show,
        from: start,
        /** `none` when not given. `newest` is the end of the view. */
        until: optional(end),
        /** Where a view is opened: whether it begins where the page does, if read forward. */
        bounded: optional(boolean),
        direction: literal('forward', 'backward'),
        limit: integer({ min: 1, max: PAGE_ROWS_MAX }),
      }),
      output: returns<RecordPage>(),
    },
    /**
     * Records that one knows the places of, drawn anew: rows of a search under another look. In the
     * order that was asked for; null where the log holds no record any more. Their `position` is 0.
     */
    'record.rows': {
      input: object({
        cluster,
        places: array(object({ topic, partition, offset }), { maxLength: PLACES_MAX }),
        ...show,
      }),
      output: returns<readonly (RecordRow | null)[]>(),
    },
    /** `NOT_FOUND` where the offset holds no record (compacted, deleted, or a marker's). */
    'record.get': {
      input: object({
        cluster,
        topic,
        partition,
        offset,
        /** Of key, value and each header; 65,536 when not given. `record.bytes` has the rest. */
        previewBytes: optional(integer({ min: 0, max: RANGE_BYTES_MAX })),
      }),
      output: returns<RecordDetail>(),
    },
    /** A range of a large key, value, header or batch. */
    'record.bytes': {
      input: object({
        cluster,
        topic,
        partition,
        offset,
        part: union({
          key: {},
          value: {},
          header: { index: integer({ min: 0, max: INT32_MAX }) },
          batch: {},
        }),
        from: integer({ min: 0, max: INT32_MAX }),
        length: integer({ min: 1, max: RANGE_BYTES_MAX }),
      }),
      output: returns<BytesPreview>(),
    },
    /** Where a timestamp, an offset or a position lies, without reading records; no end by count. */
    'record.seek': {
      input: object({ ...view, to: start, until: optional(end) }),
      output: returns<PositionedCut>(),
    },
    /**
     * Counts over time, from the brokers' time indexes; null times are those of the view's records.
     * Records are read only where the view begins or ends inside of the logs: one or two of each
     * partition, and up to a page for an end by count.
     */
    'record.histogram': {
      input: object({
        ...view,
        /** As of the view's first page; `oldest` when not given. */
        from: optional(start),
        /** The same; `forward` when not given. */
        direction: optional(literal('forward', 'backward')),
        until: optional(end),
        fromMs: nullable(timestampMs),
        /** Exclusive. */
        toMs: nullable(timestampMs),
        /** At most so many; their length is then a round one. */
        bucketCount: integer({ min: 1, max: HISTOGRAM_BUCKETS_MAX }),
      }),
      output: returns<RecordHistogram>(),
    },
    /** The record before or after one that has the same key, looked for in a bounded stretch. */
    'record.by-key': {
      input: object({
        cluster,
        topic,
        partition,
        offset,
        key: nullable(bytes({ maxLength: 1_048_576 })),
        direction: literal('forward', 'backward'),
        /** The record's own when not given; null for all, from the record's time on. */
        partitions: optional(partitions),
        /** `next` of the call before; null begins at the record. */
        from: nullable(cut),
        /** 32 MiB when not given. */
        bytesMax: optional(integer({ min: 1, max: KEY_SEARCH_BYTES_MAX })),
      }),
      output: returns<KeySearch>(),
    },
  },
  streams: {
    /** New records as they come. To pause, close it and keep `at`; to go on, open it from there. */
    'record.live': {
      input: object({
        ...view,
        ...show,
        from: start,
        /** `counts`: only how many wait, for the pill while one reads. */
        show: literal('rows', 'counts'),
        /** Rows in one update, of at most ten a second; 200 when not given. */
        rowsMax: optional(integer({ min: 1, max: PAGE_ROWS_MAX })),
      }),
      item: returns<LiveUpdate>(),
    },
  },
  events: {},
} as const satisfies Contract
