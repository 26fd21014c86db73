/**
 * A topic as the contract describes it, in memory: records merged by time, cuts and positions.
 * It answers `record.page`, `record.get`, `record.seek` and `record.live`, and nothing else.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import { packCut, unpackCut } from '../../../../src-main/contract/cut.ts'
import { ContractError, type Problem } from '../../../../src-main/contract/define.ts'
import type {
  CellPreview,
  Cut,
  PositionedCut,
  RecordPage,
  RecordRow,
} from '../../../../src-main/contract/model/record.ts'

export const TOPIC = 'orders'
const ABSENT: CellPreview = {
  decoder: 'null',
  form: 'null',
  text: '',
  truncated: false,
  sizeBytes: 0,
}

export interface PageRequest {
  readonly from: { readonly type: string; readonly [field: string]: unknown }
  readonly base: Cut | null
  readonly bounded?: boolean
  readonly direction: 'forward' | 'backward'
  readonly limit: number
  readonly fields?: readonly unknown[]
}

interface LiveReader {
  onItem(item: unknown): void
  onEnd(problem: Problem | null): void
}

export class SimulatedTopic {
  /** In the order of time, which is the order of positions. */
  readonly #records: {
    readonly partition: number
    readonly offset: bigint
    readonly timestampMs: bigint
  }[] = []
  readonly #ends: bigint[]
  readonly pagesAsked: PageRequest[] = []
  /** How many pages fail from now on. */
  failures = 0
  /** Partitions that cannot be read now, as pages tell of them. */
  problems: RecordPage['problems'] = []
  #endLive: LiveReader['onEnd'] | null = null
  #tell: ((item: { at: PositionedCut; waitingCount: bigint }) => void) | null = null

  constructor(partitionCount: number, recordCount: number) {
    this.#ends = Array.from({ length: partitionCount }, () => 0n)
    this.append(recordCount)
  }

  get client(): ApplicationClient {
    const partial: Partial<Record<keyof ApplicationClient, unknown>> = {
      call: async (name: string, input: PageRequest, signal?: AbortSignal) => {
        await Promise.resolve()
        if (signal?.aborted === true) throw new ContractError({ code: 'CANCELLED', message: name })
        if (name === 'record.page') return this.#page(input)
        throw new ContractError({ code: 'NOT_FOUND', message: name })
      },
      stream: (_: string, input: () => unknown, reader: LiveReader) => {
        input()
        this.#endLive = problem => reader.onEnd(problem)
        const from = BigInt(this.#records.length)
        this.#tell = item => reader.onItem({ ...item, rows: [], from, problems: this.problems })
        return () => (this.#tell = null)
      },
      onState: () => () => undefined,
    }
    return partial as ApplicationClient
  }

  /** The thread that counts ends. Whoever watches hears nothing until it watches again. */
  interruptLive(problem: Problem): void {
    const end = this.#endLive
    this.#tell = null
    end?.(problem)
  }

  get recordCount(): number {
    return this.#records.length
  }

  get isWatched(): boolean {
    return this.#tell !== null
  }

  append(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const partition = (this.#records.length * 7) % this.#ends.length
      const offset = this.#ends[partition] ?? 0n
      this.#ends[partition] = offset + 1n
      // Many share a millisecond, as they do in life.
      this.#records.push({ partition, offset, timestampMs: BigInt(this.#records.length >> 3) })
    }
    this.#tell?.({ at: this.cutAt(0), waitingCount: BigInt(this.#records.length) })
  }

  keyAt(position: number): string {
    const record = this.#records[position]
    return record === undefined ? 'none' : `${record.partition}:${record.offset}`
  }

  /** Counted from the place where a view begins. */
  cutAt(position: number, base = 0): PositionedCut {
    const offsets = this.#ends.map(() => 0n)
    for (const { partition } of this.#records.slice(0, position))
      offsets[partition] = (offsets[partition] ?? 0n) + 1n
    return {
      cut: packCut(offsets.map((offset, partition) => ({ topic: TOPIC, partition, offset }))),
      position: BigInt(position - base),
    }
  }

  #page(input: PageRequest): RecordPage {
    this.pagesAsked.push(input)
    if (this.failures > 0) {
      this.failures -= 1
      throw new ContractError({ code: 'UNREACHABLE', message: 'broker 1 does not answer' })
    }
    const known = input.base === null ? 0 : countOf(input.base)
    const point = this.#placeOf(input.from, known)
    const start =
      input.base === null && input.bounded && input.direction === 'forward' ? point : known
    const end = this.#records.length
    const from = input.direction === 'forward' ? point : Math.max(start, point - input.limit)
    const to = input.direction === 'forward' ? Math.min(end, point + input.limit) : point
    return {
      base: this.cutAt(start).cut,
      before: this.cutAt(from, start),
      after: this.cutAt(to, start),
      until: null,
      end: this.cutAt(end, start),
      logStart: this.cutAt(start, start),
      rows: this.#records
        .slice(from, to)
        .map((record, place) => rowOf(record, from + place - start, input.fields?.length ?? 0)),
      problems: this.problems,
      elapsedMs: 1,
      bytesRead: 1,
    }
  }

  #placeOf(from: PageRequest['from'], base: number): number {
    switch (from.type) {
      case 'oldest':
        return 0
      case 'newest':
        return this.#records.length
      case 'position':
        return base + Number(from.position)
      case 'timestamp':
        return this.#records.findIndex(record => record.timestampMs >= (from.timestampMs as bigint))
      case 'cut':
        return countOf(from.cut as Cut)
      default:
        throw new ContractError({ code: 'UNSUPPORTED', message: from.type })
    }
  }
}

function countOf(cut: Cut): number {
  return Number(unpackCut(cut).reduce((sum, { offset }) => sum + offset, 0n))
}

function rowOf(
  record: Pick<RecordRow, 'partition' | 'offset' | 'timestampMs'>,
  position: number,
  fieldCount: number,
): RecordRow {
  return {
    ...record,
    topic: TOPIC,
    position: BigInt(position),
    timestampType: 'create',
    key: ABSENT,
    value: ABSENT,
    headerCount: 0,
    headers: '',
    sizeBytes: 0,
    codec: 'none',
    producerId: null,
    fields: Array.from({ length: fieldCount }, () => null),
  }
}
