/**
 * UpdateFeatures (KIP-584, KIP-778): the cluster goes to another level of a feature, if every
 * broker and controller can follow. One level that cannot be reached refuses all of the request.
 */
import { errorCode, KafkaError } from '../protocol/errors.ts'
import type {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from '../protocol/messages/update-features.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { KRAFT_VERSION_FEATURE, METADATA_VERSION_FEATURE, supportedFeatures } from './bootstrap.ts'
import { configsForElr } from './elr-configs.ts'
import type { ControllerState, Handled, RequestContext } from './handled.ts'
import type { SupportedFeature } from './image-entries.ts'
import { attempt, messageOf } from './item-error.ts'
import { ELR_FEATURE } from './partition-rules.ts'

/** UpgradeType of a request. */
export const upgradeTypes = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const

/** Levels of metadata.version that write what older ones cannot read (MetadataVersion). */
const METADATA_CHANGED_AT: readonly number[] = [8, 11, 13, 14, 15, 17, 23, 30]

/** Of Apache Kafka 4.3's features those that nobody serves here yet, with what they stand for. */
const UNSERVED: ReadonlyMap<string, string> = new Map([
  ['group.version', 'the consumer protocol (KIP-848)'],
  ['transaction.version', 'transactions'],
  ['share.version', 'share groups (KIP-932)'],
  ['streams.version', 'streams groups (KIP-1071)'],
])

interface Update {
  readonly feature: string
  readonly level: number
  readonly upgradeType: number
}

export function updateFeatures(
  state: ControllerState,
  request: UpdateFeaturesRequest,
  { apiVersion }: RequestContext,
): Handled<UpdateFeaturesResponse> {
  const updates = lastOfEach(request.featureUpdates.map(each => updateOf(each, apiVersion)))
  return attempt<Handled<UpdateFeaturesResponse>>(
    () => {
      for (const update of updates) validate(state, update)
      const levels = updates
        .filter(isOfTheImage)
        .map(({ feature: name, level: featureLevel }): MetadataRecord => {
          return { type: 'FeatureLevelRecord', value: { name, featureLevel } }
        })
      const elrOn = updates.some(({ feature, level }) => feature === ELR_FEATURE && level > 0)
      const configs = elrOn ? configsForElr(state.image, state.settings().minInsyncReplicas) : []
      const results = updates.map(({ feature }) => ({
        feature,
        errorCode: errorCode('NONE'),
        errorMessage: null,
      }))
      return {
        records: request.validateOnly ? [] : [...configs, ...levels],
        response: { throttleTimeMs: 0, errorCode: errorCode('NONE'), errorMessage: null, results },
      }
    },
    error => ({
      records: [],
      response: {
        throttleTimeMs: 0,
        errorCode: error.code,
        errorMessage: `no feature is updated: ${messageOf(error)}`,
        results: [],
      },
    }),
  )
}

function updateOf(
  each: UpdateFeaturesRequest['featureUpdates'][number],
  apiVersion: number,
): Update {
  const { feature, maxVersionLevel: level, allowDowngrade } = each
  const { UPGRADE, SAFE_DOWNGRADE } = upgradeTypes
  const inVersion0 = allowDowngrade ? SAFE_DOWNGRADE : UPGRADE
  return { feature, level, upgradeType: apiVersion === 0 ? inVersion0 : each.upgradeType }
}

/** Whoever names a feature twice means the last, as in Apache Kafka. */
function lastOfEach(updates: readonly Update[]): readonly Update[] {
  return [...new Map(updates.map(update => [update.feature, update])).values()]
}

/** kraft.version is the quorum's: its log says it by itself. */
function isOfTheImage({ feature }: Update): boolean {
  return feature !== KRAFT_VERSION_FEATURE && !UNSERVED.has(feature)
}

/** Fails with INVALID_UPDATE_VERSION. */
function validate(state: ControllerState, update: Update): void {
  const { feature, level, upgradeType } = update
  const refuse = (complaint: string): never => {
    throw new KafkaError('INVALID_UPDATE_VERSION', `${feature} ${level}: ${complaint}`)
  }
  const { UPGRADE, SAFE_DOWNGRADE, UNSAFE_DOWNGRADE } = upgradeTypes
  if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE)
    refuse(`there is no upgrade type ${upgradeType}`)
  if (level < 0) refuse('a level is not negative')
  const unable = whoCannot(state, feature, level)
  if (unable !== null) refuse(unable)
  const current = currentLevel(state, feature)
  if (level < current && upgradeType === UPGRADE)
    refuse(`it is at ${current}, and a downgrade has to be asked for as such`)
  if (level > current && upgradeType !== UPGRADE)
    refuse(`it is at ${current}, and a downgrade does not go up`)
  if (feature === KRAFT_VERSION_FEATURE && level > current)
    refuse('the quorum raises it by itself once it knows the directories of its voters')
  if (feature === KRAFT_VERSION_FEATURE && level < current)
    refuse(`it is at ${current}, and does not go back`)
  if (feature !== METADATA_VERSION_FEATURE || level >= current) return
  const loses = METADATA_CHANGED_AT.some(changed => changed > level && changed <= current)
  if (loses && upgradeType === SAFE_DOWNGRADE)
    refuse('metadata that is written already could not be read any more')
  if (loses) refuse('an unsafe downgrade of the metadata is not supported')
}

function currentLevel({ image }: ControllerState, feature: string): number {
  return feature === KRAFT_VERSION_FEATURE ? image.kRaftVersion : (image.features.get(feature) ?? 0)
}

function whoCannot(state: ControllerState, feature: string, level: number): string | null {
  const { brokers, controllers } = state.image
  const nodes = [
    { name: 'this controller', features: supportedFeatures },
    ...[...brokers.values()].map(({ brokerId, features }) => ({
      name: `broker ${brokerId}`,
      features,
    })),
    ...[...controllers.values()].map(({ controllerId, features }) => ({
      name: `controller ${controllerId}`,
      features,
    })),
  ]
  for (const { name, features } of nodes) {
    const range = rangeOf(features, feature)
    if (level === 0 && range === null && isKnown(feature)) continue
    if (range === null) return `${name} does not ${wordsFor(feature)}`
    const { minSupportedVersion: first, maxSupportedVersion: last } = range
    if (level < first || level > last) return `${name} supports ${first} to ${last}`
  }
  return null
}

function isKnown(feature: string): boolean {
  return UNSERVED.has(feature) || rangeOf(supportedFeatures, feature) !== null
}

function wordsFor(feature: string): string {
  const served = UNSERVED.get(feature)
  return served === undefined ? 'know this feature' : `serve ${served}`
}

function rangeOf(features: readonly SupportedFeature[], name: string): SupportedFeature | null {
  return features.find(feature => feature.name === name) ?? null
}
