/** Counts of the records of one partition, or of all of them. */
import type { RecordStatistics } from '../contract/model/statistics.ts'
import { DistinctSketch } from './distinct-sketch.ts'
import type { KeyHash } from './key-hash.ts'
import { SizeSketch, type SizeSketchState } from './size-sketch.ts'

/** What is known of one record. Sizes are -1 for null. */
export interface TalliedRecord {
  keySize: number
  valueSize: number
  headerCount: number
  recordSize: number
  /** -1 where there is none. */
  timestampMs: number
}

export interface TallyState {
  readonly counts: readonly number[]
  readonly firstMs: number
  readonly lastMs: number
  readonly keySize: SizeSketchState
  readonly valueSize: SizeSketchState
  readonly recordSize: SizeSketchState
  readonly registers: Uint8Array
}

export class RecordTally {
  records = 0
  nullKeys = 0
  emptyKeys = 0
  nullValues = 0
  emptyValues = 0
  withHeaders = 0
  batches = 0
  storedBytes = 0
  recordBytes = 0
  emptyOffsets = 0
  #firstMs = Infinity
  #lastMs = -Infinity
  readonly #keySize = new SizeSketch()
  readonly #valueSize = new SizeSketch()
  readonly #recordSize = new SizeSketch()
  readonly #distinct: DistinctSketch

  constructor(distinctBits: number) {
    this.#distinct = new DistinctSketch(distinctBits)
  }

  /** `hash` of its key; null for a null key. */
  add(record: TalliedRecord, hash: KeyHash | null): void {
    const { keySize, valueSize, recordSize, timestampMs } = record
    this.records += 1
    this.recordBytes += recordSize
    if (keySize < 0) this.nullKeys += 1
    else {
      if (keySize === 0) this.emptyKeys += 1
      this.#keySize.add(keySize)
    }
    if (valueSize < 0) this.nullValues += 1
    else {
      if (valueSize === 0) this.emptyValues += 1
      this.#valueSize.add(valueSize)
    }
    this.#recordSize.add(recordSize)
    if (record.headerCount > 0) this.withHeaders += 1
    if (timestampMs >= 0) {
      if (timestampMs < this.#firstMs) this.#firstMs = timestampMs
      if (timestampMs > this.#lastMs) this.#lastMs = timestampMs
    }
    if (hash !== null) this.#distinct.add(hash)
  }

  state(): TallyState {
    return {
      counts: this.#counts(),
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      keySize: this.#keySize.state(),
      valueSize: this.#valueSize.state(),
      recordSize: this.#recordSize.state(),
      registers: this.#distinct.registers,
    }
  }

  merge(state: TallyState): void {
    const [records, nullKeys, emptyKeys, nullValues, emptyValues, headers, ...more] = state.counts
    const [batches, storedBytes, recordBytes, emptyOffsets] = more
    this.records += records!
    this.nullKeys += nullKeys!
    this.emptyKeys += emptyKeys!
    this.nullValues += nullValues!
    this.emptyValues += emptyValues!
    this.withHeaders += headers!
    this.batches += batches!
    this.storedBytes += storedBytes!
    this.recordBytes += recordBytes!
    this.emptyOffsets += emptyOffsets!
    this.#firstMs = Math.min(this.#firstMs, state.firstMs)
    this.#lastMs = Math.max(this.#lastMs, state.lastMs)
    this.#keySize.merge(state.keySize)
    this.#valueSize.merge(state.valueSize)
    this.#recordSize.merge(state.recordSize)
    this.#distinct.merge(state.registers)
  }

  statistics(): RecordStatistics {
    const timed = this.#lastMs >= this.#firstMs
    return {
      records: BigInt(this.records),
      nullKeys: BigInt(this.nullKeys),
      emptyKeys: BigInt(this.emptyKeys),
      nullValues: BigInt(this.nullValues),
      emptyValues: BigInt(this.emptyValues),
      recordsWithHeaders: BigInt(this.withHeaders),
      batches: BigInt(this.batches),
      storedBytes: BigInt(this.storedBytes),
      recordBytes: BigInt(this.recordBytes),
      keySize: this.#keySize.statistics(),
      valueSize: this.#valueSize.statistics(),
      recordSize: this.#recordSize.statistics(),
      firstTimestampMs: timed ? BigInt(this.#firstMs) : null,
      lastTimestampMs: timed ? BigInt(this.#lastMs) : null,
      emptyOffsets: BigInt(this.emptyOffsets),
      distinctKeys: this.#distinct.statistics(),
    }
  }

  #counts(): number[] {
    return [
      this.records,
      this.nullKeys,
      this.emptyKeys,
      this.nullValues,
      this.emptyValues,
      this.withHeaders,
      this.batches,
      this.storedBytes,
      this.recordBytes,
      this.emptyOffsets,
    ]
  }
}
