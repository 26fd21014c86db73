/**
 * InitProducerId (key 22): an id for an idempotent producer. A transactional id needs a transaction
 * coordinator, which this version of Odradek does not have, and is refused with that word.
 */
import { KafkaError } from '../../protocol/errors.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../protocol/messages/init-producer-id.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

export function initProducerId(broker: BrokerServices): ServedApi {
  return servedApi({
    request: initProducerIdRequest,
    response: initProducerIdResponse,
    // Version 6 belongs to two-phase commit (KIP-939), which Apache Kafka 4.x does not enable.
    accepts: [0, 5],
    async handle({ transactionalId }) {
      if (transactionalId === '')
        throw new KafkaError('INVALID_REQUEST', 'a transactional id is empty')
      if (transactionalId !== null)
        throw new KafkaError(
          'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
          `${transactionalId}: this version of Odradek serves no transactions`,
        )
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        producerId: await broker.producerIds.next(),
        producerEpoch: 0,
      }
    },
    failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, producerEpoch: -1 }),
  })
}
