/** DescribeConfigs (key 32): what topics, brokers and groups are configured with, and from where. */
import {
  configResourceTypes,
  configSources,
  describeBrokerConfigs,
  describeClusterBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
  type DescribedConfig,
  type DescribeOptions,
} from '../../config/describe.ts'
import { KafkaError } from '../../protocol/errors.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../protocol/messages/describe-configs.ts'
import { expected, servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

export function describeConfigs(broker: BrokerServices): ServedApi {
  return servedApi({
    request: describeConfigsRequest,
    response: describeConfigsResponse,
    accepts: [1, 4],
    handle: request => ({
      throttleTimeMs: 0,
      results: request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
        try {
          const described = describe(broker, resourceType, resourceName, {
            // An empty list asks for all as well, as Apache Kafka reads it.
            keys: configurationKeys?.length === 0 ? null : configurationKeys,
            includeSynonyms: request.includeSynonyms,
            includeDocumentation: request.includeDocumentation,
          })
          return {
            errorCode: 0,
            errorMessage: '',
            resourceType,
            resourceName,
            configs: described.map(config => ({
              ...config,
              isDefault: config.configSource === configSources.DEFAULT_CONFIG,
            })),
          }
        } catch (error) {
          // Waiting for what the protocol has a code for: each resource fails alone.
          const { code, reason } = expected(error)
          return { errorCode: code, errorMessage: reason, resourceType, resourceName, configs: [] }
        }
      }),
    }),
    failed: ({ code, reason }, { resources }) => ({
      throttleTimeMs: 0,
      results: resources.map(({ resourceType, resourceName }) => ({
        errorCode: code,
        errorMessage: reason,
        resourceType,
        resourceName,
        configs: [],
      })),
    }),
  })
}

function describe(
  broker: BrokerServices,
  resourceType: number,
  resourceName: string,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  const { image } = broker.cluster
  const configLayers = broker.configLayers()
  switch (resourceType) {
    case configResourceTypes.TOPIC: {
      const complaint = broker.topicCreation.complaintAbout(resourceName)
      if (complaint !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', complaint)
      if (broker.cluster.topicByName(resourceName) === null)
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `no topic is named ${resourceName}`)
      return describeTopicConfigs(image.topicConfigs(resourceName), configLayers, options)
    }
    case configResourceTypes.BROKER:
      if (resourceName === '')
        return describeClusterBrokerConfigs(configLayers.dynamicDefault, options)
      if (resourceName !== String(broker.brokerId))
        throw new KafkaError(
          'INVALID_REQUEST',
          `broker ${broker.brokerId} describes itself, not broker ${resourceName}`,
        )
      return describeBrokerConfigs(configLayers, options)
    case configResourceTypes.GROUP:
      if (resourceName === '') throw new KafkaError('INVALID_REQUEST', 'the group id is empty')
      return describeGroupConfigs(image.configs(resourceType, resourceName), configLayers, options)
    case configResourceTypes.BROKER_LOGGER:
    case configResourceTypes.CLIENT_METRICS:
      // Odradek has neither log4j's loggers nor client metrics, so nothing is set for them.
      return []
    default:
      throw new KafkaError('INVALID_REQUEST', `no resource is of type ${resourceType}`)
  }
}
