/** Everything a page may ask of the application, and everything it may be told. */
import {
  array,
  boolean,
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
} from './check.ts'
import { returns, type Client, type Contract, type Handlers } from './define.ts'
import type {
  ApplicationInfo,
  BrokerDescription,
  BytesPreview,
  ClusterOverview,
  ClusterSummary,
  ConfigurationEntry,
  CreatedTopic,
  DeletedTopic,
  GroupDescription,
  GroupFigures,
  GroupSummary,
  LiveUpdate,
  PositionedCut,
  RatesUpdate,
  RecordDetail,
  RecordPage,
  SampleStatus,
  TopicConfigurationDefinition,
  TopicDescription,
  TopicFigures,
  TopicListing,
} from './model.ts'

/** Rows in one page at most, and bytes of a key or value in one row. */
export const PAGE_ROWS_MAX = 1_000
export const PREVIEW_BYTES_MAX = 65_536
/** Bytes of one key, value or header that one answer carries. */
export const RANGE_BYTES_MAX = 4_194_304

const INT32_MAX = 2_147_483_647

const cluster = string({ minLength: 1, maxLength: 64 })
const topic = string({ minLength: 1, maxLength: 249 })
const groupId = string({ maxLength: 32_767 })
const brokerId = integer({ min: 0, max: INT32_MAX })
const partition = integer({ min: 0, max: INT32_MAX })
/** Null stands for all of them. */
const partitions = nullable(array(partition, { maxLength: 100_000 }))
const cut = array(object({ partition, offset }), { maxLength: 100_000 })
const previewBytes = optional(integer({ min: 0, max: PREVIEW_BYTES_MAX }))
const configurations = array(
  object({ name: string({ minLength: 1, maxLength: 249 }), value: string({ maxLength: 32_767 }) }),
  { maxLength: 200 },
)
const intervalMs = optional(integer({ min: 250, max: 60_000 }))

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

export const applicationApi = {
  commands: {
    'app.info': { input: object({}), output: returns<ApplicationInfo>() },

    'cluster.list': { input: object({}), output: returns<readonly ClusterSummary[]>() },
    'cluster.overview': { input: object({ cluster }), output: returns<ClusterOverview>() },

    'broker.describe': {
      input: object({ cluster, brokerId }),
      output: returns<BrokerDescription>(),
    },

    'topic.list': {
      /** `known`: the version of the listing that the page has already. */
      input: object({ cluster, known: optional(string({ maxLength: 64 })) }),
      output: returns<TopicListing>(),
    },
    /** For the rows that are visible; unknown names are left out of the answer. */
    'topic.figures': {
      input: object({ cluster, topics: array(topic, { maxLength: 500 }) }),
      output: returns<readonly TopicFigures[]>(),
    },
    'topic.describe': { input: object({ cluster, topic }), output: returns<TopicDescription>() },
    'topic.configurations': {
      input: object({ cluster, topic }),
      output: returns<readonly ConfigurationEntry[]>(),
    },
    /** What a topic can be created with. */
    'topic.configuration-definitions': {
      input: object({ cluster }),
      output: returns<readonly TopicConfigurationDefinition[]>(),
    },
    'topic.create': {
      input: object({
        cluster,
        topic,
        /** Null is the cluster's default. */
        partitionCount: nullable(integer({ min: 1, max: 100_000 })),
        replicationFactor: nullable(integer({ min: 1, max: 32_767 })),
        configurations,
        validateOnly: boolean,
      }),
      output: returns<CreatedTopic>(),
    },
    /** One that cannot be deleted does not keep the others. */
    'topic.delete': {
      input: object({ cluster, topics: array(topic, { maxLength: 1_000 }) }),
      output: returns<readonly DeletedTopic[]>(),
    },

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

    'group.list': { input: object({ cluster }), output: returns<readonly GroupSummary[]>() },
    'group.figures': {
      input: object({ cluster, groupIds: array(groupId, { maxLength: 500 }) }),
      output: returns<readonly GroupFigures[]>(),
    },
    'group.describe': { input: object({ cluster, groupId }), output: returns<GroupDescription>() },
    /** Groups that committed offsets for a topic or hold a part of it. */
    'group.of-topic': {
      input: object({ cluster, topic }),
      output: returns<readonly GroupFigures[]>(),
    },

    'sample.status': { input: object({}), output: returns<SampleStatus>() },
    'sample.start': { input: object({}), output: returns<SampleStatus>() },
    'sample.stop': { input: object({}), output: returns<SampleStatus>() },
    /** Stops it, and deletes its topics and groups. */
    'sample.remove': { input: object({}), output: returns<SampleStatus>() },
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
    /** The whole description, at once and then whenever something in it changed. */
    'group.watch': {
      input: object({ cluster, groupId, intervalMs }),
      item: returns<GroupDescription>(),
    },
    /** The last two minutes where known, then a sample each interval (1 s when not given). */
    'rates.watch': {
      input: object({ cluster, topics: array(topic, { maxLength: 500 }), intervalMs }),
      item: returns<RatesUpdate>(),
    },
    'cluster.watch': {
      input: object({ cluster, intervalMs }),
      item: returns<ClusterOverview>(),
    },
  },

  events: {
    'clusters.changed': returns<readonly ClusterSummary[]>(),
    /** Topics were created or deleted from here. */
    'topics.changed': returns<{ readonly cluster: string }>(),
    'sample.changed': returns<SampleStatus>(),
  },
} as const satisfies Contract

export type ApplicationApi = typeof applicationApi
export type ApplicationClient = Client<ApplicationApi>
export type ApplicationHandlers = Handlers<ApplicationApi>
