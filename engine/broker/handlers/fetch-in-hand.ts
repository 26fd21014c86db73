/**
 * What consumers' and followers' Fetches do alike: reading within the limits, and answering once
 * with what the session has not told before.
 */
import type { FetchPartition } from '../../replica/fetch-session.ts'
import type { FetchContext } from '../../replica/fetch-sessions.ts'
import type { Answer, Respond, WaitingRequest } from '../../server/connection.ts'
import type { RequestContext } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { fetchAnswer } from './fetch-answer.ts'
import { FetchRead, type ReadLimits } from './fetch-reader.ts'

/**
 * Records that lie in memory because clients have not taken them yet, for all clients together.
 * Beyond it an answer holds one batch, which it always may: consumers get on, though in small steps.
 */
const UNTAKEN_RECORDS_BYTES_MAX = 128 * 1024 * 1024

export interface FetchLimits extends ReadLimits {
  readonly maxBytes: number
  readonly minBytes: number
  readonly maxWaitMs: number
  readonly deadlineMs: number
}

export class FetchInHand {
  readonly session: FetchContext
  readonly limits: FetchLimits
  readonly context: RequestContext
  readonly #broker: BrokerServices
  readonly #respond: Respond

  constructor(
    broker: BrokerServices,
    asked: {
      readonly session: FetchContext
      readonly limits: FetchLimits
      readonly context: RequestContext
      readonly respond: Respond
    },
  ) {
    this.#broker = broker
    this.session = asked.session
    this.limits = asked.limits
    this.context = asked.context
    this.#respond = asked.respond
  }

  read(partitions: readonly FetchPartition[]): FetchRead {
    const room = Math.max(0, UNTAKEN_RECORDS_BYTES_MAX - this.#broker.buffers.lentBytes)
    const maxBytes = Math.min(this.limits.maxBytes, room)
    return new FetchRead(this.#broker, partitions, this.limits, maxBytes)
  }

  /** Whether more may come in time, and the asker wants to wait for it. */
  mayWait(read: FetchRead): boolean {
    const { maxWaitMs, minBytes } = this.limits
    return maxWaitMs > 0 && read.bytes < minBytes && !read.mustTell
  }

  waits(as: WaitingRequest): void {
    this.context.connection.waiting = as
  }

  /** The answer, where there is still somebody to be answered. */
  conclude(read: FetchRead): void {
    const { connection } = this.context
    connection.waiting = null
    if (connection.closed) read.release()
    else this.#answer(read)
  }

  #answer(read: FetchRead): void {
    const { cluster, traffic, clock } = this.#broker
    const { committedOnly, replica } = this.limits
    const { sessionId, partitions } = this.session.conclude(read.partitions, clock.nowMs())
    if (replica === null)
      for (const { partition, records } of partitions)
        if (partition !== null && records.length > 0)
          traffic.fetched(partition.topic, records.length)
    const onWritten = () => read.release()
    let answer: Answer
    try {
      const toFollower = replica !== null
      const outcome = { cluster, partitions, sessionId, committedOnly, toFollower }
      answer = fetchAnswer(outcome, this.context, { onWritten })
    } catch (error) {
      // Rethrown: only the records' memory must not be lost with an answer that cannot be written.
      read.release()
      throw error
    }
    this.#respond(answer)
  }
}
