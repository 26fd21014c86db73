/** One search in an inspect worker: a scan whose visitor keeps what meets the filter as rows. */
import type { Client } from '../../engine/client/client.ts'
import type { StreamInputOf, StreamSink } from '../contract/define.ts'
import { encodeValue } from '../contract/frame.ts'
import type { RecordRow } from '../contract/model/record.ts'
import { compileFilter, type CompiledFilter } from '../filter/compile-filter.ts'
import type { RecordAtHand } from '../filter/record-at-hand.ts'
import type { Wait } from '../lookups/watch.ts'
import { batchContents } from '../records/row-batch.ts'
import { showOptions, type ShowOptions } from '../records/show-options.ts'
import { showRecord } from '../records/show-record.ts'
import { PartitionScan } from './partition-scan.ts'
import { scanPartitions } from './scan.ts'
import type { scanApi, SearchUpdate } from './scan-api.ts'
import type { ScanBatch } from './scan-batch.ts'
import type { ScanVisitor } from './scan-context.ts'
import { ScanReport } from './scan-report.ts'

type Input = StreamInputOf<typeof scanApi, 'scan.search'>

/** Rows are sent when so many bytes of them wait, and with every update. */
const ROW_BYTES_WAITING_MAX = 256 * 1024
const UPDATE_MS = 100
const CONGESTION_MS = 20

export interface SearchWork {
  readonly client: Client
  readonly input: Input
  readonly sink: StreamSink<SearchUpdate>
  /** Ends it in order, its last update sent. */
  readonly stop: AbortController
  readonly nowMs: () => number
  readonly wait: Wait
}

export async function runSearch(work: SearchWork): Promise<void> {
  const { client, input, sink, stop, nowMs, wait } = work
  const decoders = input.decoders ?? { key: 'auto', value: 'auto' }
  const filter = compileFilter(input.filter, { decoders, nowMs: () => performance.now() })
  const scans = input.ranges.map(range => new PartitionScan(range, input.direction))
  const show = showOptions({ decoders, ...given(input) })
  const finder = new SearchVisitor({ work, filter, show, scans })
  const report = new ScanReport(scans)
  const emit = () => sink.emit({ ...report.next(), ...finder.next() })
  finder.onFull = emit

  const ended = new AbortController()
  const updating = (async () => {
    while (!ended.signal.aborted) {
      await wait(UPDATE_MS, ended.signal)
      if (!ended.signal.aborted && !sink.congested) emit()
    }
  })()
  sink.signal.addEventListener('abort', () => stop.abort(), { once: true })
  try {
    await scanPartitions({
      client,
      scans,
      visitor: finder,
      committedOnly: input.isolation === 'read_committed',
      signal: stop.signal,
      wait,
      nowMs,
      inOrder: input.inOrder ?? false,
    })
  } finally {
    ended.abort()
    await updating
  }
  emit()
}

function given({ fields, previewBytes }: Input) {
  return {
    ...(fields === undefined ? {} : { fields }),
    ...(previewBytes === undefined ? {} : { previewBytes }),
  }
}

interface VisitorOptions {
  readonly work: SearchWork
  readonly filter: CompiledFilter
  readonly show: ShowOptions
  readonly scans: readonly PartitionScan[]
}

class SearchVisitor implements ScanVisitor {
  readonly #work: SearchWork
  readonly #filter: CompiledFilter
  readonly #show: ShowOptions
  readonly #places: ReadonlyMap<PartitionScan, number>
  #rows: Uint8Array[] = []
  #waitingBytes = 0
  #timesMs: number[] = []
  #rowRanges: number[] = []
  #rowOffsets: number[] = []
  #rowCount = 0
  #found = 0
  #errorsSent = 0
  /** Called when rows ought to be sent. */
  onFull: () => void = () => {}

  constructor({ work, filter, show, scans }: VisitorOptions) {
    this.#work = work
    this.#filter = filter
    this.#show = show
    this.#places = new Map(scans.map((scan, place) => [scan, place]))
  }

  visit(batch: ScanBatch): bigint | null {
    const stopped =
      batch.scan.direction === 'backward' ? this.#visitBackward(batch) : this.#visitForward(batch)
    if (stopped !== null) this.#work.stop.abort()
    return stopped
  }

  drain(): Promise<void> | null {
    if (this.#waitingBytes >= ROW_BYTES_WAITING_MAX) this.onFull()
    const { sink, stop, wait } = this.#work
    if (!sink.congested) return null
    return (async () => {
      while (sink.congested && !stop.signal.aborted) await wait(CONGESTION_MS, stop.signal)
    })()
  }

  /** What is new since the last call. */
  next(): Omit<SearchUpdate, 'partitions' | 'unreadable'> {
    const { errors } = this.#filter
    const update = {
      rows: Buffer.concat(this.#rows),
      rowBytes: this.#rows.map(({ length }) => length),
      timesMs: this.#timesMs,
      rowRanges: this.#rowRanges,
      rowOffsets: this.#rowOffsets,
      errors: errors.count === this.#errorsSent ? null : errors.list(),
      errorCount: errors.count,
      enough: this.#enough,
    }
    this.#errorsSent = errors.count
    this.#rows = []
    this.#timesMs = []
    this.#rowRanges = []
    this.#rowOffsets = []
    this.#waitingBytes = 0
    return update
  }

  get #enough(): boolean {
    const { foundMax } = this.#work.input
    return foundMax !== null && this.#found >= foundMax
  }

  #visitForward(batch: ScanBatch): bigint | null {
    let stopped: bigint | null = null
    this.#filter.find(batch, record => {
      const { offset } = record
      this.#take(batch, record.cursor.start, offset, record.timestampMs)
      if (this.#enough) stopped = offset + 1n
      return stopped === null
    })
    return stopped
  }

  /** A batch is read from its beginning, so its hits are gathered before the last is taken. */
  #visitBackward(batch: ScanBatch): bigint | null {
    const hits: { readonly start: number; readonly offset: bigint; readonly timeMs: bigint }[] = []
    this.#filter.find(batch, ({ cursor, offset, timestampMs }: RecordAtHand) => {
      hits.push({ start: cursor.start, offset, timeMs: timestampMs })
    })
    for (const { start, offset, timeMs } of hits.reverse()) {
      this.#take(batch, start, offset, timeMs)
      if (this.#enough) return offset
    }
    return null
  }

  #take(batch: ScanBatch, start: number, offset: bigint, timestampMs: bigint): void {
    this.#found++
    batch.scan.found++
    if (this.#rowCount >= this.#work.input.rowsMax) return
    const { topic, partition } = batch.scan
    const contents = batchContents(batch.bytes, batch.at, topic)
    const shown = showRecord(batch.payload, start, contents, this.#show)
    const position = BigInt(this.#rowCount)
    const row: RecordRow = { topic, partition, offset, position, timestampMs, ...shown }
    const { tail } = encodeValue(row)
    this.#rowCount++
    this.#rows.push(tail)
    this.#waitingBytes += tail.length
    this.#timesMs.push(Number(timestampMs))
    this.#rowRanges.push(this.#places.get(batch.scan)!)
    this.#rowOffsets.push(Number(offset))
  }
}
