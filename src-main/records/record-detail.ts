/** `record.get` and `record.bytes`: one record in full, its batch, and ranges of what is large. */
import type { Client } from '../../engine/client/client.ts'
import { codecById } from '../../engine/protocol/records/compression.ts'
import {
  BATCH_HEADER_BYTES,
  NO_SEQUENCE,
  addSequence,
  readBatchHeader,
  wholeBatches,
  type BatchHeader,
} from '../../engine/protocol/records/record-batch.ts'
import { RecordCursor, type RecordHeader } from '../../engine/protocol/records/record-cursor.ts'
import { recordsOf, timestampsOf } from '../../engine/protocol/records/record-reader.ts'
import { assertNever } from '../../engine/support/assert.ts'
import type { ApplicationApi } from '../contract/api.ts'
import { ContractError, type InputOf } from '../contract/define.ts'
import type { BatchDetail, BytesPreview, RecordDetail } from '../contract/model/record.ts'
import { describeMetadata, leadersOf } from '../lookups/cluster-topics.ts'
import { fetchPartitions } from './cluster-source.ts'
import { preview, timestampTypeOf } from './row-batch.ts'
import { unlessAborted } from './unless-aborted.ts'

const DETAIL_PREVIEW_BYTES = 65_536
const BATCH_PREVIEW_BYTES = 4_096
/** Brokers answer with one whole batch at least, however small this is. */
const FETCH_BYTES = 1
/** Ranges of a large value are asked for one after the other; its batch is kept meanwhile. */
const CACHE_BYTES_MAX = 128 * 1024 * 1024
const CACHE_MS_MAX = 30_000

interface Place {
  readonly cluster: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

type PartOf = InputOf<ApplicationApi, 'record.bytes'>['part']

interface LoadedBatch {
  readonly key: string
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly bytes: Uint8Array
  readonly payload: Uint8Array
  readonly loadedAtMs: number
}

/** A batch on its way, and how many wait for it: when nobody does any more, it is given up. */
interface Fetching {
  readonly abort: AbortController
  readonly batch: Promise<LoadedBatch>
  waiting: number
}

/** Reads single records, and remembers the last few batches for a moment. */
export class RecordDetails {
  readonly #nowMs: () => number
  #batches: LoadedBatch[] = []
  #forgetting: NodeJS.Timeout | null = null
  readonly #fetching = new Map<string, Fetching>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  async get(
    client: Client,
    input: InputOf<ApplicationApi, 'record.get'>,
    signal: AbortSignal,
  ): Promise<RecordDetail> {
    const { topic, partition, offset, previewBytes = DETAIL_PREVIEW_BYTES } = input
    const batch = await this.#load(client, input, signal)
    const cursor = findRecord(batch, input)
    const headers = cursor.headers()
    return {
      topic,
      partition,
      offset,
      timestampMs: timestampsOf(batch.bytes, 0)(cursor),
      timestampType: timestampTypeOf(batch.bytes, 0),
      key: preview(cursor.key(), previewBytes),
      value: preview(cursor.value(), previewBytes),
      headers: headers.map(({ key, value }) => ({ key, value: preview(value, previewBytes) })),
      sizeBytes:
        Math.max(cursor.keyLength, 0) +
        Math.max(cursor.valueLength, 0) +
        headers.reduce((total, header) => total + headerSize(header), 0),
      batch: batchDetail(batch, cursor.offsetDelta),
    }
  }

  async bytes(
    client: Client,
    input: InputOf<ApplicationApi, 'record.bytes'>,
    signal: AbortSignal,
  ): Promise<BytesPreview> {
    const batch = await this.#load(client, input, signal)
    const whole = partOf(batch, input)
    if (whole === null) throw notFound(`${nameOf(input)} has no ${input.part.type}`)
    const range = whole.subarray(input.from, input.from + input.length)
    return { bytes: new Uint8Array(range), sizeBytes: whole.length }
  }

  /** The whole of a part, and the record's key, which says how some values are read. */
  async part(
    client: Client,
    input: Place & { readonly part: PartOf },
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array | null; readonly key: Uint8Array | null }> {
    const batch = await this.#load(client, input, signal)
    return { bytes: partOf(batch, input), key: findRecord(batch, input).key() }
  }

