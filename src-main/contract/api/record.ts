/** Records: pages of a view, one record, and new ones as they come. */
import {
  array,
  integer,
  literal,
  nullable,
  object,
  offset,
  optional,
  position,
  timestampMs,
  union,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type {
  BytesPreview,
  LiveUpdate,
  PositionedCut,
  RecordDetail,
  RecordPage,
} from '../model/record.ts'
import { cluster, topic, partition, partitions, INT32_MAX } from './names.ts'

/** Rows in one page at most, and bytes of a key or value in one row. */
export const PAGE_ROWS_MAX = 1_000
export const PREVIEW_BYTES_MAX = 65_536
/** Bytes of one key, value or header that one answer carries. */
export const RANGE_BYTES_MAX = 4_194_304

const cut = array(object({ partition, offset }), { maxLength: 100_000 })
const previewBytes = optional(integer({ min: 0, max: PREVIEW_BYTES_MAX }))

/** The place in a view that a page or a live tail begins at. */
const seek = union({
  /** Before the first record. */
  oldest: {},
  /** After the last record: read backward from here for the newest. */
  newest: {},
  /** In every partition the same offset, moved into what the log still has. */
  offset: { offset },
  /** Before the first record with this timestamp or a later one, in every partition. */
  timestamp: { timestampMs },
  /** The cut with exactly this position; see `RecordPage`. */
  position: { position },
  /** A cut from an earlier page. */
  cut: { cut },
})

export const recordApi = {
  commands: {
    /** A window of records; `RecordPage` says how windows fit together. */
    'record.page': {
      input: object({
        cluster,
        topic,
        partitions,
        /** Of the view's first page; null opens a view. */
        base: nullable(cut),
        from: seek,
        direction: literal('forward', 'backward'),
        limit: integer({ min: 1, max: PAGE_ROWS_MAX }),
        /** 2,048 when not given. */
        previewBytes,
      }),
      output: returns<RecordPage>(),
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
    /** Where a timestamp, an offset or a position lies, without reading records. */
    'record.seek': {
      input: object({ cluster, topic, partitions, base: nullable(cut), to: seek }),
      output: returns<PositionedCut>(),
    },
  },
  streams: {
    /** New records as they come. To pause, close it and keep `at`; to go on, open it from there. */
    'record.live': {
      input: object({
        cluster,
        topic,
        partitions,
        base: nullable(cut),
        from: seek,
        /** `counts`: only how many wait, for the pill while one reads. */
        show: literal('rows', 'counts'),
        /** Rows in one update, of at most ten a second; 200 when not given. */
        rowsMax: optional(integer({ min: 1, max: PAGE_ROWS_MAX })),
        previewBytes,
      }),
      item: returns<LiveUpdate>(),
    },
  },
  events: {},
} as const satisfies Contract
