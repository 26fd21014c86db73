/**
 * Records that lie in a topic already, to be sent once more byte for byte: named one by one, or
 * all of a range. Within a partition they keep their order.
 */
import type { Client } from '../../../engine/client/client.ts'
import type { LogRecord } from '../../../engine/protocol/records/record-reader.ts'
import type { RunInput } from '../../contract/api/produce.ts'
import { ContractError } from '../../contract/define.ts'
import { describeMetadata, leadersOf } from '../../lookups/cluster-topics.ts'
import { EARLIEST, LATEST, listOffsets } from '../../lookups/list-offsets.ts'
import type { MadeRecord } from '../made-record.ts'
import { fetchRecords } from './partition-records.ts'
import type { RecordSink, RecordSource } from './record-source.ts'

type Replay = Extract<RunInput, { type: 'replay' }>
type Range = Extract<Replay['records'], { type: 'range' }>

export interface ReplayOptions {
  /** Of the cluster that is read. */
  readonly client: Client
  readonly replay: Replay
  readonly nowMs: () => number
}

export interface ReplaySource extends RecordSource {
  /** Records, or for a range offsets, that there are; null until that is known. */
  readonly total: number | null
}

const FETCH_BYTES = 1_048_576
/** Brokers answer with one whole batch at least, however small this is. */
const ONE_BATCH_BYTES = 1

export function replaySource(options: ReplayOptions): ReplaySource {
  const { records } = options.replay
  return records.type === 'list'
    ? new ListSource(options, records.places)
    : new RangeSource(options, records)
}

abstract class Replaying implements ReplaySource {
  protected readonly options: ReplayOptions
  protected closed = false
  #given = 0
  abstract readonly total: number | null

  constructor(options: ReplayOptions) {
    this.options = options
  }

  abstract pull(max: number, sink: RecordSink): Promise<number | null> | number | null

  close(): void {
    this.closed = true
  }

  protected give(record: LogRecord, partition: number, sink: RecordSink): void {
    const number = this.#given++
    const { keepPartition, keepTimestamp } = this.options.replay
    const timestampMs = keepTimestamp ? Number(record.timestampMs) : this.options.nowMs()
    if (!Number.isSafeInteger(timestampMs)) {
      const message = `offset ${record.offset}: the timestamp ${record.timestampMs} is beyond any date`
      sink.fail(number, { code: 'INVALID_TIMESTAMP', message })
      return
    }
    const made: MadeRecord = {
      key: record.key,
      value: record.value,
      headers: record.headers.map(({ key, value }) => ({ key: Buffer.from(key), value })),
      timestampMs,
      partition: keepPartition ? partition : null,
    }
    sink.add(made, number)
  }

  protected lack(message: string, sink: RecordSink): void {
    sink.fail(this.#given++, { code: 'NOT_FOUND', message })
  }
}

class ListSource extends Replaying {
  readonly #places: readonly { readonly partition: number; readonly offset: bigint }[]
  /** The last batch that was read of each partition: named records often lie together. */
  readonly #read = new Map<number, { first: bigint; next: bigint; records: readonly LogRecord[] }>()
  #at = 0

  constructor(
    options: ReplayOptions,
    places: readonly { readonly partition: number; readonly offset: bigint }[],
  ) {
    super(options)
    this.#places = places
  }

  get total(): number {
    return this.#places.length
  }

