/**
 * DescribeConfigs (key 32) reads the configuration of topics, brokers, groups and more.
 *
 * Versions: 0 exists up to Kafka 3.9 only, and marks defaults with isDefault. 1 adds the source of
 * each value and synonyms (KIP-226). 3 adds types and documentation (KIP-569). 4 is flexible.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const describeConfigsRequest = message({
  name: 'DescribeConfigsRequest',
  apiKey: 32,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        // Null asks for all of them.
        configurationKeys: nullableArray(string()),
      }),
    ),
    includeSynonyms: boolean({ since: 1 }),
    includeDocumentation: boolean({ since: 3 }),
  },
})
export type DescribeConfigsRequest = Infer<typeof describeConfigsRequest>

export const describeConfigsResponse = message({
  name: 'DescribeConfigsResponse',
  apiKey: 32,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    throttleTimeMs: int32(),
    results: array(
      struct({
        errorCode: int16(),
        errorMessage: nullableString(),
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            value: nullableString(),
            readOnly: boolean(),
            isDefault: boolean({ until: 0 }),
            configSource: int8({ since: 1, ignorable: true, default: -1 }),
            isSensitive: boolean(),
            synonyms: array(
              struct({
                name: string(),
                value: nullableString(),
                source: int8(),
              }),
              { since: 1, ignorable: true },
            ),
            configType: int8({ since: 3, ignorable: true }),
            documentation: nullableString({ since: 3, ignorable: true, default: '' }),
          }),
        ),
      }),
    ),
  },
})
export type DescribeConfigsResponse = Infer<typeof describeConfigsResponse>
