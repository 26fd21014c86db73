/** ListConfigResources (KIP-1142): what there is to configure. Read from the image alone. */
import { configResourceTypes } from '../config/describe.ts'
import { errorCode } from '../protocol/errors.ts'
import type {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from '../protocol/messages/list-config-resources.ts'
import type { MetadataImage } from './metadata-image.ts'

const { TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP } = configResourceTypes
const listedTypes: readonly number[] = [GROUP, CLIENT_METRICS, BROKER_LOGGER, BROKER, TOPIC]

/** Version 0 knows client metrics alone; from version 1 on, no type stands for all of them. */
export function listConfigResources(
  image: MetadataImage,
  request: ListConfigResourcesRequest,
  apiVersion: number,
): ListConfigResourcesResponse {
  const asked = apiVersion === 0 ? [CLIENT_METRICS] : [...new Set(request.resourceTypes)]
  const types = asked.length === 0 ? listedTypes : asked
  if (types.some(type => !listedTypes.includes(type)))
    return { throttleTimeMs: 0, errorCode: errorCode('UNSUPPORTED_VERSION'), configResources: [] }
  const configResources = types.flatMap(resourceType =>
    namesOf(image, resourceType).map(resourceName => ({ resourceName, resourceType })),
  )
  return { throttleTimeMs: 0, errorCode: 0, configResources }
}

function namesOf(image: MetadataImage, resourceType: number): readonly string[] {
  switch (resourceType) {
    case TOPIC:
      return [...image.topicsByName.keys()]
    case BROKER:
    case BROKER_LOGGER:
      return [...image.brokers.keys()].map(String)
    default:
      return image.configuredResources(resourceType)
  }
}
