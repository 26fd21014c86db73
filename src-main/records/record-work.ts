/** The part of the records' contract that is done in an inspect worker, which is all of it. */
import type { recordApi } from '../contract/api/record.ts'
import type { Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { tailRecords } from './live-tail.ts'
import type { RecordDetails } from './record-detail.ts'
import { readRecordPage, seekRecord } from './record-page.ts'

export function recordWork(
  { clientOf, nowMs, wait }: WorkContext,
  details: RecordDetails,
): Handlers<typeof recordApi> {
  return {
    commands: {
      'record.page': async (input, signal) =>
        readRecordPage(clientOf(input.cluster), input, { nowMs, signal }),
      'record.get': async input => details.get(clientOf(input.cluster), input),
      'record.bytes': async input => details.bytes(clientOf(input.cluster), input),
      'record.seek': async input => seekRecord(clientOf(input.cluster), input),
    },
    streams: {
      'record.live': async (input, sink) =>
        tailRecords({ client: clientOf(input.cluster), input, sink, nowMs, wait }),
    },
  }
}
