/**
 * ListConfigResources (key 74) lists the resources that have a configuration.
 *
 * Versions: 0 lists client metrics resources alone (KIP-714). 1 lists the asked types (KIP-1142).
 */
import { array, int16, int32, int8, message, string, struct, type Infer } from '../schema.ts'

export const listConfigResourcesRequest = message({
  name: 'ListConfigResourcesRequest',
  apiKey: 74,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    resourceTypes: array(int8(), { since: 1 }),
  },
})
export type ListConfigResourcesRequest = Infer<typeof listConfigResourcesRequest>

export const listConfigResourcesResponse = message({
  name: 'ListConfigResourcesResponse',
  apiKey: 74,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array(
      struct({
        resourceName: string(),
        resourceType: int8({ since: 1, ignorable: true, default: 16 }),
      }),
    ),
  },
})
export type ListConfigResourcesResponse = Infer<typeof listConfigResourcesResponse>
