/** Exports: given records, or all that a query meets, as a file or a download. */
import {
  array,
  boolean,
  literal,
  nullable,
  object,
  offset,
  optional,
  string,
  union,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { ExportSummary } from '../model/export.ts'
import { cluster, partition, topic } from './names.ts'
import { decoders } from './record.ts'
import { query } from './search.ts'

export const EXPORT_RECORDS_MAX = 100_000

const exportId = string({ minLength: 1, maxLength: 64 })
const places = array(object({ topic, partition, offset }), { maxLength: EXPORT_RECORDS_MAX })
export const layout = object({
  format: literal('ndjson', 'json', 'csv', 'raw'),
  headers: boolean,
  /** Topic, partition, offset, timestamp. */
  metadata: boolean,
  /** `decoded` writes what the decoders read, JSON as JSON; `base64` the bytes as stored. */
  content: literal('decoded', 'base64'),
  /** Between raw values: `newline`, `nul`, or `none`. `newline` when not given. */
  separator: optional(literal('newline', 'nul', 'none')),
})

export const exportApi = {
  commands: {
    /** Begins at once where the target is a file; a download begins when the browser asks for it. */
    'export.start': {
      input: object({
        what: union({
          /** Everything that a query meets, each record read once. */
          query,
          /** These records, in this order of partitions and offsets. */
          records: {
            cluster,
            places,
            decoders: optional(decoders),
          },
          /** All that a search found, kept or not: its query is run again. */
          search: { cluster, searchId: string({ minLength: 1, maxLength: 64 }) },
        }),
        layout,
        /** A file goes into the downloads folder, or the folder that was chosen. */
        target: literal('file', 'download'),
        /** A name without folders; one is made up when null. Never overwrites: gets a number. */
        fileName: nullable(string({ minLength: 1, maxLength: 200 })),
        /** An absolute path; null for the downloads folder. */
        folder: optional(nullable(string({ minLength: 1, maxLength: 4_096 }))),
      }),
      output: returns<ExportSummary>(),
    },
    /** Nothing is left of its file. */
    'export.stop': { input: object({ exportId }), output: returns<ExportSummary>() },
    'export.get': { input: object({ exportId }), output: returns<ExportSummary>() },
    /** The newest first. */
    'export.list': { input: object({}), output: returns<readonly ExportSummary[]>() },
  },
  streams: {
    /** At once and then up to four times a second; ends when the export has ended. */
    'export.watch': { input: object({ exportId }), item: returns<ExportSummary>() },
  },
  events: {},
} as const satisfies Contract
