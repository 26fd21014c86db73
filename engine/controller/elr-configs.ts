/**
 * What eligible leader replicas (KIP-966) demand of `min.insync.replicas`. Who is eligible follows
 * from it, so while they are on it is one value for all brokers, always set; and where it changes,
 * who was eligible under the old value is forgotten.
 */
import { configResourceTypes } from '../config/describe.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import type { MetadataImage } from './metadata-image.ts'

const MIN_ISR = 'min.insync.replicas'

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

/** The records that go with changes of configurations while eligible leader replicas are on. */
export function clearedElr(changes: readonly ConfigRecord[]): readonly MetadataRecord[] {
  return changes.flatMap(({ value: { resourceType, resourceName, name } }) => {
    if (name !== MIN_ISR) return []
    const topicName = resourceType === configResourceTypes.TOPIC ? resourceName : ''
    return [{ type: 'ClearElrRecord', value: { topicName } }]
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
