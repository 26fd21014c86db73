/** For how long the cluster keeps the offsets of a group without members. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../engine/protocol/messages/describe-configs.ts'

const api = { request: describeConfigsRequest, response: describeConfigsResponse }
const BROKER = 4
const NAME = 'offsets.retention.minutes'
const VALID_MS = 60_000

export class OffsetsRetention {
  readonly #client: Client
  readonly #nowMs: () => number
  #known: Promise<number | null> = Promise.resolve(null)
  #validUntilMs = -Infinity

  constructor(client: Client, nowMs: () => number) {
    this.#client = client
    this.#nowMs = nowMs
  }

  /** Milliseconds; null where the cluster does not say. */
  read(): Promise<number | null> {
    if (this.#nowMs() >= this.#validUntilMs) {
      this.#validUntilMs = this.#nowMs() + VALID_MS
      // Configurations may be forbidden to us: then nothing is said about expiry.
      this.#known = this.#ask().catch(() => null)
    }
    return this.#known
  }

  async #ask(): Promise<number | null> {
    const { brokers } = await this.#client.metadata([])
    const [broker] = brokers
    if (broker === undefined) return null
    const resource = {
      resourceType: BROKER,
      resourceName: String(broker.nodeId),
      configurationKeys: [NAME],
    }
    const target = { type: 'broker', brokerId: broker.nodeId } as const
    const { results } = await this.#client.request(target, api, { resources: [resource] })
    const value = results[0]?.configs.find(({ name }) => name === NAME)?.value ?? null
    const minutes = Number(value)
    return value === null || !Number.isFinite(minutes) ? null : minutes * 60_000
  }
}
