/**
 * The first records of an empty metadata log: the level of each feature that the cluster runs.
 *
 * Of the features that Apache Kafka 4.3 finalizes by default, these are the ones the brokers serve.
 * A client that finds transaction.version 2 uses transactions of the second kind, and one that
 * finds group.version 1 the consumer protocol (KIP-848); a feature appears here when it is true.
 */
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { configsForElr } from './elr-configs.ts'
import type { MetadataImage } from './metadata-image.ts'
import { ELR_FEATURE } from './partition-rules.ts'

export const METADATA_VERSION_FEATURE = 'metadata.version'
/** Whether voters can be added and removed (KIP-853). */
export const KRAFT_VERSION_FEATURE = 'kraft.version'

/** What this engine reads and writes, as MetadataVersion of Apache Kafka numbers it. */
export const supportedFeatures = [
  // From 3.3-IV3, the first that KRaft can upgrade from, to 4.3-IV0.
  { name: METADATA_VERSION_FEATURE, minSupportedVersion: 7, maxSupportedVersion: 30 },
  { name: ELR_FEATURE, minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: KRAFT_VERSION_FEATURE, minSupportedVersion: 0, maxSupportedVersion: 1 },
] as const

/** 4.3-IV0. */
export const METADATA_VERSION = 30
/** Eligible leader replicas are on (KIP-966). */
const ELR_VERSION = 1

/** `staticMinIsr` is what the controller was started with as `min.insync.replicas`. */
export function bootstrapRecords(
  image: MetadataImage,
  staticMinIsr: number,
): readonly MetadataRecord[] {
  return [
    level(METADATA_VERSION_FEATURE, METADATA_VERSION),
    level(ELR_FEATURE, ELR_VERSION),
    ...configsForElr(image, staticMinIsr),
  ]
}

function level(name: string, featureLevel: number): MetadataRecord {
  return { type: 'FeatureLevelRecord', value: { name, featureLevel } }
}

/** What ApiVersions answers about features (KIP-584). */
export function advertisedFeatures(image: MetadataImage) {
  const finalized = [...image.features]
  if (image.kRaftVersion > 0) finalized.push([KRAFT_VERSION_FEATURE, image.kRaftVersion])
  return {
    supported: supportedFeatures.map(({ name, minSupportedVersion, maxSupportedVersion }) => ({
      name,
      minVersion: minSupportedVersion,
      maxVersion: maxSupportedVersion,
    })),
    finalized: finalized.map(([name, level]) => ({
      name,
      minVersionLevel: level,
      maxVersionLevel: level,
    })),
    finalizedEpoch: image.lastOffset,
  }
}
