/** Producing: one record, many from a template or a file, and records sent once more. */
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
  string,
  timestampMs,
  union,
  type CheckedBy,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type {
  FilePreview,
  ProduceAnswer,
  ProducePreview,
  ProduceRun,
  ProduceTarget,
  RunError,
} from '../model/produce.ts'
import { cluster, INT32_MAX, partition, partitions, topic } from './names.ts'

/** Bytes of one key or value that the panel can send; more belongs into a file of records. */
export const CONTENT_BYTES_MAX = 64 * 1024 * 1024
/**
 * Bytes of a whole draft that a page sends: a frame of the web has 8 MiB, and text grows in it.
 * Larger records go by file, or as a replay.
 */
export const DRAFT_BYTES_MAX = 3 * 1024 * 1024
/** Records of one `produce.send`. */
export const SEND_RECORDS_MAX = 1_000
/** Bytes of one key, value or header in a sample. */
export const SAMPLE_BYTES_MAX = 4_096
/** Errors that a run keeps; further ones are counted. */
export const RUN_ERRORS_MAX = 10_000
/** One piece of a file. */
export const PIECE_BYTES_MAX = 1_048_576
/** Records that one replay can name one by one. */
export const REPLAY_RECORDS_MAX = 10_000

const text = string({ maxLength: CONTENT_BYTES_MAX })

/** A key, a value or a header's value. `null`, `empty` and everything else are told apart. */
const content = union({
  /** In a value: a tombstone. */
  null: {},
  /** Zero bytes. */
  empty: {},
  /** UTF-8. */
  text: { text },
  /** Checked, and sent as it was typed. */
  json: { text },
  /** White space and `0x` are allowed. */
  hex: { text },
  /** Plain or URL-safe, with or without padding. */
  base64: { text },
  /** A big-endian integer, as Java's serializers write one. */
  integer: { text, bits: literal('8', '16', '32', '64') },
  float: { text, bits: literal('32', '64') },
  /** Its 16 bytes. Java's UUIDSerializer writes it as text instead. */
  uuid: { text },
  /** A file's, or a record's as it was read. */
  bytes: { bytes: bytes({ maxLength: CONTENT_BYTES_MAX }) },
})

const headers = array(object({ key: string({ maxLength: 32_767 }), value: content }), {
  maxLength: 1_000,
})

/** A record to be made; with `template`, one record for each time it is filled in. */
const draft = object({
  key: content,
  value: content,
  headers,
  /** Null leaves it to the partitioner. */
  partition: nullable(partition),
  timestamp: union({
    /** When it is sent. */
    now: {},
    at: { timestampMs },
    /** From here on, each record this much later. */
    series: { fromMs: timestampMs, stepMs: integer({ min: 0, max: INT32_MAX }) },
  }),
  /** Null takes `{{…}}` for what it is; else see `src-main/produce/template`. */
  template: nullable(
    object({
      /** Filled in once for each record, in this order; later ones may use earlier ones. */
      variables: array(
        object({
          name: string({ minLength: 1, maxLength: 64 }),
          text: string({ maxLength: 65_536 }),
        }),
        { maxLength: 100 },
      ),
      /** The same seed makes the same records. */
      seed: integer({ min: 0, max: INT32_MAX }),
      /** The place of the first record in a series that goes on; 0 when not given. */
      first: optional(integer({ min: 0, max: INT32_MAX })),
    }),
  ),
})

/** As Kafka's clients name them; see `src-main/partitioners`. */
const partitioner = literal(
  'java',
  'librdkafka',
  'consistent',
  'murmur2',
  'fnv1a-random',
  'fnv1a',
  'round-robin',
  'random',
)

const delivery = object({
  acks: literal('0', '1', 'all'),
  /** Needs acks all. A batch that is sent again is then written once. */
  idempotent: boolean,
  codec: literal('none', 'gzip', 'snappy', 'lz4', 'zstd'),
  partitioner,
  /** How long a record is tried, retries included. */
  timeoutMs: optional(integer({ min: 100, max: 600_000 })),
})

const runId = string({ minLength: 1, maxLength: 64 })
const field = string({ maxLength: 1_024 })

/** How a text becomes bytes where every record brings its own. */
const encoding = literal(
  'text',
  'json',
  'hex',
  'base64',
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'uuid',
)

const fileFormat = union({
  /** One JSON value a line. */
  ndjson: {},
  csv: {
    /** Null finds it out: comma, semicolon, tab or bar. */
    delimiter: nullable(string({ minLength: 1, maxLength: 1 })),
    /** Whether the first row names the columns; else they are `1`, `2`, … */
    named: boolean,
  },
})

