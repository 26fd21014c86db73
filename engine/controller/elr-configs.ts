/**
 * What eligible leader replicas (KIP-966) demand of `min.insync.replicas`. Who is eligible follows
 * from it, so while they are on it is one value for all brokers, always set; and where it changes,
 * who was eligible under the old value is forgotten.
 */
import { configResourceTypes } from '../config/describe.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import type { TopicImage } from './image-entries.ts'
import type { MetadataImage } from './metadata-image.ts'
import { noPartitionChange } from './partition-change.ts'

const MIN_ISR = 'min.insync.replicas'
/** In a ClearElrRecord. */
const ALL_TOPICS = ''

type ConfigRecord = Extract<MetadataRecord, { readonly type: 'ConfigRecord' }>

/** Fails with INVALID_CONFIG. To be asked only while eligible leader replicas are on. */
export function refuseOtherMinIsr(change: ConfigRecord): void {
  const { resourceType, resourceName, name, value } = change.value
  if (name !== MIN_ISR || resourceType !== configResourceTypes.BROKER) return
  if (resourceName !== '')
    throw new KafkaError(
      'INVALID_CONFIG',
      `${MIN_ISR} cannot be set for a single broker while eligible leader replicas are on`,
    )
  if (value === null)
    throw new KafkaError(
      'INVALID_CONFIG',
      `${MIN_ISR} cannot be taken from the cluster while eligible leader replicas are on`,
    )
}

/**
 * The records that go with changes of configurations while eligible leader replicas are on. Where
 * nobody is in sync nothing can be committed meanwhile, so who was eligible still is, and must be:
 * forgetting it would leave the partition without anybody who may ever lead it. Apache Kafka does.
 */
export function clearedElr(
  image: MetadataImage,
  changes: readonly ConfigRecord[],
): readonly MetadataRecord[] {
  const topicNames = new Set(
    changes
      .filter(({ value }) => value.name === MIN_ISR)
      .map(({ value }) =>
        value.resourceType === configResourceTypes.TOPIC ? value.resourceName : ALL_TOPICS,
      ),
  )
  const cleared = [...topicNames].map((topicName): MetadataRecord => ({
    type: 'ClearElrRecord',
    value: { topicName },
  }))
  const topics = topicNames.has(ALL_TOPICS)
    ? [...image.topicsByName.values()]
    : [...topicNames].flatMap(name => image.topicsByName.get(name) ?? [])
  return [...cleared, ...topics.flatMap(keptElr)]
}

function keptElr({ topicId, partitions }: TopicImage): readonly MetadataRecord[] {
  return partitions.flatMap(({ isr, eligibleLeaderReplicas, lastKnownElr }, partitionId) => {
    if (isr.length > 0 || eligibleLeaderReplicas.length + lastKnownElr.length === 0) return []
    const value = {
      ...noPartitionChange,
      topicId,
      partitionId,
      eligibleLeaderReplicas,
      lastKnownElr,
    }
    return [{ type: 'PartitionChangeRecord', value }]
  })
}

/** What has to be set before eligible leader replicas are switched on. */
export function configsForElr(
  image: MetadataImage,
  staticMinIsr: number,
): readonly MetadataRecord[] {
  const { BROKER } = configResourceTypes
  const set = (resourceName: string, value: string | null): MetadataRecord => ({
    type: 'ConfigRecord',
    value: { resourceType: BROKER, resourceName, name: MIN_ISR, value },
  })
  const single = image
    .configuredResources(BROKER)
    .filter(name => name !== '' && image.configs(BROKER, name).has(MIN_ISR))
  const forAll = image.configs(BROKER, '').has(MIN_ISR) ? [] : [set('', String(staticMinIsr))]
  return [...forAll, ...single.map(name => set(name, null))]
}
