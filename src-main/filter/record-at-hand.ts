/**
 * The record that a filter looks at: a cursor over its batch, and what has been read of it until
 * now. One object serves a whole scan, so nothing in it outlives the look at a record.
 */
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { timestampsOf } from '../../engine/protocol/records/record-reader.ts'
import type { DecodeAbout, DecoderChoice } from '../contract/model/decode.ts'
import { beginsJson } from '../decode/auto.ts'
import { isInternalTopic } from '../decode/internal-topics.ts'
import type { FilterBatch } from './filter-batch.ts'

export class RecordAtHand {
  batch: FilterBatch
  cursor: RecordCursor
  payload: Buffer
  #timestamps: ((cursor: RecordCursor) => bigint) | null = null

  constructor(batch: FilterBatch) {
    this.batch = batch
    this.payload = bufferOf(batch.payload)
    this.cursor = new RecordCursor(batch.payload)
  }

  get topic(): string {
    return this.batch.scan.topic
  }

  get partition(): number {
    return this.batch.scan.partition
  }

  get offset(): bigint {
    return this.batch.baseOffset + BigInt(this.cursor.offsetDelta)
  }

  get timestampMs(): bigint {
    this.#timestamps ??= timestampsOf(this.batch.bytes, this.batch.at)
    return this.#timestamps(this.cursor)
  }

  about(part: 'key' | 'value'): DecodeAbout {
    const { topic } = this
    return part === 'key' ? { topic, part } : { topic, part, key: this.cursor.key() }
  }
}

/** Whether `decode` would read these bytes as JSON, if they are JSON. */
export function mayBeJson(topic: string, bytes: Uint8Array, choice: DecoderChoice): boolean {
  return choice === 'json' || (choice === 'auto' && beginsJson(bytes) && !isInternalTopic(topic))
}

/** The same memory with a Buffer's methods. */
export function bufferOf(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
