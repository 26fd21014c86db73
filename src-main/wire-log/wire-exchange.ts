/** Both frames of a request, field by field, each with its bytes and what it means. */
import {
  apiKeys,
  requestHeaderVersion,
  responseHeaderVersion,
} from '../../engine/protocol/api-keys.ts'
import { declaredApis } from '../../engine/protocol/declared-apis.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import { requestHeader } from '../../engine/protocol/messages/request-header.ts'
import { responseHeader } from '../../engine/protocol/messages/response-header.ts'
import { readBatchHeader, wholeBatches } from '../../engine/protocol/records/record-batch.ts'
import type { Message } from '../../engine/protocol/schema.ts'
import {
  traceMessage,
  type TracedField,
  type TracedMessage,
} from '../../engine/protocol/traced-message.ts'
import type { TappedFrames } from '../../engine/server/wire-tap.ts'
import type { WireExchange, WireField, WireFrame } from '../contract/model/wire.ts'

const FIELDS_MAX = 5_000
const TEXT_MAX = 400
const BYTES_SHOWN = 48

export function wireExchange(frames: TappedFrames): WireExchange {
  const { request, response, requestBytes, responseBytes } = frames
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength)
  const apiKey = view.getInt16(0)
  const apiVersion = view.getInt16(2)
  const api = declaredApis.get(apiKey)
  const answers = response === null || responseBytes === null ? null : response
  if (api === undefined) {
    const problem = `api ${apiKey} is not declared here`
    return {
      request: unread(request, requestBytes, problem),
      response: answers === null ? null : unread(answers, responseBytes!, problem),
    }
  }
  const asked = {
    header: requestHeader,
    headerVersion: requestHeaderVersion(api.request, apiVersion),
  }
  const answered = {
    header: responseHeader,
    headerVersion: responseHeaderVersion(api.response, apiVersion),
  }
  // A client that is newer than we are gets ApiVersions in its oldest form (KIP-511).
  const inOldest = apiKey === apiKeys.apiVersions && apiVersion > api.response.versions[1]
  return {
    request: wireFrame(request, requestBytes, asked, api.request, apiVersion),
    response:
      answers === null
        ? null
        : wireFrame(answers, responseBytes!, answered, api.response, inOldest ? 0 : apiVersion),
  }
}

function unread(bytes: Uint8Array, sizeBytes: number, problem: string): WireFrame {
  return { bytes: { bytes, sizeBytes }, fields: [], problem, leftOut: 0 }
}

function wireFrame(
  bytes: Uint8Array,
  sizeBytes: number,
  { header, headerVersion }: { readonly header: Message<any>; readonly headerVersion: number },
  body: Message,
  version: number,
): WireFrame {
  const head = traceMessage(header, bytes, 0, headerVersion)
  const main =
    head.problem === null ? traceMessage(body, bytes, head.end, version, FIELDS_MAX) : null
  const cut = bytes.length < sizeBytes ? `the frame's first ${bytes.length} bytes were kept` : null
  const problem = head.problem ?? main?.problem ?? null
  return {
    bytes: { bytes, sizeBytes },
    fields: [
      ...section(header.name, headerVersion, 0, head, bytes),
      ...(main === null ? [] : section(body.name, version, head.end, main, bytes)),
    ],
    problem: problem === null ? null : [problem, cut].filter(each => each !== null).join('; '),
    leftOut: main?.leftOut ?? 0,
  }
}

function section(
  name: string,
  version: number,
  start: number,
  { fields, problem, end }: TracedMessage,
  bytes: Uint8Array,
): WireField[] {
  const title: WireField = {
    depth: 0,
    name,
    type: `version ${version}`,
    text: null,
    meaning: null,
    start,
    end: problem === null ? end : null,
  }
  return [title, ...fields.flatMap(field => [wireField(field), ...batchesOf(field, bytes)])]
}

