/**
 * A topic as the contract describes it, in memory: records merged by time, cuts and positions.
 * It answers `record.page`, `record.get`, `record.seek` and `record.live`, and nothing else.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import { ContractError } from '../../../../src-main/contract/define.ts'
import type {
  Cut,
  PositionedCut,
  RecordPage,
  RecordRow,
} from '../../../../src-main/contract/model/record.ts'

export interface PageRequest {
  readonly from: { readonly type: string; readonly [field: string]: unknown }
  readonly direction: 'forward' | 'backward'
  readonly limit: number
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
      stream: (_: string, input: () => unknown, reader: { onItem(item: unknown): void }) => {
        input()
        const from = BigInt(this.#records.length)
        this.#tell = item => reader.onItem({ ...item, rows: [], from })
        return () => (this.#tell = null)
      },
      onState: () => () => undefined,
    }
    return partial as ApplicationClient
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

  cutAt(position: number): PositionedCut {
    const offsets = this.#ends.map(() => 0n)
    for (const { partition } of this.#records.slice(0, position))
      offsets[partition] = (offsets[partition] ?? 0n) + 1n
    return {
      cut: offsets.map((offset, partition) => ({ partition, offset })),
      position: BigInt(position),
    }
  }

  #page(input: PageRequest): RecordPage {
    this.pagesAsked.push(input)
    if (this.failures > 0) {
      this.failures -= 1
      throw new ContractError({ code: 'UNREACHABLE', message: 'broker 1 does not answer' })
    }
    const point = this.#placeOf(input.from)
    const end = this.#records.length
    const from = input.direction === 'forward' ? point : Math.max(0, point - input.limit)
    const to = input.direction === 'forward' ? Math.min(end, point + input.limit) : point
    return {
      base: this.cutAt(0).cut,
      before: this.cutAt(from),
      after: this.cutAt(to),
      end: this.cutAt(end),
      logStart: this.cutAt(0),
      rows: this.#records.slice(from, to).map((record, place) => rowOf(record, from + place)),
      problems: [],
      elapsedMs: 1,
      bytesRead: 1,
    }
  }

  #placeOf(from: PageRequest['from']): number {
    switch (from.type) {
      case 'oldest':
        return 0
      case 'newest':
        return this.#records.length
      case 'position':
        return Number(from.position)
      case 'timestamp':
        return this.#records.findIndex(record => record.timestampMs >= (from.timestampMs as bigint))
      case 'cut':
        return Number((from.cut as Cut).reduce((sum, { offset }) => sum + offset, 0n))
      default:
        throw new ContractError({ code: 'UNSUPPORTED', message: from.type })
    }
  }
}

function rowOf(
  record: Pick<RecordRow, 'partition' | 'offset' | 'timestampMs'>,
  position: number,
): RecordRow {
  return {
    ...record,
    position: BigInt(position),
    timestampType: 'create',
    key: null,
    value: null,
    headerCount: 0,
    sizeBytes: 0,
  }
}
