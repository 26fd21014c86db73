/**
 * IncrementalAlterConfigs (key 44) changes single configuration entries (KIP-339). Operations: 0
 * set, 1 delete, 2 append, 3 subtract.
 *
 * Versions: 1 is flexible.
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

export const incrementalAlterConfigsRequest = message({
  name: 'IncrementalAlterConfigsRequest',
  apiKey: 44,
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            configOperation: int8(),
            value: nullableString(),
          }),
        ),
      }),
    ),
    validateOnly: boolean(),
  },
})
export type IncrementalAlterConfigsRequest = Infer<typeof incrementalAlterConfigsRequest>

export const incrementalAlterConfigsResponse = message({
  name: 'IncrementalAlterConfigsResponse',
  apiKey: 44,
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    throttleTimeMs: int32(),
    responses: array(
      struct({
        errorCode: int16(),
        errorMessage: nullableString(),
        resourceType: int8(),
        resourceName: string(),
      }),
    ),
  },
})
export type IncrementalAlterConfigsResponse = Infer<typeof incrementalAlterConfigsResponse>
