/**
 * What a partition knows of the producers that write to it: their epoch and their last five
 * batches, by which a repeated batch is recognised and a missing one noticed (KIP-98, KIP-360).
 *
 * `check` looks, `update` writes; a leader checks before it appends and updates after, recovery
 * only updates. Transactions are tracked as far as the snapshot file carries them.
 */
import { KafkaError } from '../protocol/errors.ts'
import {
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  addSequence,
  baseOffsetOf,
  baseSequenceOf,
  isControl,
  isTransactional,
  lastOffsetDeltaOf,
  lastOffsetOf,
  lastSequenceOf,
  maxTimestampOf,
  producerEpochOf,
  producerIdOf,
} from '../protocol/records/record-batch.ts'
import { readEndTxnMarker } from '../protocol/records/control-records.ts'
import { readRecords } from '../protocol/records/record-reader.ts'

export const PRODUCER_BATCHES_MAX = 5
const NO_PRODUCER_EPOCH = -1

export interface ProducerBatch {
  readonly lastSequence: number
  readonly lastOffset: bigint
  readonly offsetDelta: number
  readonly timestampMs: bigint
}

export interface ProducerEntry {
  readonly producerId: bigint
  producerEpoch: number
  coordinatorEpoch: number
  lastTimestampMs: bigint
  /** Null while no transaction is open. */
  currentTxnFirstOffset: bigint | null
  /** The oldest first; at most five. */
  readonly batches: ProducerBatch[]
}

export interface DuplicateBatch {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly timestampMs: bigint
}

export class ProducerState {
  readonly #name: string
  readonly #producers = new Map<bigint, ProducerEntry>()
  /** All batches below it are in the state. */
  endOffset: bigint

  constructor(name: string, endOffset: bigint) {
    this.#name = name
    this.endOffset = endOffset
  }

  get size(): number {
    return this.#producers.size
  }