  async pull(max: number, sink: RecordSink): Promise<number | null> {
    if (this.closed || this.#at >= this.#places.length) return null
    const end = Math.min(this.#at + max, this.#places.length)
    const begin = this.#at
    for (; this.#at < end && !this.closed; this.#at++) {
      const { partition, offset } = this.#places[this.#at]!
      const record = await this.#record(partition, offset)
      if (record !== undefined) this.give(record, partition, sink)
      else
        this.lack(
          `${this.options.replay.from.topic}-${partition} has no record at offset ${offset}`,
          sink,
        )
    }
    return this.#at - begin
  }

  async #record(partition: number, offset: bigint): Promise<LogRecord | undefined> {
    const { client, replay } = this.options
    let read = this.#read.get(partition)
    if (read === undefined || offset < read.first || offset >= read.next) {
      const asked = { topic: replay.from.topic, partition, offset, maxBytes: ONE_BATCH_BYTES }
      const fetched = await fetchRecords(client, asked).catch(outOfRange)
      if (fetched === null) return undefined
      read = { first: offset, next: fetched.nextOffset, records: fetched.records }
      this.#read.set(partition, read)
    }
    return read.records.find(each => each.offset === offset)
  }
}

/** An offset that the log does not have is that record's trouble, and no other's. */
function outOfRange(error: unknown): null {
  if (error instanceof ContractError && error.code === 'OFFSET_OUT_OF_RANGE') return null
  throw error
}

interface Stretch {
  readonly partition: number
  next: bigint
  readonly end: bigint
  readonly length: bigint
}

class RangeSource extends Replaying {
  readonly #range: Range
  #stretches: Stretch[] | null = null
  #total: number | null = null
  #ready: { readonly record: LogRecord; readonly partition: number }[] = []
  #at = 0

  constructor(options: ReplayOptions, range: Range) {
    super(options)
    this.#range = range
  }

  get total(): number | null {
    return this.#total
  }

  async pull(max: number, sink: RecordSink): Promise<number | null> {
    while (this.#at >= this.#ready.length) {
      this.#stretches ??= await this.#begin()
      if (this.closed || !(await this.#fetch(this.#stretches))) return null
    }
    const end = Math.min(this.#at + max, this.#ready.length)
    const begin = this.#at
    for (; this.#at < end; this.#at++) {
      const { record, partition } = this.#ready[this.#at]!
      this.give(record, partition, sink)
    }
    return end - begin
  }

  /** The next batches of the first partition that has any, which then goes to the end of the row. */
  async #fetch(stretches: Stretch[]): Promise<boolean> {
    const { client, replay } = this.options
    const stretch = stretches.shift()
    if (stretch === undefined) return false
    const { partition, next, end } = stretch
    const asked = { topic: replay.from.topic, partition, offset: next, maxBytes: FETCH_BYTES }
    const { records, nextOffset } = await fetchRecords(client, asked)
    this.#ready = records
      .filter(({ offset }) => offset < end)
      .map(record => ({ record, partition }))
    this.#at = 0
    // Nothing more although there should be: the rest belongs to a transaction that is still open.
    if (nextOffset > next && nextOffset < end) stretches.push({ ...stretch, next: nextOffset })
    return true
  }

  async #begin(): Promise<Stretch[]> {
    const { client, replay } = this.options
    const { topic } = replay.from
    const { leaders } = leadersOf(await describeMetadata(client, topic))
    const wanted = new Map(
      [...leaders].filter(([partition]) => this.#range.partitions?.includes(partition) !== false),
    )
    const ask = async (timestampMs: bigint) => {
      const table = await listOffsets(client, [{ topic, leaders: wanted }], timestampMs)
      const found = table.get(topic)!
      return (partition: number) => {
        const answer = found.get(partition)!
        if (answer.type === 'problem') throw new ContractError(answer.problem)
        return answer.offset
      }
    }
    const { begin, end } = this.#range
    const [earliest, latest] = await Promise.all([ask(EARLIEST), ask(LATEST)])
    const beginAt = begin.type === 'timestamp' ? await ask(begin.timestampMs) : null
    const endAt = end.type === 'timestamp' ? await ask(end.timestampMs) : null
    const stretches = [...wanted.keys()].map(partition => {
      const bounds = { low: earliest(partition), high: latest(partition) }
      const first =
        begin.type === 'offset' ? begin.offset : beginAt === null ? 0n : beginAt(partition)
      const last = end.type === 'offset' ? end.offset : (endAt?.(partition) ?? bounds.high)
      // No record with such a timestamp or a later one: that is the end.
      const next = clamp(first < 0n ? bounds.high : first, bounds)
      const stop = clamp(last < 0n ? bounds.high : last, bounds)
      return { partition, next, end: stop, length: stop > next ? stop - next : 0n }
    })
    this.#total = Number(stretches.reduce((sum, { length }) => sum + length, 0n))
    return stretches.filter(({ length }) => length > 0n)
  }
}

function clamp(offset: bigint, { low, high }: { low: bigint; high: bigint }): bigint {
  return offset < low ? low : offset > high ? high : offset
}
