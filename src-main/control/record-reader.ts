/** Where the control address gets its records: an inspect worker, started when first asked. */
import type { InspectWorkers } from '../workers/inspect-workers.ts'
import type { RecordReader } from './record-answer.ts'

export function recordReaderOf(workers: InspectWorkers): RecordReader {
  return {
    get: (input, signal) => workers.call('record.get', input, { signal }),
    bytes: (input, signal) => workers.call('record.bytes', input, { signal }),
  }
}
