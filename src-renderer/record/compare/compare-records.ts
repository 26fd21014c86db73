/** Two records, part by part: what differs in value, key, headers and what stands round them. */
import { parseJson, type JsonEntry, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import type { DecodedPart } from '../../../src-main/contract/model/decode.ts'
import type { RecordDetail } from '../../../src-main/contract/model/record.ts'
import { exactText } from '../../ui/value/decode.ts'
import type { ShownRecord } from '../shown-record.ts'
import { diffJson, type DiffLine } from './json-diff.ts'
import { diffLines } from './line-diff.ts'

export type ComparedPart = 'value' | 'key' | 'headers' | 'metadata'

export interface Comparison {
  readonly part: ComparedPart
  readonly how: 'json' | 'text' | 'bytes' | 'fields'
  readonly lines: readonly DiffLine[]
  readonly differences: number
  /** Only the beginnings were compared. */
  readonly partial: boolean
}

const HEX_LINE_CHARS = 16 * 3

export function compareRecords(left: ShownRecord, right: ShownRecord): readonly Comparison[] {
  return [
    compareParts('value', left.parts.value, right.parts.value),
    compareParts('key', left.parts.key, right.parts.key),
    counted('headers', 'fields', diffJson(headersOf(left.detail), headersOf(right.detail)), false),
    counted('metadata', 'fields', diffJson(fieldsOf(left.detail), fieldsOf(right.detail)), false),
  ]
}

function compareParts(part: ComparedPart, left: DecodedPart, right: DecodedPart): Comparison {
  const partial = left.decodedBytes < left.sizeBytes || right.decodedBytes < right.sizeBytes
  const [before, after] = [jsonOf(left), jsonOf(right)]
  if (before !== null && after !== null)
    return counted(part, 'json', diffJson(before, after), partial)
  const nulls = [left, right].some(({ decoded }) => decoded.form === 'null')
  if (nulls) return counted(part, 'text', diffJson(wordOrText(left), wordOrText(right)), partial)
  const bytes = left.decoded.form === 'bytes' && right.decoded.form === 'bytes'
  const lines = bytes
    ? diffLines(hexLines(left.decoded.text), hexLines(right.decoded.text))
    : diffLines(left.decoded.text, right.decoded.text)
  return counted(part, bytes ? 'bytes' : 'text', lines, partial)
}

function counted(
  part: ComparedPart,
  how: Comparison['how'],
  lines: readonly DiffLine[],
  partial: boolean,
): Comparison {
  const differences = lines.filter(({ kind }) => kind !== 'same').length
  return { part, how, lines, differences, partial }
}

function jsonOf({ decoded }: DecodedPart): JsonValue | null {
  if (decoded.form !== 'json') return null
  const reading = parseJson(decoded.text)
  return reading.type === 'json' ? reading.value : null
}

function wordOrText({ decoded }: DecodedPart): JsonValue {
  return decoded.form === 'null'
    ? { type: 'word', text: 'null' }
    : { type: 'string', value: decoded.text }
}

function hexLines(pairs: string): string {
  const lines: string[] = []
  for (let at = 0; at < pairs.length; at += HEX_LINE_CHARS)
    lines.push(pairs.slice(at, at + HEX_LINE_CHARS).trimEnd())
  return lines.join('\n')
}

function headersOf({ headers }: RecordDetail): JsonValue {
  const entries: JsonEntry[] = headers.map(({ key, value }) => ({
    key,
    value:
      value === null ? { type: 'word', text: 'null' } : { type: 'string', value: exactText(value) },
  }))
  return { type: 'object', entries }
}

/** Offsets and times differ between any two records; they are here to be seen beside each other. */
function fieldsOf({ topic, partition, offset, timestampMs, sizeBytes, batch }: RecordDetail) {
  const { producer } = batch
  const fields: Readonly<Record<string, string | number | bigint | boolean | null>> = {
    topic,
    partition,
    offset,
    timestampMs,
    sizeBytes,
    codec: batch.codec,
    baseOffset: batch.baseOffset,
    leaderEpoch: batch.partitionLeaderEpoch,
    producerId: producer?.producerId ?? null,
    producerEpoch: producer?.producerEpoch ?? null,
    sequence: producer?.sequence ?? null,
    transactional: batch.transactional,
  }
  const entries = Object.entries(fields).map(([key, value]): JsonEntry => {
    if (value === null || typeof value === 'boolean')
      return { key, value: { type: 'word', text: `${value}` } }
    if (typeof value === 'string') return { key, value: { type: 'string', value } }
    return { key, value: { type: 'number', text: `${value}` } }
  })
  return { type: 'object', entries } as const
}
