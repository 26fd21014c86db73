/** Records: everything is done by the inspect workers, and their answers pass through. */
import type { Commands, ServiceContext, Streams } from './handlers.ts'

export function recordHandlers({ workers }: ServiceContext) {
  const commands = {
    'record.page': (input, signal) => workers.pass('record.page', input, { signal }),
    'record.rows': (input, signal) => workers.pass('record.rows', input, { signal }),
    'record.get': (input, signal) => workers.pass('record.get', input, { signal }),
    'record.bytes': (input, signal) => workers.pass('record.bytes', input, { signal }),
    'record.seek': (input, signal) => workers.pass('record.seek', input, { signal }),
    'record.histogram': (input, signal) => workers.pass('record.histogram', input, { signal }),
    // A scan by another name.
    'record.by-key': (input, signal) => workers.pass('record.by-key', input, { signal, worker: 0 }),
  } satisfies Commands
  const streams = {
    'record.live': (input, sink) => workers.relay('record.live', input, sink),
  } satisfies Streams
  return { commands, streams }
}
