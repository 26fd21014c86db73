/**
 * AlterConfigs (key 33) replaces a resource's whole configuration: what is not sent falls back to
 * its default. IncrementalAlterConfigs is what newer clients use.
 *
 * Versions: 2 is flexible.
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

export const alterConfigsRequest = message({
  name: 'AlterConfigsRequest',
  apiKey: 33,
  versions: [0, 2],
  flexibleSince: 2,
  fields: {
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            value: nullableString(),
          }),
        ),
      }),
    ),
    validateOnly: boolean(),
  },
})
export type AlterConfigsRequest = Infer<typeof alterConfigsRequest>

export const alterConfigsResponse = message({
  name: 'AlterConfigsResponse',
  apiKey: 33,
  versions: [0, 2],
  flexibleSince: 2,
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
export type AlterConfigsResponse = Infer<typeof alterConfigsResponse>