function wireField(field: TracedField): WireField {
  const { depth, name, kind, start, end, value } = field
  return {
    depth: depth + 1,
    name: typeof name === 'number' ? `[${name}]` : name,
    type: kind,
    text: textOf(value, kind),
    meaning: meaningOf(field),
    start,
    end,
  }
}

function textOf(value: TracedField['value'], kind: TracedField['kind']): string | null {
  if (value === undefined) return null
  if (value === null) return 'null'
  if (kind === 'array') return `${String(value)} elements`
  if (value instanceof Uint8Array) return bytesText(value)
  if (typeof value !== 'string') return String(value)
  return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value
}

function bytesText(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, BYTES_SHOWN)).toString('hex')
  return `${bytes.length} bytes${bytes.length === 0 ? '' : ` ${shown}`}${bytes.length > BYTES_SHOWN ? '…' : ''}`
}

function meaningOf({ name, kind, value }: TracedField): string | null {
  if (name === 'errorCode' && typeof value === 'number') return errorName(value)
  if (name === 'requestApiKey' && typeof value === 'number')
    return declaredApis.get(value)?.name ?? null
  if (kind !== 'int64' || typeof value !== 'bigint' || typeof name !== 'string') return null
  const isTime = /timestamp|TimeMs$/i.test(name) && value > 0n && value < 8_640_000_000_000_000n
  return isTime ? new Date(Number(value)).toISOString() : null
}

/** What lies in a field of records: each batch's header, which Kafka's definitions leave out. */
function batchesOf(
  { depth, kind, value, start, end }: TracedField,
  bytes: Uint8Array,
): WireField[] {
  if (kind !== 'records' || !(value instanceof Uint8Array) || value.length === 0) return []
  // The value is a view of the frame: its place in there is its place on the wire.
  const from = value.byteOffset - bytes.byteOffset
  const fields: WireField[] = []
  for (const { at, size } of wholeBatches(bytes, from, end ?? start)) {
    const header = readBatchHeader(bytes, at)
    const add = (name: string, type: string, text: string, offset: number, length: number) =>
      fields.push({
        depth: depth + 3,
        name,
        type,
        text,
        meaning: null,
        start: at + offset,
        end: at + offset + length,
      })
    fields.push({
      depth: depth + 2,
      name: `batch at ${header.baseOffset}`,
      type: 'record batch',
      text: `${header.recordCount} records in ${size} bytes`,
      meaning: null,
      start: at,
      end: at + size,
    })
    add('baseOffset', 'int64', String(header.baseOffset), 0, 8)
    add('batchLength', 'int32', String(size - 12), 8, 4)
    add('partitionLeaderEpoch', 'int32', String(header.leaderEpoch), 12, 4)
    add('magic', 'int8', String(header.magic), 16, 1)
    if (header.magic !== 2) continue
    add('crc', 'uint32', String(header.crc), 17, 4)
    add('attributes', 'int16', attributesText(header), 21, 2)
    add('lastOffsetDelta', 'int32', String(header.lastOffsetDelta), 23, 4)
    add('baseTimestamp', 'int64', String(header.baseTimestampMs), 27, 8)
    add('maxTimestamp', 'int64', String(header.maxTimestampMs), 35, 8)
    add('producerId', 'int64', String(header.producerId), 43, 8)
    add('producerEpoch', 'int16', String(header.producerEpoch), 51, 2)
    add('baseSequence', 'int32', String(header.baseSequence), 53, 4)
    add('recordCount', 'int32', String(header.recordCount), 57, 4)
    add('records', 'bytes', `${size - 61} bytes`, 61, size - 61)
  }
  return fields
}

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

function attributesText(header: ReturnType<typeof readBatchHeader>): string {
  return [
    `0x${header.attributes.toString(16).padStart(4, '0')}`,
    CODECS[header.compressionId] ?? `codec ${header.compressionId}`,
    header.timestampType,
    ...(header.transactional ? ['transactional'] : []),
    ...(header.control ? ['control'] : []),
  ].join(', ')
}
