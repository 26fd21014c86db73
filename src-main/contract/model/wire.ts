/** The requests that brokers of the local cluster answer, as they come. */
import type { BytesPreview } from './record.ts'

/** Who asked: a client of the user's, this application, its sample shop, or another broker. */
export type WireOrigin = 'client' | 'application' | 'sample' | 'broker'

/** Times are milliseconds with fractions, as the broker's own thread measured them. */
export interface WireRequest {
  readonly brokerId: number
  /** Counts the requests of that broker since somebody looks. */
  readonly sequence: number
  readonly atMs: number
  readonly connectionId: number
  /** `host:port` of who asked. */
  readonly remote: string
  readonly origin: WireOrigin
  readonly apiKey: number
  /** Kafka's name; `api 999` where we know none. */
  readonly api: string
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** What its ApiVersions said (KIP-511), as `librdkafka 2.16.0`. */
  readonly software: string | null
  readonly requestBytes: number
  /** 0 where nothing is answered (Produce with acks=0), null where the asker was cut off. */
  readonly responseBytes: number | null
  /** Behind other requests of its connection. */
  readonly queueMs: number
  /** In the handler, without waiting. */
  readonly workMs: number
  /** From the handler's return to the answer: for records, members, other nodes. */
  readonly waitMs: number
  /** Kafka's names of the error codes anywhere in the answer. */
  readonly errors: readonly string[]
}

export interface WireUpdate {
  /** In the order in which they were answered. */
  readonly requests: readonly WireRequest[]
  /** Requests of this update that fit the filter and were left out because too many came. */
  readonly leftOut: number
  /** Requests that the brokers did not tell of because too many came; of unknown kind. */
  readonly untold: number
}

/** A request and its answer, decoded field by field. */
export interface WireExchange {
  readonly request: WireFrame
  /** Null where nothing was answered. */
  readonly response: WireFrame | null
}

export interface WireFrame {
  /** Without the four bytes of its length; its beginning only where it was long. */
  readonly bytes: BytesPreview
  readonly fields: readonly WireField[]
  /** Why reading ended before the last field. */
  readonly problem: string | null
  /** Fields that are not listed because there were too many. */
  readonly leftOut: number
}

export interface WireField {
  /** 0 for header and message themselves, 1 for their fields. */
  readonly depth: number
  /** Kafka's name of the field; the index of an element. */
  readonly name: string
  /** As in Kafka's message definitions: `int32`, `string`, `records` … */
  readonly type: string
  /** The value in words; null for what has fields of its own, and for what was not read. */
  readonly text: string | null
  /** What an error code or a timestamp means. */
  readonly meaning: string | null
  readonly start: number
  /** Null where the bytes ended first. */
  readonly end: number | null
}

export interface BrokerConnection {
  readonly brokerId: number
  readonly connectionId: number
  readonly remote: string
  readonly origin: WireOrigin
  readonly clientId: string | null
  readonly software: string | null
  readonly openedAtMs: bigint
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Handed to the system and not taken by the other side yet. */
  readonly queuedBytes: number
}
