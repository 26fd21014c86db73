/** Moving committed offsets: plan, look, apply, read back, undo. */
import {
  array,
  int64,
  integer,
  literal,
  nullable,
  object,
  offset,
  string,
  timestampMs,
  union,
  type CheckedBy,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import {
  LANDINGS_MAX,
  OFFSETS_FILE_CHARS_MAX,
  type AppliedOffsets,
  type ExportedSnapshot,
  type LabGroup,
  type LandingRecord,
  type OffsetPlan,
  type OffsetSnapshotSummary,
} from '../model/offset.ts'
import { cluster, groupId, intervalMs, partition, partitions, topic } from './names.ts'

const TOPICS_MAX = 10_000
const PARTITIONS_MAX = 100_000
const METADATA_CHARS_MAX = 32_767

/** Null: whatever the group has committed, or the source of the strategy names. */
const scope = nullable(array(object({ topic, partitions }), { maxLength: TOPICS_MAX }))
export type OffsetScope = CheckedBy<typeof scope>

const snapshotId = string({ minLength: 1, maxLength: 64 })

const strategy = union({
  /** Everything as it is, but for what is edited by hand. */
  none: {},
  earliest: {},
  latest: {},
  /** As it is; the end where nothing is committed. */
  current: {},
  offset: { offset },
  timestamp: { timestampMs },
  /** Back from now. */
  duration: { durationMs: timestampMs },
  shift: { by: int64 },
  group: { groupId },
  /** CSV as `kafka-consumer-groups.sh --export` writes it, or JSON. */
  file: { text: string({ maxLength: OFFSETS_FILE_CHARS_MAX }) },
  /** `changed`: what that change was about, to undo it; `all`: the group as it was. */
  snapshot: { snapshotId, part: literal('changed', 'all') },
  delete: {},
})
export type OffsetStrategy = CheckedBy<typeof strategy>

/** By hand; null leaves the partition as it is. */
const edits = array(object({ topic, partition, offset: nullable(offset) }), {
  maxLength: PARTITIONS_MAX,
})
export type OffsetEdits = CheckedBy<typeof edits>

const changes = array(
  object({
    topic,
    partition,
    /** What the preview showed as committed. Something else by now is a refusal. */
    before: nullable(int64),
    /** Null deletes the offset. */
    offset: nullable(int64),
    metadata: string({ maxLength: METADATA_CHARS_MAX }),
    leaderEpoch: nullable(integer({ min: 0, max: 2_147_483_647 })),
  }),
  { maxLength: PARTITIONS_MAX },
)
export type OffsetChanges = CheckedBy<typeof changes>

const reason = object({
  type: literal('reset', 'delete-offsets', 'restore'),
  strategy: string({ maxLength: 400 }),
})

export const offsetApi = {
  commands: {
    /** What a strategy would do: the dry run, and what `offset.apply` is then asked for. */
    'offset.plan': {
      input: object({ cluster, groupId, scope, strategy, edits }),
      output: returns<OffsetPlan>(),
    },
    /** The records that consumers would begin with. */
    'offset.landings': {
      input: object({
        cluster,
        places: array(object({ topic, partition, offset }), { maxLength: LANDINGS_MAX }),
      }),
      output: returns<readonly LandingRecord[]>(),
    },
    /**
     * Commits and deletes, keeps a snapshot first, and reads back. Refused with NON_EMPTY_GROUP while
     * the group has members, with OFFSETS_CHANGED where something else is committed than `before`.
     */
    'offset.apply': {
      input: object({ cluster, groupId, changes, reason }),
      output: returns<AppliedOffsets>(),
    },
    /** With its offsets, of which a snapshot is kept. */
    'offset.delete-group': {
      input: object({ cluster, groupId }),
      output: returns<OffsetSnapshotSummary>(),
    },
    /** Newest first. */
    'offset.snapshots': {
      input: object({ cluster, groupId }),
      output: returns<readonly OffsetSnapshotSummary[]>(),
    },
    'offset.export-snapshot': {
      input: object({ cluster, groupId, snapshotId, format: literal('csv', 'json') }),
      output: returns<ExportedSnapshot>(),
    },
  },
  streams: {
    /** Whether offsets can be changed now, at once and whenever it changes. */
    'offset.watch-group': {
      input: object({ cluster, groupId, intervalMs }),
      item: returns<LabGroup>(),
    },
  },
  events: {},
} as const satisfies Contract
