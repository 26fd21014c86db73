/** One export in an inspect worker: a scan in order, whose records leave as pieces of a file. */
import type { Client } from '../../engine/client/client.ts'
import type { Handlers, StreamInputOf, StreamSink } from '../contract/define.ts'
import { compileFilter, type CompiledFilter } from '../filter/compile-filter.ts'
import type { Wait } from '../lookups/watch.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { PartitionScan } from '../scan/partition-scan.ts'
import { scanPartitions } from '../scan/scan.ts'
import type { ScanBatch } from '../scan/scan-batch.ts'
import type { ScanVisitor } from '../scan/scan-context.ts'
import { ScanReport } from '../scan/scan-report.ts'
import type { RunningScans } from '../scan/running-scans.ts'
import { ByteOutput } from './byte-output.ts'
import type { ExportUpdate, exportWorkApi } from './export-work-api.ts'
import { recordWriter, type RecordWriter } from './record-writer.ts'

type Input = StreamInputOf<typeof exportWorkApi, 'scan.export'>

/** A piece leaves when it is this long, and with every update. */
const PIECE_BYTES = 256 * 1024
const UPDATE_MS = 100
const CONGESTION_MS = 10

interface ExportWork {
  readonly client: Client
  readonly input: Input
  readonly sink: StreamSink<ExportUpdate>
  readonly stop: AbortController
  readonly nowMs: () => number
  readonly wait: Wait
}

export function exportWork(
  { scanClientOf, nowMs, wait }: WorkContext,
  running: RunningScans,
): Handlers<typeof exportWorkApi> {
  return {
    commands: {},
    streams: {
      'scan.export': async (input, sink) =>
        running.run(input.scanId, stop =>
          runExport({ client: scanClientOf(input.cluster), input, sink, stop, nowMs, wait }),
        ),
    },
  }
}

async function runExport({ client, input, sink, stop, ...clock }: ExportWork): Promise<void> {
  const { nowMs, wait } = clock
  const decoders = input.decoders ?? { key: 'auto', value: 'auto' }
  const filter = compileFilter(input.filter, { decoders, nowMs: () => performance.now() })
  const scans = input.ranges.map(range => new PartitionScan(range, input.direction))
  const writer = recordWriter({ layout: input.layout, decoders })
  const visitor = new ExportVisitor({ filter, writer, only: placesOf(input), sink, stop, wait })
  const report = new ScanReport(scans)
  const emit = () => sink.emit({ ...report.next(), ...visitor.next() })
  visitor.onPiece = emit
  visitor.write(out => writer.begin(out))

  const ended = new AbortController()
  const updating = (async () => {
    while (!ended.signal.aborted) {
      await wait(UPDATE_MS, ended.signal)
      if (!ended.signal.aborted && !sink.congested) emit()
    }
  })()
  sink.signal.addEventListener('abort', () => stop.abort(), { once: true })
  const committedOnly = input.isolation === 'read_committed'
  const { signal } = stop
  try {
    await scanPartitions({
      client,
      scans,
      visitor,
      committedOnly,
      signal,
      wait,
      nowMs,
      inOrder: true,
    })
  } finally {
    ended.abort()
    await updating
  }
  visitor.write(out => writer.end(out))
  emit()
}

/** By partition, the offsets that were asked for; null for all of them. */
function placesOf({ places }: Input): ReadonlyMap<string, ReadonlySet<bigint>> | null {
  if (places === undefined) return null
  const wanted = new Map<string, Set<bigint>>()
  for (const { topic, partition, offset } of places) {
    const name = `${topic}/${partition}`
    const offsets = wanted.get(name) ?? new Set<bigint>()
    wanted.set(name, offsets.add(offset))
  }
  return wanted
}

interface VisitorOptions {
  readonly filter: CompiledFilter
  readonly writer: RecordWriter
  readonly only: ReadonlyMap<string, ReadonlySet<bigint>> | null
  readonly sink: StreamSink<ExportUpdate>
  readonly stop: AbortController
  readonly wait: Wait
}

class ExportVisitor implements ScanVisitor {
  readonly #options: VisitorOptions
  readonly #out = new ByteOutput()
  /** A batch that is read backward is written from its end. */
  readonly #batch = new ByteOutput()
  #records = 0
  onPiece: () => void = () => {}

  constructor(options: VisitorOptions) {
    this.#options = options
  }

  visit(batch: ScanBatch): null {
    const { filter, only, writer } = this.#options
    const wanted = only?.get(`${batch.scan.topic}/${batch.scan.partition}`)
    const backward = batch.scan.direction === 'backward'
    const ends = [0]
    filter.find(batch, record => {
      if (only !== null && wanted?.has(record.offset) !== true) return
      if (backward) {
        if (writer.record(record, this.#batch)) ends.push(this.#batch.length)
        return
      }
      if (this.#records > 0) this.#out.ascii(writer.between)
      if (!writer.record(record, this.#out)) return
      this.#count(batch)
    })
    for (let place = ends.length - 1; place > 0; place--) {
      if (this.#records > 0) this.#out.ascii(writer.between)
      this.#out.copyFrom(this.#batch, ends[place - 1]!, ends[place]!)
      this.#count(batch)
    }
    this.#batch.clear()
    return null
  }

  #count({ scan }: ScanBatch): void {
    this.#records++
    scan.found++
    this.#sendIfDue()
  }

  write(what: (out: ByteOutput) => void): void {
    what(this.#out)
    this.#sendIfDue()
  }

  drain(): Promise<void> | null {
    const { sink, stop, wait } = this.#options
    if (!sink.congested) return null
    return (async () => {
      while (sink.congested && !stop.signal.aborted) await wait(CONGESTION_MS, stop.signal)
    })()
  }

  next(): Pick<ExportUpdate, 'bytes' | 'records' | 'errorCount'> {
    const { errors } = this.#options.filter
    return { bytes: this.#out.take(), records: this.#records, errorCount: errors.count }
  }

  #sendIfDue(): void {
    if (this.#out.length >= PIECE_BYTES) this.onPiece()
  }
}
