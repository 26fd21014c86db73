/** Records: pages of a view, one record, and new ones as they come. */
import { tailRecords } from '../records/live-tail.ts'
import { RecordDetails } from '../records/record-detail.ts'
import { readRecordPage, seekRecord } from '../records/record-page.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

export function recordHandlers({ clusters, nowMs, wait }: ServiceContext) {
  const details = new RecordDetails(nowMs)
  const commands = {
    'record.page': async (input, signal) =>
      readRecordPage(clusters.get(input.cluster).client, input, { nowMs, signal }),
    'record.get': async input => details.get(clusters.get(input.cluster).client, input),
    'record.bytes': async input => details.bytes(clusters.get(input.cluster).client, input),
    'record.seek': async input => seekRecord(clusters.get(input.cluster).client, input),
  } satisfies Commands
  const streams = {
    'record.live': async (input, sink) =>
      tailRecords({ client: clusters.get(input.cluster).client, input, sink, nowMs, wait }),
  } satisfies Streams
  return { commands, streams }
}