  async #load(client: Client, place: Place, signal: AbortSignal): Promise<LoadedBatch> {
    const { cluster, topic, partition, offset } = place
    const key = JSON.stringify([cluster, topic, partition])
    this.#forgetOld()
    const known = this.#batches.find(
      each => each.key === key && each.baseOffset <= offset && offset <= each.lastOffset,
    )
    if (known !== undefined) return known

    const name = `${key}|${offset}`
    const fetching = this.#fetching.get(name) ?? this.#fetch(client, place, { key, name })
    fetching.waiting += 1
    try {
      return await unlessAborted(fetching.batch, signal)
    } finally {
      fetching.waiting -= 1
      if (fetching.waiting === 0) {
        // Whoever asks from now on must not join what is being given up.
        this.#forgetFetch(name, fetching)
        fetching.abort.abort()
      }
    }
  }

  /** One fetch for all who ask for the same record at the same time: a panel asks three times. */
  #fetch(
    client: Client,
    place: Place,
    { key, name }: { readonly key: string; readonly name: string },
  ): Fetching {
    const abort = new AbortController()
    const load = async () => {
      const fetched = await fetchBatch(client, place, abort.signal)
      return this.#keep({ key, loadedAtMs: this.#nowMs(), ...fetched })
    }
    const fetching: Fetching = { abort, waiting: 0, batch: load() }
    this.#fetching.set(name, fetching)
    return fetching
  }

  #forgetFetch(name: string, fetching: Fetching): void {
    if (this.#fetching.get(name) === fetching) this.#fetching.delete(name)
  }

  #keep(batch: LoadedBatch): LoadedBatch {
    this.#batches.push(batch)
    const total = () => this.#batches.reduce((sum, each) => sum + each.payload.length, 0)
    while (this.#batches.length > 1 && total() > CACHE_BYTES_MAX) this.#batches.shift()
    // A large one is not kept until somebody happens to ask for the next; nor does it keep the
    // thread from ending.
    this.#forgetting ??= setTimeout(() => this.#forgetOld(), CACHE_MS_MAX).unref()
    return batch
  }

  #forgetOld(): void {
    const nowMs = this.#nowMs()
    this.#batches = this.#batches.filter(each => nowMs - each.loadedAtMs < CACHE_MS_MAX)
    clearTimeout(this.#forgetting ?? undefined)
    this.#forgetting =
      this.#batches.length === 0 ? null : setTimeout(() => this.#forgetOld(), CACHE_MS_MAX).unref()
  }
}

async function fetchBatch(
  client: Client,
  place: Place,
  signal: AbortSignal,
): Promise<Omit<LoadedBatch, 'key' | 'loadedAtMs'>> {
  const { topic, partition, offset } = place
  const { leaders } = leadersOf(await unlessAborted(describeMetadata(client, topic), signal))
  const slots = [{ topic, partition, leader: leaders.get(partition) ?? -1 }]
  const options = { client, slots, isolation: 'read_uncommitted', signal } as const
  const fetched = await fetchPartitions(options, [{ slot: 0, offset, maxBytes: FETCH_BYTES }])
  const answer = fetched.get(0)
  if (answer?.type === 'problem') throw new ContractError(answer.problem)
  for (const { at, size } of wholeBatches(answer?.records ?? new Uint8Array(0))) {
    const bytes = answer!.records.subarray(at, at + size)
    const { baseOffset, lastOffset } = readBatchHeader(bytes, 0)
    if (offset < baseOffset || offset > lastOffset) continue
    return { baseOffset, lastOffset, bytes, payload: recordsOf(bytes, 0) }
  }
  throw gone(place)
}

function findRecord({ bytes, payload }: LoadedBatch, place: Place): RecordCursor {
  const { baseOffset, recordCount } = readBatchHeader(bytes, 0)
  const wanted = Number(place.offset - baseOffset)
  const cursor = new RecordCursor(payload)
  for (let index = 0; index < recordCount; index++) {
    cursor.skip()
    if (cursor.offsetDelta !== wanted) continue
    const found = new RecordCursor(payload, cursor.start)
    found.read()
    return found
  }
  throw gone(place)
}

function partOf(batch: LoadedBatch, input: Place & { readonly part: PartOf }): Uint8Array | null {
  switch (input.part.type) {
    case 'key':
      return findRecord(batch, input).key()
    case 'value':
      return findRecord(batch, input).value()
    case 'header':
      return findRecord(batch, input).headers()[input.part.index]?.value ?? null
    case 'batch':
      return batch.bytes
    default:
      return assertNever(input.part)
  }
}

function batchDetail({ bytes, payload }: LoadedBatch, offsetDelta: number): BatchDetail {
  const header = readBatchHeader(bytes, 0)
  return {
    baseOffset: header.baseOffset,
    lastOffset: header.lastOffset,
    recordCount: header.recordCount,
    magic: header.magic,
    codec: codecById(header.compressionId),
    sizeBytes: header.sizeBytes,
    uncompressedBytes: BATCH_HEADER_BYTES + payload.length,
    crc: header.crc,
    baseTimestampMs: header.baseTimestampMs,
    maxTimestampMs: header.maxTimestampMs,
    producer: producerOf(header, offsetDelta),
    partitionLeaderEpoch: header.leaderEpoch,
    transactional: header.transactional,
    control: header.control,
    bytes: preview(bytes, BATCH_PREVIEW_BYTES)!,
  }
}

function producerOf(header: BatchHeader, offsetDelta: number): BatchDetail['producer'] {
  const { producerId, producerEpoch, baseSequence } = header
  if (producerId < 0n) return null
  const sequence =
    baseSequence === NO_SEQUENCE ? NO_SEQUENCE : addSequence(baseSequence, offsetDelta)
  return { producerId, producerEpoch, baseSequence, sequence }
}

function headerSize({ key, value }: RecordHeader): number {
  return Buffer.byteLength(key) + (value?.length ?? 0)
}

function nameOf({ topic, partition, offset }: Place): string {
  return `${topic}-${partition} offset ${offset}`
}

function gone(place: Place): ContractError {
  return notFound(`${nameOf(place)} holds no record: it was compacted, or is a marker's`)
}

function notFound(message: string): ContractError {
  return new ContractError({ code: 'NOT_FOUND', message })
}
