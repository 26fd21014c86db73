/**
 * UpdateFeatures (key 57) sets the levels that the cluster runs its features at (KIP-584).
 *
 * Versions: 1 tells safe downgrades from unsafe ones and can only validate (KIP-778). 2 answers
 * for all of the features at once.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const updateFeaturesRequest = message({
  name: 'UpdateFeaturesRequest',
  apiKey: 57,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    timeoutMs: int32({ default: 60_000 }),
    featureUpdates: array(
      struct({
        feature: string(),
        maxVersionLevel: int16(),
        allowDowngrade: boolean({ until: 0 }),
        // 1 upgrades only, 2 is a downgrade that loses nothing, 3 one that may.
        upgradeType: int8({ since: 1, default: 1 }),
      }),
    ),
    validateOnly: boolean({ since: 1 }),
  },
})
export type UpdateFeaturesRequest = Infer<typeof updateFeaturesRequest>

export const updateFeaturesResponse = message({
  name: 'UpdateFeaturesResponse',
  apiKey: 57,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString(),
    results: array(
      struct({
        feature: string(),
        errorCode: int16(),
        errorMessage: nullableString(),
      }),
      { until: 1, ignorable: true },
    ),
  },
})
export type UpdateFeaturesResponse = Infer<typeof updateFeaturesResponse>
