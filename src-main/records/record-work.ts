/** The records' contract, as it is done in an inspect worker: all of it. */
import type { recordApi } from '../contract/api/record.ts'
import type { Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { readHistogram } from './histogram.ts'
import { searchKey } from './key-search.ts'
import { tailRecords } from './live-tail.ts'
import type { RecordDetails } from './record-detail.ts'
import { readRecordPage, seekRecord } from './record-page.ts'
import { readRecordRows } from './record-rows.ts'

export function recordWork(
  { clientOf, scanClientOf, nowMs, wait }: WorkContext,
  details: RecordDetails,
): Handlers<typeof recordApi> {
  return {
    commands: {
      'record.page': async (input, signal) =>
        readRecordPage(clientOf(input.cluster), input, { nowMs, signal }),
      'record.rows': async (input, signal) =>
        readRecordRows(clientOf(input.cluster), input, signal),
      'record.get': async (input, signal) => details.get(clientOf(input.cluster), input, signal),
      'record.bytes': async (input, signal) =>
        details.bytes(clientOf(input.cluster), input, signal),
      'record.seek': async (input, signal) => seekRecord(clientOf(input.cluster), input, signal),
      'record.histogram': async (input, signal) =>
        readHistogram(clientOf(input.cluster), input, signal),
      'record.by-key': async (input, signal) => {
        const client = scanClientOf(input.cluster)
        const { cluster, topic, partition, offset } = input
        const place = { cluster, topic, partition, offset, previewBytes: 0 }
        const timestampOf = async () => (await details.get(client, place, signal)).timestampMs
        return searchKey(input, { client, signal, timestampOf })
      },
    },
    streams: {
      'record.live': async (input, sink) =>
        tailRecords({ client: clientOf(input.cluster), input, sink, nowMs, wait }),
    },
  }
}
