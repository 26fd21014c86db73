/**
 * When the next record that a group reads was written: its timestamp, from the one batch that holds
 * it. Kept by partition and offset, so that a group that stands still costs nothing more.
 */
import type { Client } from '../../engine/client/client.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import {
  isControl,
  isLogAppendTime,
  wholeBatches,
} from '../../engine/protocol/records/record-batch.ts'
import {
  baseOffsetOf,
  baseTimestampOf,
  lastOffsetOf,
  maxTimestampOf,
} from '../../engine/protocol/records/record-batch.ts'
import type { LagTime } from '../contract/model/group.ts'
import { askInTime } from '../lookups/broker-patience.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name. */
const NAMED_VERSION_MAX = 12
const AT_ONCE = 16
/** A broker gives a whole batch even where it is longer than what was asked for. */
const BATCH_BYTES = 1_024
const KEPT_MAX = 20_000

export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

interface Found {
  readonly offset: bigint
  readonly timestampMs: number
  readonly source: 'record' | 'batch'
}

export class NextRecords {
  readonly #client: Client
  readonly #found = new Map<string, Found>()

  constructor(client: Client) {
    this.#client = client
  }

  /** Whether `lagTime` knows this place. */
  knows({ topic, partition, offset }: Place): boolean {
    return this.#found.get(`${topic}-${partition}`)?.offset === offset
  }

  lagTime({ topic, partition, offset }: Place, nowMs: number): LagTime | null {
    const found = this.#found.get(`${topic}-${partition}`)
    if (found?.offset !== offset) return null
    return { ms: Math.max(nowMs - found.timestampMs, 0), source: found.source }
  }

  /** Asks the leaders for what is not known yet, `max` places at most. Failures are left unknown. */
  async look(places: readonly Place[], max: number): Promise<void> {
    const wanted = places.filter(place => !this.knows(place)).slice(0, max)
    for (let at = 0; at < wanted.length; at += AT_ONCE)
      await Promise.all(
        wanted.slice(at, at + AT_ONCE).map(async place => {
          // A partition without a leader, or a group at an offset that is gone: it stays unknown.
          const found = await this.#read(place).catch(() => null)
          if (found !== null) this.#keep(place, found)
        }),
      )
  }

  #keep({ topic, partition }: Place, found: Found): void {
    const key = `${topic}-${partition}`
    this.#found.delete(key)
    this.#found.set(key, found)
    const [oldest] = this.#found.keys()
    if (this.#found.size > KEPT_MAX && oldest !== undefined) this.#found.delete(oldest)
  }

  async #read({ topic, partition, offset }: Place): Promise<Found | null> {
    const wanted = { partition, fetchOffset: offset, partitionMaxBytes: BATCH_BYTES }
    const question = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: BATCH_BYTES,
      isolationLevel: 0,
      topics: [{ topic, partitions: [wanted] }],
    }
    const leaderId = await this.#client.leader(topic, partition)
    const answer = await askInTime(this.#client, leaderId, connection =>
      connection.request(api, question, { versionMax: NAMED_VERSION_MAX }),
    )
    const fetched = answer.responses[0]?.partitions[0]
    if (fetched === undefined || fetched.errorCode !== 0) {
      this.#client.forget()
      return null
    }
    const bytes = fetched.records ?? new Uint8Array(0)
    for (const { at } of wholeBatches(bytes))
      if (!isControl(bytes, at) && lastOffsetOf(bytes, at) >= offset) {
        const found = { offset, ...timestampAt(bytes, at, offset) }
        // -1 is a producer that gave none.
        return found.timestampMs < 0 ? null : found
      }
    return null
  }
}

/**
 * The record's own timestamp where the batch has one timestamp or the record is its first; else
 * between the first and the greatest, by its place. Decompressing would cost more than the
 * milliseconds that this is off.
 */
function timestampAt(bytes: Uint8Array, at: number, offset: bigint): Omit<Found, 'offset'> {
  const base = Number(baseTimestampOf(bytes, at))
  const greatest = Number(maxTimestampOf(bytes, at))
  if (isLogAppendTime(bytes, at)) return { timestampMs: greatest, source: 'record' }
  const place = Number(offset - baseOffsetOf(bytes, at))
  const count = Number(lastOffsetOf(bytes, at) - baseOffsetOf(bytes, at))
  if (place <= 0 || count === 0 || base === greatest) return { timestampMs: base, source: 'record' }
  return { timestampMs: base + ((greatest - base) * place) / count, source: 'batch' }
}
