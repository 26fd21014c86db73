/** AllocateProducerIds (KIP-730): brokers take producer ids in blocks, and no id is given twice. */
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../protocol/messages/allocate-producer-ids.ts'
import { KafkaError } from '../protocol/errors.ts'
import { brokerOfEpoch } from './broker-lifecycle.ts'
import type { ControllerState, Handled } from './handled.ts'
import { attempt } from './item-error.ts'

export const PRODUCER_ID_BLOCK_SIZE = 1000

const PRODUCER_ID_MAX = 2n ** 63n - 1n

export function allocateProducerIds(
  state: ControllerState,
  request: AllocateProducerIdsRequest,
): Handled<AllocateProducerIdsResponse> {
  return attempt<Handled<AllocateProducerIdsResponse>>(
    () => {
      const { brokerId, brokerEpoch } = request
      brokerOfEpoch(state, brokerId, brokerEpoch)
      const producerIdStart = state.image.nextProducerId
      if (producerIdStart > PRODUCER_ID_MAX - BigInt(PRODUCER_ID_BLOCK_SIZE))
        throw new KafkaError('UNKNOWN_SERVER_ERROR', 'every producer id has been given out')
      const nextProducerId = producerIdStart + BigInt(PRODUCER_ID_BLOCK_SIZE)
      return {
        records: [{ type: 'ProducerIdsRecord', value: { brokerId, brokerEpoch, nextProducerId } }],
        response: {
          throttleTimeMs: 0,
          errorCode: 0,
          producerIdStart,
          producerIdLen: PRODUCER_ID_BLOCK_SIZE,
        },
      }
    },
    error => ({
      records: [],
      response: { throttleTimeMs: 0, errorCode: error.code, producerIdStart: 0n, producerIdLen: 0 },
    }),
  )
}
