/** ListConfigResources (key 74): the resources for which something may be configured (KIP-1142). */
import { configResourceTypes } from '../../config/describe.ts'
import { KafkaError } from '../../protocol/errors.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../../protocol/messages/list-config-resources.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

const { TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP } = configResourceTypes
const allTypes: readonly number[] = [TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP]

export function listConfigResources(broker: BrokerServices): ServedApi {
  return servedApi({
    request: listConfigResourcesRequest,
    response: listConfigResourcesResponse,
    handle({ resourceTypes }, { apiVersion }) {
      const types = apiVersion === 0 ? [CLIENT_METRICS] : resourceTypes
      const asked = types.length === 0 ? allTypes : types
      const strange = asked.find(type => !allTypes.includes(type))
      if (strange !== undefined)
        throw new KafkaError('UNSUPPORTED_VERSION', `no resource is of type ${strange}`)
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        configResources: asked.flatMap(resourceType =>
          namesOf(broker, resourceType).map(resourceName => ({ resourceName, resourceType })),
        ),
      }
    },
    failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, configResources: [] }),
  })
}

function namesOf(broker: BrokerServices, resourceType: number): readonly string[] {
  switch (resourceType) {
    case TOPIC:
      return [...broker.cluster.image.topicsByName.keys()]
    case BROKER:
    case BROKER_LOGGER:
      return broker.cluster.brokers().map(({ brokerId }) => String(brokerId))
    default:
      return broker.cluster.image.configuredResources(resourceType)
  }
}
