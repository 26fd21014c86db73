/**
 * FindCoordinator (key 10): which broker looks after a group. Transaction and share coordinators
 * are not part of this version of Odradek, and their askers are told so.
 */
import { KafkaError } from '../../protocol/errors.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../protocol/messages/find-coordinator.ts'
import { expected, servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { NO_LEADER, OFFSETS_TOPIC, type BrokerEndpoint } from '../cluster-view.ts'

const GROUP = 0
const TRANSACTION = 1
const BATCHED_SINCE = 4
const nowhere = { nodeId: -1, host: '', port: -1 }

export function findCoordinator(broker: BrokerServices): ServedApi {
  return servedApi({
    request: findCoordinatorRequest,
    response: findCoordinatorResponse,
    async handle(request, { apiVersion }) {
      if (apiVersion < BATCHED_SINCE) {
        const { brokerId, host, port } = await coordinatorOf(broker, request.keyType, request.key)
        return { errorCode: 0, errorMessage: 'NONE', nodeId: brokerId, host, port }
      }
      const coordinators = await Promise.all(
        request.coordinatorKeys.map(async key => {
          try {
            const { brokerId, host, port } = await coordinatorOf(broker, request.keyType, key)
            return { key, nodeId: brokerId, host, port, errorCode: 0, errorMessage: '' }
          } catch (error) {
            // Waiting for what the protocol has a code for: each key fails alone.
            const { code, reason } = expected(error)
            return { key, ...nowhere, errorCode: code, errorMessage: reason }
          }
        }),
      )
      return { coordinators }
    },
    failed: ({ code, reason }, { coordinatorKeys }, { apiVersion }) =>
      apiVersion < BATCHED_SINCE
        ? { errorCode: code, errorMessage: reason, ...nowhere }
        : {
            coordinators: coordinatorKeys.map(key => ({
              key,
              ...nowhere,
              errorCode: code,
              errorMessage: reason,
            })),
          },
  })
}

async function coordinatorOf(
  broker: BrokerServices,
  keyType: number,
  key: string,
): Promise<BrokerEndpoint> {
  if (keyType === TRANSACTION)
    throw new KafkaError(
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      `${key}: this version of Odradek serves no transactions`,
    )
  if (keyType !== GROUP)
    throw new KafkaError('INVALID_REQUEST', `no coordinator is of type ${keyType}`)
  await withOffsetsTopic(broker)
  const index = broker.groups.partitionOf(key)
  const partition =
    index === null ? undefined : broker.cluster.topicByName(OFFSETS_TOPIC)?.partitions[index]
  const leader = partition?.leader ?? NO_LEADER
  const endpoint = leader === NO_LEADER ? null : broker.cluster.broker(leader)
  if (endpoint === null)
    throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `${OFFSETS_TOPIC}-${index} has no leader`)
  return endpoint
}

/**
 * Why the topic cannot be created now, as while one of too few brokers is away, is no matter of the
 * asker's: he comes again, as with Apache Kafka. Java's consumer would end with any other error.
 */
async function withOffsetsTopic(broker: BrokerServices): Promise<void> {
  try {
    await broker.topicCreation.create(OFFSETS_TOPIC)
  } catch (error) {
    const { reason } = expected(error)
    throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `${OFFSETS_TOPIC}: ${reason}`, {
      cause: error,
    })
  }
}
