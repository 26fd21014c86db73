/**
 * ApiVersions (key 18) is the first request of most clients: it asks what the broker can speak. A
 * broker that does not know the asked version answers in version 0 with UNSUPPORTED_VERSION and
 * its own range (KIP-511); the response's header is always version 0.
 *
 * Versions: 1 adds throttling. 2 changes only when throttling applies. 3 is flexible, names the
 * client's software and lists features. 4 allows a feature's minimum to be 0 (KAFKA-17011). 5 says
 * which cluster and node the client expects, and lets the broker answer REBOOTSTRAP_REQUIRED
 * (KIP-1242).
 */
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const apiVersionsRequest = message({
  name: 'ApiVersionsRequest',
  apiKey: 18,
  versions: [0, 5],
  flexibleSince: 3,
  fields: {
    clientSoftwareName: string({ since: 3, ignorable: true }),
    clientSoftwareVersion: string({ since: 3, ignorable: true }),
    clusterId: nullableString({ since: 5, ignorable: true }),
    nodeId: int32({ since: 5, ignorable: true, default: -1 }),
  },
})
export type ApiVersionsRequest = Infer<typeof apiVersionsRequest>

export const apiVersionsResponse = message({
  name: 'ApiVersionsResponse',
  apiKey: 18,
  versions: [0, 5],
  flexibleSince: 3,
  fields: {
    errorCode: int16(),
    apiKeys: array(
      struct({
        apiKey: int16(),
        minVersion: int16(),
        maxVersion: int16(),
      }),
    ),
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    supportedFeatures: array(
      struct({
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      }),
      { since: 3, tag: 0, ignorable: true },
    ),
    finalizedFeaturesEpoch: int64({ since: 3, tag: 1, ignorable: true, default: -1n }),
    finalizedFeatures: array(
      struct({
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      }),
      { since: 3, tag: 2, ignorable: true },
    ),
    zkMigrationReady: boolean({ since: 3, tag: 3, ignorable: true }),
  },
})
export type ApiVersionsResponse = Infer<typeof apiVersionsResponse>
