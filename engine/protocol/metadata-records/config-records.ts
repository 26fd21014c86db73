/**
 * Records of the metadata log about configurations, quotas and the blocks of producer ids.
 */
import {
  array,
  boolean,
  float64,
  int32,
  int64,
  int8,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const configRecord = message({
  name: 'ConfigRecord',
  apiKey: 4,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    resourceType: int8(),
    resourceName: string(),
    name: string(),
    // Null takes the entry away.
    value: nullableString(),
  },
})
export type ConfigRecord = Infer<typeof configRecord>

export const clientQuotaRecord = message({
  name: 'ClientQuotaRecord',
  apiKey: 14,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    entity: array(
      struct({
        entityType: string(),
        entityName: nullableString(),
      }),
    ),
    key: string(),
    value: float64(),
    remove: boolean(),
  },
})
export type ClientQuotaRecord = Infer<typeof clientQuotaRecord>

export const producerIdsRecord = message({
  name: 'ProducerIdsRecord',
  apiKey: 15,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    // The first id of the next block.
    nextProducerId: int64(),
  },
})
export type ProducerIdsRecord = Infer<typeof producerIdsRecord>
