/**
 * ApiVersions (key 18): what this broker speaks. Any version of the question gets an answer: one
 * that is too new gets the oldest form, with UNSUPPORTED_VERSION and this API's own range (KIP-511).
 */
import { errorCode } from '../protocol/errors.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
  type ApiVersionsResponse,
} from '../protocol/messages/api-versions.ts'
import { answerOf, type ServedApi } from './dispatcher.ts'

/** KIP-511: what a client may call itself. */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/
const SOFTWARE_FIELDS_SINCE = 3

export interface AdvertisedFeatures {
  readonly supported: ApiVersionsResponse['supportedFeatures']
  readonly finalized: ApiVersionsResponse['finalizedFeatures']
  readonly finalizedEpoch: bigint
}

/** `apis` are all that the node serves, this one included. */
export function apiVersions(options: {
  readonly apis: () => readonly ServedApi[]
  readonly features: () => AdvertisedFeatures
}): ServedApi {
  const { apiKey, versions, flexibleSince } = apiVersionsRequest
  // Version 5 is in Kafka's source and not yet in a release's answers.
  const accepts = [versions[0], 4] as const
  return {
    apiKey: apiKey!,
    name: 'ApiVersions',
    accepts,
    advertises: accepts,
    flexibleSince,
    serve(body, context, respond) {
      const { apiVersion, correlationId, connection } = context
      const answer = (value: Partial<ApiVersionsResponse>, version: number) => {
        const full = { errorCode: 0, apiKeys: [], ...value }
        respond(answerOf(apiVersionsResponse, full, version, correlationId))
      }
      if (apiVersion < accepts[0] || apiVersion > accepts[1]) {
        const own = { apiKey: apiKey!, minVersion: accepts[0], maxVersion: accepts[1] }
        answer({ errorCode: errorCode('UNSUPPORTED_VERSION'), apiKeys: [own] }, 0)
        return
      }
      const request = apiVersionsRequest.read(body, apiVersion)
      const { clientSoftwareName: name, clientSoftwareVersion: version } = request
      if (apiVersion >= SOFTWARE_FIELDS_SINCE) {
        if (!SOFTWARE_NAME.test(name) || !SOFTWARE_NAME.test(version)) {
          answer({ errorCode: errorCode('INVALID_REQUEST') }, apiVersion)
          return
        }
        connection.software = { name, version }
      }
      const features = options.features()
      answer(
        {
          apiKeys: options.apis().map(api => ({
            apiKey: api.apiKey,
            minVersion: api.advertises[0],
            maxVersion: api.advertises[1],
          })),
          supportedFeatures: features.supported.filter(
            ({ minVersion }) => minVersion > 0 || apiVersion >= 4,
          ),
          finalizedFeatures: features.finalized,
          finalizedFeaturesEpoch: features.finalizedEpoch,
        },
        apiVersion,
      )
    },
  }
}
