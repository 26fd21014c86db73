/**
 * Offsets as text: the CSV of `kafka-consumer-groups.sh --export` and `--from-file` (`topic,
 * partition,offset`, or with the group first, where several are in one file), and JSON.
 */
import { parse } from 'csv-parse/sync'
import type { Problem } from '../contract/define.ts'

export interface FileOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

export interface OffsetsFile {
  readonly offsets: readonly FileOffset[]
  /** At most `PROBLEMS_MAX`; lines are counted from 1. */
  readonly problems: readonly Problem[]
}

const PROBLEMS_MAX = 20
const INT32_MAX = 2_147_483_647
const INT64_MAX = 0x7fff_ffff_ffff_ffffn

/** Rows of other groups than this one are left out, and said so. */
export function readOffsetsFile(text: string, groupId: string): OffsetsFile {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') return { offsets: [], problems: [problem('the file is empty')] }
  const collector = new Collector(groupId)
  try {
    if (trimmed.startsWith('[') || trimmed.startsWith('{')) readJson(trimmed, collector)
    else readCsv(trimmed, collector)
  } catch (error) {
    // Waiting for text that is neither: the parsers' own words say where.
    collector.complain(error instanceof Error ? error.message : String(error))
  }
  return collector.finish()
}

/** The form that `--from-file` reads. */
export function writeOffsetsCsv(offsets: readonly FileOffset[]): string {
  // Names of topics hold nothing that CSV would need to quote.
  return offsets.map(({ topic, partition, offset }) => `${topic},${partition},${offset}\n`).join('')
}

function readCsv(text: string, collector: Collector): void {
  const rows: { record: string[]; info: { lines: number } }[] = parse(text, {
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  }) as never
  for (const [index, { record, info }] of rows.entries()) {
    const where = `line ${info.lines}`
    if (index === 0 && /^(group|topic)$/i.test(record[0] ?? '')) continue
    if (record.length === 3) collector.take(where, null, record)
    else if (record.length === 4) collector.take(where, record[0]!, record.slice(1))
    else collector.complain(`${where} has ${record.length} fields, not topic,partition,offset`)
  }
}

/**
 * `[{topic, partition, offset}]`, that under `offsets` or `partitions` as our own export has it, or
 * `{topic: {partition: offset}}`.
 */
function readJson(text: string, collector: Collector): void {
  // Offsets beyond 2^53 keep their digits: a reviver sees the source of each number.
  const value = JSON.parse(text, function (
    this: unknown,
    _key,
    parsed: unknown,
    context?: unknown,
  ) {
    const { source } = (context ?? {}) as { source?: string }
    return typeof parsed === 'number' && source !== undefined ? source : parsed
  } as (key: string, value: unknown) => unknown) as unknown
  const list = Array.isArray(value) ? value : listIn(value)
  if (list !== null) {
    for (const [index, entry] of list.entries()) {
      const { group, topic, partition, offset } = (entry ?? {}) as Record<string, unknown>
      const other = typeof group === 'string' ? group : null
      collector.take(`entry ${index + 1}`, other, [topic, partition, offset])
    }
    return
  }
  for (const [topic, partitions] of Object.entries(value as Record<string, unknown>))
    for (const [partition, offset] of Object.entries(partitions ?? {}))
      collector.take(`${topic}-${partition}`, null, [topic, partition, offset])
}

function listIn(value: unknown): unknown[] | null {
  const { offsets, partitions } = value as Record<string, unknown>
  const list = offsets ?? partitions
  return Array.isArray(list) ? list : null
}

class Collector {
  readonly #groupId: string
  readonly #offsets = new Map<string, FileOffset>()
  readonly #problems: Problem[] = []
  #otherGroups = 0

  constructor(groupId: string) {
    this.#groupId = groupId
  }

  take(where: string, group: string | null, fields: readonly unknown[]): void {
    if (group !== null && group !== this.#groupId) {
      this.#otherGroups += 1
      return
    }
    const [topic, partitionText, offsetText] = fields
    const partition = wholeNumber(partitionText, BigInt(INT32_MAX))
    const offset = wholeNumber(offsetText, INT64_MAX)
    if (typeof topic !== 'string' || topic === '') this.complain(`${where} names no topic`)
    else if (partition === null)
      this.complain(`${where}: ${shown(partitionText)} is no partition of ${topic}`)
    else if (offset === null)
      this.complain(`${where}: ${shown(offsetText)} is no offset of ${topic}-${partition}`)
    else if (this.#offsets.has(`${topic}-${partition}`))
      this.complain(`${where} names ${topic}-${partition} again; its first offset counts`)
    else this.#offsets.set(`${topic}-${partition}`, { topic, partition: Number(partition), offset })
  }

  complain(message: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem(message))
  }

  finish(): OffsetsFile {
    const offsets = [...this.#offsets.values()]
    const others = this.#otherGroups
    if (others > 0) {
      const lines = others === 1 ? '1 line is' : `${others} lines are`
      this.#problems.unshift(problem(`${lines} of groups other than ${this.#groupId}`))
    }
    return { offsets, problems: this.#problems }
  }
}

function wholeNumber(value: unknown, max: bigint): bigint | null {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^\d{1,19}$/.test(text)) return null
  const number = BigInt(text)
  return number <= max ? number : null
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value)
}

function problem(message: string): Problem {
  return { code: 'INVALID_FILE', message }
}
