/**
 * The first records of an empty metadata log: the level of each feature that the cluster runs.
 *
 * Only metadata.version is finalized. A client that finds transaction.version 2 uses transactions
 * of the second kind, and one that finds group.version 1 the consumer protocol (KIP-848); a
 * feature appears here when the brokers serve it, and not before.
 */
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'

/** What this engine reads and writes, as MetadataVersion of Apache Kafka numbers it. */
export const supportedFeatures = [
  // From 3.3-IV3, the first that KRaft can upgrade from, to 4.3-IV0.
  { name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 30 },
] as const

/** 4.3-IV0. */
export const METADATA_VERSION = 30

export function bootstrapRecords(): readonly MetadataRecord[] {
  return [
    {
      type: 'FeatureLevelRecord',
      value: { name: 'metadata.version', featureLevel: METADATA_VERSION },
    },
  ]
}