  entries(): readonly ProducerEntry[] {
    return [...this.#producers.values()]
  }

  /**
   * The first append of the same batch where this is a repetition, else null. Throws
   * OUT_OF_ORDER_SEQUENCE_NUMBER or INVALID_PRODUCER_EPOCH where the batch may not follow.
   * `checksSequence` is false for what a coordinator writes, which has no sequences.
   */
  check(
    bytes: Uint8Array,
    at: number,
    { checksSequence }: { readonly checksSequence: boolean },
  ): DuplicateBatch | null {
    const producerId = producerIdOf(bytes, at)
    if (producerId === NO_PRODUCER_ID) return null
    const entry = this.#producers.get(producerId)
    if (entry === undefined) return null
    const producerEpoch = producerEpochOf(bytes, at)
    if (checksSequence && producerEpoch === entry.producerEpoch) {
      const duplicate = findDuplicate(entry, baseSequenceOf(bytes, at), lastSequenceOf(bytes, at))
      if (duplicate !== null) return duplicate
    }
    if (producerEpoch < entry.producerEpoch)
      throw new KafkaError(
        'INVALID_PRODUCER_EPOCH',
        `${this.#name}: epoch ${producerEpoch} of producer ${producerId}, below ${entry.producerEpoch}`,
      )
    if (checksSequence) this.#checkSequence(entry, producerEpoch, baseSequenceOf(bytes, at))
    const outside = !isTransactional(bytes, at) && !isControl(bytes, at)
    if (entry.currentTxnFirstOffset !== null && outside)
      throw new KafkaError(
        'INVALID_TXN_STATE',
        `${this.#name}: producer ${producerId} writes outside its open transaction`,
      )
    return null
  }

  /** Takes a batch of the log, with its final offsets, into the state. */
  update(bytes: Uint8Array, at: number): void {
    this.endOffset = lastOffsetOf(bytes, at) + 1n
    const producerId = producerIdOf(bytes, at)
    if (producerId === NO_PRODUCER_ID) return
    if (isControl(bytes, at)) return this.#endTransaction(bytes, at, producerId)

    const entry = this.#entry(producerId)
    this.#enterEpoch(entry, producerEpochOf(bytes, at))
    entry.lastTimestampMs = maxTimestampOf(bytes, at)
    if (entry.batches.length === PRODUCER_BATCHES_MAX) entry.batches.shift()
    entry.batches.push({
      lastSequence: lastSequenceOf(bytes, at),
      lastOffset: lastOffsetOf(bytes, at),
      offsetDelta: lastOffsetDeltaOf(bytes, at),
      timestampMs: entry.lastTimestampMs,
    })
    if (entry.currentTxnFirstOffset === null && isTransactional(bytes, at))
      entry.currentTxnFirstOffset = baseOffsetOf(bytes, at)
  }

  /** From a snapshot. */
  load(entry: ProducerEntry): void {
    this.#producers.set(entry.producerId, entry)
  }

  clear(endOffset: bigint): void {
    this.#producers.clear()
    this.endOffset = endOffset
  }

  /** Forgets producers that have been silent for longer than producer.id.expiration.ms. */
  removeExpired(nowMs: number, expirationMs: number): void {
    for (const [producerId, entry] of this.#producers)
      if (isExpired(entry, nowMs, expirationMs)) this.#producers.delete(producerId)
  }

  #checkSequence(entry: ProducerEntry, producerEpoch: number, baseSequence: number): void {
    if (entry.producerEpoch === NO_PRODUCER_EPOCH) return
    const last = entry.batches.at(-1)
    const lastSequence = last === undefined ? NO_SEQUENCE : last.lastSequence
    // A new epoch starts anew; within one, the next sequence follows, wrapping at 2^31.
    const expected =
      producerEpoch !== entry.producerEpoch || lastSequence === NO_SEQUENCE
        ? 0
        : addSequence(lastSequence, 1)
    if (baseSequence !== expected)
      throw new KafkaError(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        `${this.#name}: sequence ${baseSequence} of producer ${entry.producerId} in epoch ` +
          `${producerEpoch}, where ${expected} follows`,
      )
  }

  #endTransaction(bytes: Uint8Array, at: number, producerId: bigint): void {
    const [marker] = readRecords(bytes, at)
    // Compaction may leave an empty control batch: its transaction is long forgotten.
    if (marker === undefined) return
    const { coordinatorEpoch } = readEndTxnMarker(marker.key, marker.value)
    const entry = this.#entry(producerId)
    this.#enterEpoch(entry, producerEpochOf(bytes, at))
    entry.coordinatorEpoch = coordinatorEpoch
    entry.currentTxnFirstOffset = null
    entry.lastTimestampMs = marker.timestampMs
  }

  #entry(producerId: bigint): ProducerEntry {
    let entry = this.#producers.get(producerId)
    if (entry === undefined) {
      entry = {
        producerId,
        producerEpoch: NO_PRODUCER_EPOCH,
        coordinatorEpoch: -1,
        lastTimestampMs: -1n,
        currentTxnFirstOffset: null,
        batches: [],
      }
      this.#producers.set(producerId, entry)
    }
    return entry
  }

  #enterEpoch(entry: ProducerEntry, producerEpoch: number): void {
    if (entry.producerEpoch === producerEpoch) return
    entry.producerEpoch = producerEpoch
    entry.batches.length = 0
  }
}

export function isExpired(entry: ProducerEntry, nowMs: number, expirationMs: number): boolean {
  if (entry.currentTxnFirstOffset !== null) return false
  return BigInt(nowMs) - entry.lastTimestampMs >= BigInt(expirationMs)
}

function findDuplicate(
  entry: ProducerEntry,
  baseSequence: number,
  lastSequence: number,
): DuplicateBatch | null {
  for (const batch of entry.batches) {
    if (batch.lastSequence !== lastSequence) continue
    const first = (batch.lastSequence - batch.offsetDelta + 0x8000_0000) % 0x8000_0000
    if (first !== baseSequence) continue
    return {
      baseOffset: batch.lastOffset - BigInt(batch.offsetDelta),
      lastOffset: batch.lastOffset,
      timestampMs: batch.timestampMs,
    }
  }
  return null
}
