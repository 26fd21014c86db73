/**
 * Ids for idempotent producers, handed out from blocks that the controller gives (KIP-730), so
 * that no two brokers ever give the same one.
 */
import { errorName, KafkaError } from '../protocol/errors.ts'
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../protocol/messages/allocate-producer-ids.ts'
import type { ControllerChannel } from './controller-channel.ts'

const api = { request: allocateProducerIdsRequest, response: allocateProducerIdsResponse }

export class ProducerIds {
  readonly #controller: ControllerChannel
  readonly #broker: () => { readonly brokerId: number; readonly brokerEpoch: bigint }
  #next = 0n
  #end = 0n
  #allocation: Promise<void> | null = null

  constructor(
    controller: ControllerChannel,
    broker: () => { readonly brokerId: number; readonly brokerEpoch: bigint },
  ) {
    this.#controller = controller
    this.#broker = broker
  }

  /** Throws COORDINATOR_LOAD_IN_PROGRESS, which clients retry, when no block can be had. */
  async next(): Promise<bigint> {
    while (this.#next === this.#end) {
      this.#allocation ??= this.#allocate().finally(() => {
        this.#allocation = null
      })
      await this.#allocation
    }
    return this.#next++
  }

  async #allocate(): Promise<void> {
    const answer = await this.#controller.request(api, this.#broker())
    if (answer.errorCode !== 0)
      throw new KafkaError(
        'COORDINATOR_LOAD_IN_PROGRESS',
        `the controller gives no producer ids: ${errorName(answer.errorCode)}`,
      )
    this.#next = answer.producerIdStart
    this.#end = answer.producerIdStart + BigInt(answer.producerIdLen)
  }
}
