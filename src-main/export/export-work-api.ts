/** What the application asks of an inspect worker to export. */
import { layout } from '../contract/api/export.ts'
import { partition, topic } from '../contract/api/names.ts'
import { decoders } from '../contract/api/record.ts'
import { recordFilter } from '../contract/api/search.ts'
import { array, object, offset, optional } from '../contract/check.ts'
import { returns, type Contract } from '../contract/define.ts'
import { scanInput, type ScanUpdate } from '../scan/scan-api.ts'

export interface ExportUpdate extends ScanUpdate {
  /** The next piece of the file. */
  readonly bytes: Uint8Array
  readonly records: number
  readonly errorCount: number
}

export const exportWorkApi = {
  commands: {},
  streams: {
    /** In order of the ranges. Aborting it ends it without an end of its file. */
    'scan.export': {
      input: object({
        ...scanInput,
        filter: recordFilter,
        decoders: optional(decoders),
        layout,
        /** Only these of what the ranges hold. */
        places: optional(array(object({ topic, partition, offset }), { maxLength: 100_000 })),
      }),
      item: returns<ExportUpdate>(),
    },
  },
  events: {},
} as const satisfies Contract
