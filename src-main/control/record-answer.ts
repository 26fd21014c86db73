/**
 * One record over HTTP: as JSON, or one part of it as the bytes that are stored. In JSON, what is
 * valid UTF-8 is text, and anything else `{"$base64": "…"}`, as in the pages' copies and exports.
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ApplicationApi } from '../contract/api.ts'
import { RANGE_BYTES_MAX } from '../contract/api/record.ts'
import { ContractError, type InputOf } from '../contract/define.ts'
import type { BytesPreview, RecordDetail } from '../contract/model/record.ts'
import { jsonText } from './json-text.ts'

/** Reads records of any cluster that the application knows. */
export interface RecordReader {
  get(input: InputOf<ApplicationApi, 'record.get'>, signal: AbortSignal): Promise<RecordDetail>
  bytes(input: BytesInput, signal: AbortSignal): Promise<BytesPreview>
}

type BytesInput = InputOf<ApplicationApi, 'record.bytes'>
type Part = BytesInput['part']
type Place = Pick<BytesInput, 'cluster' | 'topic' | 'partition' | 'offset'>

export interface RecordAddress {
  readonly clusterId: string
  readonly topic: string
  readonly partition: string
  readonly offset: string
  readonly searchParams: URLSearchParams
}

/** A whole record as one text; a larger one is fetched part by part. */
const JSON_BYTES_MAX = 16 * 1024 * 1024
const INT32_MAX = 2_147_483_647
const INT64_MAX = 9_223_372_036_854_775_807n

/** Throws a `ContractError` for a place that is none, or holds no such record or part. */
export async function answerWithRecord(
  reader: RecordReader,
  address: RecordAddress,
  response: ServerResponse,
): Promise<void> {
  const place = placeOf(address)
  const part = partOf(address.searchParams)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  if (part !== null) await sendBytes(reader, { ...place, part }, response, gone.signal)
  else await sendJson(reader, place, response, gone.signal)
}

async function sendJson(
  reader: RecordReader,
  place: Place,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const record = await reader.get({ ...place, previewBytes: RANGE_BYTES_MAX }, signal)
  if (record.sizeBytes > JSON_BYTES_MAX)
    throw new ContractError({
      code: 'TOO_LARGE',
      message: `${nameOf(place)} has ${record.sizeBytes} bytes, and JSON holds ${JSON_BYTES_MAX}`,
      remedy: 'Ask for its parts: ?part=value, ?part=key, ?part=header&index=0.',
    })
  const whole = async (part: Part, preview: BytesPreview | null) =>
    preview === null
      ? null
      : textOrBase64(await wholeOf(reader, { ...place, part }, preview, signal))
  const headers = []
  for (const [index, { key, value }] of record.headers.entries())
    headers.push({ key, value: await whole({ type: 'header', index }, value) })
  const { topic, partition, offset, timestampMs, timestampType, batch } = record
  const text = jsonText({
    topic,
    partition,
    offset,
    timestamp: timestampMs,
    timestampType,
    leaderEpoch: batch.partitionLeaderEpoch,
    key: await whole({ type: 'key' }, record.key),
    value: await whole({ type: 'value' }, record.value),
    headers,
  })
  response.writeHead(200, { ...headersOf, 'Content-Type': 'application/json; charset=utf-8' })
  response.end(`${text}\n`)
}

/** Ranges one after the other: a value of any size takes the memory of one. */
async function sendBytes(
  reader: RecordReader,
  place: Place & { readonly part: Part },
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const range = (from: number) => reader.bytes({ ...place, from, length: RANGE_BYTES_MAX }, signal)
  let { bytes, sizeBytes } = await range(0)
  response.writeHead(200, {
    ...headersOf,
    'Content-Type': 'application/octet-stream',
    'Content-Length': sizeBytes,
  })
  for (let sent = 0; ; { bytes } = await range(sent)) {
    sent += bytes.length
    if (!response.write(bytes) && sent < sizeBytes) await once(response, 'drain', { signal })
    if (sent >= sizeBytes) break
  }
  response.end()
}

async function wholeOf(
  reader: RecordReader,
  place: Place & { readonly part: Part },
  preview: BytesPreview,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pieces = [preview.bytes]
  for (let from = preview.bytes.length; from < preview.sizeBytes;) {
    const { bytes } = await reader.bytes({ ...place, from, length: RANGE_BYTES_MAX }, signal)
    pieces.push(bytes)
    from += bytes.length
  }
  return pieces.length === 1 ? preview.bytes : Buffer.concat(pieces)
}

function textOrBase64(bytes: Uint8Array): string | { readonly $base64: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Not UTF-8, which is what was asked.
    return { $base64: Buffer.from(bytes).toString('base64') }
  }
}

function placeOf({ clusterId, topic, partition, offset }: RecordAddress): Place {
  const number = /^\d{1,10}$/.test(partition) ? Number(partition) : Number.NaN
  if (!(number <= INT32_MAX)) throw invalid(`partition ${partition}: a whole number is needed`)
  const place = /^\d{1,19}$/.test(offset) ? BigInt(offset) : -1n
  if (place < 0n || place > INT64_MAX) throw invalid(`offset ${offset}: a whole number is needed`)
  return { cluster: clusterId, topic, partition: number, offset: place }
}

/** Null where the whole record is asked for. */
function partOf(searchParams: URLSearchParams): Part | null {
  const type = searchParams.get('part')
  switch (type) {
    case null:
      return null
    case 'key':
    case 'value':
    case 'batch':
      return { type }
    case 'header': {
      const index = searchParams.get('index') ?? '0'
      if (!/^\d{1,9}$/.test(index)) throw invalid(`index ${index}: a whole number is needed`)
      return { type, index: Number(index) }
    }
    default:
      throw invalid(`part ${type}: key, value, header or batch is needed`)
  }
}

function invalid(message: string): ContractError {
  return new ContractError({ code: 'INVALID_INPUT', message })
}

function nameOf({ topic, partition, offset }: Place): string {
  return `${topic}-${partition} offset ${offset}`
}

const headersOf = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const
