/** What the application asks of an inspect worker to scan; pages know only what is made of it. */
import {
  array,
  boolean,
  integer,
  literal,
  nullable,
  object,
  offset,
  optional,
  string,
} from '../contract/check.ts'
import { cluster, partition, topic } from '../contract/api/names.ts'
import { decoders, end, field, isolation, sources, start } from '../contract/api/record.ts'
import { recordFilter } from '../contract/api/search.ts'
import { returns, type Contract, type Problem } from '../contract/define.ts'
import type { FilterError, UnreadableOffsets } from '../contract/model/search.ts'
import type { PartitionScanState } from './partition-scan.ts'
import type { ScanPlan } from './plan-scan.ts'

const scanId = string({ minLength: 1, maxLength: 64 })
const direction = literal('forward', 'backward')

export const ranges = array(
  object({ topic, partition, start: offset, end: nullable(offset), at: offset }),
  { maxLength: 100_000 },
)

/** What every scan is told. */
export const scanInput = {
  cluster,
  scanId,
  ranges,
  direction,
  isolation,
}

/** One partition since the scan began, by its place in `ranges`. */
export interface PartitionUpdate {
  readonly index: number
  readonly state: PartitionScanState
  readonly at: bigint
  readonly records: number
  readonly bytes: number
  readonly found: number
  readonly problem: Problem | null
}

export interface ScanUpdate {
  /** Those that have changed since the last update. */
  readonly partitions: readonly PartitionUpdate[]
  /** New ones since the last update. */
  readonly unreadable: readonly UnreadableOffsets[]
}

export interface SearchUpdate extends ScanUpdate {
  /** Rows as encoded values, one after the other, and what they are ordered by. */
  readonly rows: Uint8Array
  readonly rowBytes: readonly number[]
  readonly timesMs: readonly number[]
  /** Of each row: its place in `ranges`, and its offset. */
  readonly rowRanges: readonly number[]
  readonly rowOffsets: readonly number[]
  /** Since the scan began; null when nothing is new. */
  readonly errors: readonly FilterError[] | null
  readonly errorCount: number
  /** So many were found as were asked for. */
  readonly enough: boolean
}

export const scanApi = {
  commands: {
    'scan.plan': {
      input: object({ cluster, sources, from: start, until: end, direction, isolation }),
      output: returns<ScanPlan>(),
    },
    /** Ends a scan after the record that is being looked at; its stream ends after its last update. */
    'scan.stop': { input: object({ cluster, scanId }), output: returns<null>() },
  },
  streams: {
    'scan.search': {
      input: object({
        ...scanInput,
        filter: recordFilter,
        decoders: optional(decoders),
        fields: optional(array(field, { maxLength: 32 })),
        previewBytes: optional(integer({ min: 0, max: 65_536 })),
        /** Rows to send; what is found beyond is counted. */
        rowsMax: integer({ min: 0, max: 1_000_000 }),
        /** Ends after so many found records; null for no such end. */
        foundMax: nullable(integer({ min: 1, max: 1_000_000 })),
        /** One partition after the other. */
        inOrder: optional(boolean),
      }),
      item: returns<SearchUpdate>(),
    },
  },
  events: {},
} as const satisfies Contract