const mapping = object({
  key: union({ none: {}, field: { name: field, encoding } }),
  value: union({
    /** NDJSON: the line as it stands. CSV: all columns as one JSON object. */
    whole: {},
    /** These fields as one JSON object. */
    object: { names: array(field, { maxLength: 1_000 }) },
    field: { name: field, encoding },
    none: {},
  }),
  headers: array(object({ key: string({ maxLength: 32_767 }), name: field }), { maxLength: 1_000 }),
  /** NDJSON: a field that holds an object of headers, or a list of `{key, value}`. */
  headersField: nullable(field),
  partitionField: nullable(field),
  /** Milliseconds since the epoch, or ISO 8601. */
  timestampField: nullable(field),
  /** What an empty CSV cell stands for. */
  emptyAs: literal('null', 'empty'),
})

const run = union({
  template: {
    draft,
    /** Null: until it is stopped. */
    count: nullable(integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    /** Records a second; null sends as fast as brokers take them. */
    rate: nullable(integer({ min: 1, max: 10_000_000 })),
    durationMs: nullable(integer({ min: 1, max: 7 * 86_400_000 })),
  },
  /** Its bytes come with `produce.feed`. */
  file: {
    format: fileFormat,
    mapping,
    /** Where known, for the progress. */
    sizeBytes: nullable(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
    rate: nullable(integer({ min: 1, max: 10_000_000 })),
  },
  /** Records of a topic once more, byte for byte. */
  replay: {
    from: object({ cluster, topic }),
    records: union({
      list: {
        places: array(object({ partition, offset }), { maxLength: REPLAY_RECORDS_MAX }),
      },
      /** From `begin` up to and without `end`, in each partition; null: all there is now. */
      range: {
        partitions,
        begin: union({ oldest: {}, offset: { offset }, timestamp: { timestampMs } }),
        end: union({ now: {}, offset: { offset }, timestamp: { timestampMs } }),
      },
    }),
    keepTimestamp: boolean,
    /** Else the partitioner decides by the key. */
    keepPartition: boolean,
    rate: nullable(integer({ min: 1, max: 10_000_000 })),
  },
})

export const produceApi = {
  commands: {
    'produce.target': { input: object({ cluster, topic }), output: returns<ProduceTarget>() },
    /** Three records as they would be sent, and what keeps them from it. */
    'produce.preview': {
      input: object({ cluster, topic, draft, partitioner }),
      output: returns<ProducePreview>(),
    },
    /** Sends, and answers when all are acknowledged or given up. The changes of `topic` are real. */
    'produce.send': {
      input: object({
        cluster,
        topic,
        draft,
        /** More than one need a template, or are alike. */
        count: integer({ min: 1, max: SEND_RECORDS_MAX }),
        delivery,
      }),
      output: returns<ProduceAnswer>(),
    },
    'produce.preview-file': {
      input: object({
        cluster,
        topic,
        format: fileFormat,
        mapping,
        /** The beginning of the file; a last line that is cut short is left out unless `whole`. */
        head: bytes({ maxLength: PIECE_BYTES_MAX }),
        whole: boolean,
        partitioner,
      }),
      output: returns<FilePreview>(),
    },
    /** Begins a run, which is a job; `job.stop` or `produce.stop` ends it within 100 ms. */
    'produce.start': {
      input: object({
        cluster,
        topic,
        run,
        delivery,
        /** Else the first record that cannot be sent ends the run. */
        continueAfterErrors: boolean,
      }),
      output: returns<ProduceRun>(),
    },
    /** The next piece of a run's file. Answers when the next one may come. */
    'produce.feed': {
      input: object({ runId, bytes: bytes({ maxLength: PIECE_BYTES_MAX }), last: boolean }),
      output: returns<null>(),
    },
    'produce.stop': { input: object({ runId }), output: returns<ProduceRun>() },
    'produce.errors': {
      input: object({
        runId,
        from: integer({ min: 0, max: RUN_ERRORS_MAX }),
        limit: integer({ min: 1, max: RUN_ERRORS_MAX }),
      }),
      output: returns<readonly RunError[]>(),
    },
    /** Runs of a topic that are known, the newest first. */
    'produce.runs': { input: object({ cluster, topic }), output: returns<readonly ProduceRun[]>() },
  },
  streams: {
    /** At once, then at most four times a second; ends with the run. */
    'produce.watch': { input: object({ runId }), item: returns<ProduceRun>() },
  },
  events: {},
} as const satisfies Contract

export type ContentDraft = CheckedBy<typeof content>
export type RecordDraft = CheckedBy<typeof draft>
export type Delivery = CheckedBy<typeof delivery>
export type PartitionerName = CheckedBy<typeof partitioner>
export type FieldEncoding = CheckedBy<typeof encoding>
export type FileFormat = CheckedBy<typeof fileFormat>
export type FieldMapping = CheckedBy<typeof mapping>
export type RunInput = CheckedBy<typeof run>
