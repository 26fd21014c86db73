/** Records as they would be sent, without sending them: of a draft, and of a file's beginning. */
import {
  SAMPLE_BYTES_MAX,
  type FieldMapping,
  type FileFormat,
  type PartitionerName,
  type RecordDraft,
} from '../contract/api/produce.ts'
import type {
  DraftProblem,
  FilePreview,
  ProducePreview,
  RecordSample,
  SampleBytes,
} from '../contract/model/produce.ts'
import { partitionOf } from '../partitioners/partitioners.ts'
import { sizeOfRecord, type MadeRecord } from './made-record.ts'
import { DraftError, recordMaker } from './record-maker.ts'
import { recordOfRow } from './rows/row-record.ts'
import { RowError, type Row } from './rows/row.ts'
import { rowReader } from './rows/rows.ts'

const SAMPLES = 3
const ROWS_SHOWN = 8
const CELL_LENGTH_MAX = 200

export interface PreviewContext {
  readonly topic: string
  readonly partitioner: PartitionerName
  readonly partitionCount: number
  readonly nowMs: number
}

export function previewDraft(draft: RecordDraft, context: PreviewContext): ProducePreview {
  const samples: RecordSample[] = []
  try {
    const maker = recordMaker(draft, context.topic)
    const count = maker.constant ? 1 : SAMPLES
    for (let index = 0; index < count; index++)
      samples.push(sampleOf(maker.make(index, context.nowMs), context))
    return { samples, problems: [] }
  } catch (error) {
    // What is wrong with a draft is what a preview is for.
    if (!(error instanceof DraftError)) throw error
    return { samples, problems: error.problems }
  }
}

export interface FileHead {
  readonly format: FileFormat
  readonly mapping: FieldMapping
  readonly head: Uint8Array
  /** Whether the head is all of it. */
  readonly whole: boolean
}

export function previewFile(
  { format, mapping, head, whole }: FileHead,
  context: PreviewContext,
): FilePreview {
  const reader = rowReader(format)
  const all = whole ? [...reader.push(head), ...reader.end()] : reader.push(head)
  const { columns, delimiter } = reader
  const problems: DraftProblem[] = []
  const samples: RecordSample[] = []
  const rows: Row[] = []
  for (const row of all.slice(0, ROWS_SHOWN)) {
    if (row instanceof RowError) {
      problems.push(lineProblem(row))
      continue
    }
    rows.push(row)
    if (samples.length >= SAMPLES) continue
    try {
      samples.push(sampleOf(recordOfRow(row, mapping, context.nowMs), context))
    } catch (error) {
      // A line that the mapping does not fit is what a preview is for.
      if (!(error instanceof RowError)) throw error
      problems.push(lineProblem(error))
    }
  }
  return {
    columns,
    rows: rows.map(row => columns.map(name => cellOf(row, name))),
    delimiter,
    samples,
    problems,
  }
}

function cellOf(row: Row, name: string): string | null {
  const field = row.get(name)
  if (field.type === 'absent') return null
  return field.type === 'null' ? 'null' : field.text.slice(0, CELL_LENGTH_MAX)
}

function lineProblem({ line, message }: RowError): DraftProblem {
  return {
    place: { part: 'line', index: line - 1, at: null, length: null },
    problem: { code: 'INVALID_INPUT', message: `line ${line}: ${message}` },
  }
}

function sampleOf(record: MadeRecord, context: PreviewContext): RecordSample {
  const { key, value, headers, timestampMs, partition } = record
  const { partitioner, partitionCount } = context
  return {
    key: sampleBytes(key),
    value: sampleBytes(value),
    headers: headers.map(header => ({
      key: Buffer.from(header.key).toString('utf8'),
      value: sampleBytes(header.value),
    })),
    partition:
      partition ?? (partitionCount > 0 ? partitionOf(partitioner, key, partitionCount) : null),
    timestampMs: BigInt(timestampMs),
    sizeBytes: sizeOfRecord(record),
  }
}

function sampleBytes(bytes: Uint8Array | null): SampleBytes | null {
  if (bytes === null) return null
  return { bytes: bytes.slice(0, SAMPLE_BYTES_MAX), sizeBytes: bytes.length }
}
