/** `cluster.overview` and `broker.describe`: brokers, what they hold, and whether all is well. */
import type { Client } from '../../engine/client/client.ts'
import { apiKeys } from '../../engine/protocol/api-keys.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../engine/protocol/messages/api-versions.ts'
import type { MetadataResponse } from '../../engine/protocol/messages/metadata.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  BrokerDescription,
  BrokerSummary,
  ClusterOverview,
  HealthReason,
} from '../contract/model.ts'
import { describeLogDirs, type BrokerLogDirs } from './log-dirs.ts'
import { brokerConfigurations } from './topic-configurations.ts'

const apiVersionsApi = { request: apiVersionsRequest, response: apiVersionsResponse }
const SUBJECTS_MAX = 100

export async function clusterOverview(client: Client, nowMs: number): Promise<ClusterOverview> {
  const metadata = await client.metadata(null)
  const brokerIds = metadata.brokers.map(({ nodeId }) => nodeId)
  const [logDirs, version] = await Promise.all([
    describeLogDirs(client, brokerIds, null),
    clusterVersion(client),
  ])
  const brokers = brokerSummaries(metadata, logDirs)
  const sized = brokers.filter(({ sizeBytes }) => sizeBytes !== null)
  const { topics } = metadata
  return {
    clusterId: metadata.clusterId,
    controllerId: metadata.controllerId < 0 ? null : metadata.controllerId,
    brokers,
    topicCount: topics.filter(({ isInternal }) => !isInternal).length,
    internalTopicCount: topics.filter(({ isInternal }) => isInternal).length,
    partitionCount: topics.reduce((total, { partitions }) => total + partitions.length, 0),
    sizeBytes:
      sized.length === 0 ? null : sized.reduce((total, each) => total + each.sizeBytes!, 0),
    version,
    health: healthOf(metadata, brokers),
    observedAtMs: BigInt(nowMs),
  }
}

export async function describeBroker(client: Client, brokerId: number): Promise<BrokerDescription> {
  const metadata = await client.metadata(null)
  const [own] = await describeLogDirs(client, [brokerId], null)
  const summary = brokerSummaries(metadata, [own!]).find(({ id }) => id === brokerId)
  if (summary === undefined)
    throw new ContractError({ code: 'NOT_FOUND', message: `no broker is ${brokerId}` })
  if (own!.problem !== null) throw new ContractError(own!.problem)
  const connection = await client.connection({ type: 'broker', brokerId })
  const names = new Map(Object.entries(apiKeys).map(([name, key]) => [key as number, name]))
  return {
    summary,
    configurations: await brokerConfigurations(client, brokerId),
    replicas: own!.replicas,
    apis: [...connection.advertised]
      .map(([key, [minVersion, maxVersion]]) => ({
        key,
        name: pascalCase(names.get(key) ?? `api ${key}`),
        minVersion,
        maxVersion,
      }))
      .sort((a, b) => a.key - b.key),
  }
}

function pascalCase(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

/** The metadata version that the cluster finalized, where it has features (KIP-584). */
async function clusterVersion(client: Client): Promise<string | null> {
  const { finalizedFeatures } = await client.request({ type: 'any' }, apiVersionsApi, {
    clientSoftwareName: 'odradek',
    clientSoftwareVersion: '0',
  })
  const feature = finalizedFeatures.find(({ name }) => name === 'metadata.version')
  return feature === undefined ? null : `metadata.version ${feature.maxVersionLevel}`
}

interface Tally {
  leaderCount: number
  replicaCount: number
  inSyncCount: number
}

export function brokerSummaries(
  { brokers, controllerId, topics }: MetadataResponse,
  logDirs: readonly BrokerLogDirs[],
): readonly BrokerSummary[] {
  const tallies = new Map<number, Tally>()
  const tally = (id: number) => {
    const known = tallies.get(id) ?? { leaderCount: 0, replicaCount: 0, inSyncCount: 0 }
    tallies.set(id, known)
    return known
  }
  for (const { nodeId } of brokers) tally(nodeId)
  for (const { partitions } of topics)
    for (const { leaderId, replicaNodes, isrNodes } of partitions) {
      if (leaderId >= 0) tally(leaderId).leaderCount += 1
      for (const id of replicaNodes) tally(id).replicaCount += 1
      for (const id of isrNodes) tally(id).inSyncCount += 1
    }
  return [...tallies]
    .sort(([a], [b]) => a - b)
    .map(([id, counts]) => {
      const listed = brokers.find(({ nodeId }) => nodeId === id)
      const own = logDirs.find(({ brokerId }) => brokerId === id)
      return {
        id,
        host: listed?.host ?? null,
        port: listed?.port ?? null,
        rack: listed?.rack ?? null,
        state: stateOf(listed !== undefined, own),
        problem: own?.problem ?? null,
        isController: id === controllerId,
        ...counts,
        sizeBytes:
          own === undefined || own.problem !== null
            ? null
            : own.logDirs.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
        logDirs: own?.logDirs ?? [],
      }
    })
}

/** An error that the broker itself gave is an answer: it is there, and refuses. */
function stateOf(listed: boolean, own: BrokerLogDirs | undefined): BrokerSummary['state'] {
  if (!listed) return 'offline'
  return own !== undefined && own.problem !== null && isSilence(own.problem)
    ? 'unreachable'
    : 'online'
}

const silences = ['UNREACHABLE', 'NETWORK_EXCEPTION', 'REQUEST_TIMED_OUT', 'BROKER_NOT_AVAILABLE']

function isSilence({ code }: Problem): boolean {
  return silences.includes(code)
}

/** Everything that is wrong, the worst first; empty when nothing is. */
export function healthOf(
  { topics, controllerId }: MetadataResponse,
  brokers: readonly BrokerSummary[],
): readonly HealthReason[] {
  const offline: string[] = []
  const underReplicated: string[] = []
  for (const { name, partitions } of topics)
    for (const { partitionIndex, leaderId, isrNodes, replicaNodes } of partitions) {
      const subject = `${name}-${partitionIndex}`
      if (leaderId < 0) offline.push(subject)
      else if (isrNodes.length < replicaNodes.length) underReplicated.push(subject)
    }
  const silent = brokers.filter(({ state }) => state !== 'online').map(({ id }) => String(id))
  const badDirs = brokers.flatMap(({ id, logDirs }) =>
    logDirs.flatMap(({ path, problem }) => (problem === null ? [] : `${id}: ${path}`)),
  )
  const reasons = [
    reason('error', 'OFFLINE_PARTITIONS', offline, 'has no leader', 'have no leader'),
    reason('error', 'BROKER_UNREACHABLE', silent, 'does not answer', 'do not answer'),
    reason('error', 'LOG_DIR_OFFLINE', badDirs, 'is offline', 'are offline'),
    controllerId < 0 ? noController : null,
    reason(
      'warning',
      'UNDER_REPLICATED_PARTITIONS',
      underReplicated,
      'lacks an in-sync replica',
      'lack in-sync replicas',
    ),
  ]
  return reasons.flatMap(each => each ?? [])
}

const noController: HealthReason = {
  severity: 'error',
  code: 'NO_CONTROLLER',
  message: 'the cluster has no controller: nothing can be created or elected',
  subjects: [],
  subjectCount: 0,
}

const nouns = {
  OFFLINE_PARTITIONS: ['partition', 'partitions'],
  UNDER_REPLICATED_PARTITIONS: ['partition', 'partitions'],
  BROKER_UNREACHABLE: ['broker', 'brokers'],
  LOG_DIR_OFFLINE: ['log folder', 'log folders'],
} as const

function reason(
  severity: HealthReason['severity'],
  code: keyof typeof nouns,
  subjects: readonly string[],
  one: string,
  many: string,
): HealthReason | null {
  if (subjects.length === 0) return null
  const [singular, plural] = nouns[code]
  const count = subjects.length
  const message = count === 1 ? `${singular} ${subjects[0]} ${one}` : `${count} ${plural} ${many}`
  return { severity, code, message, subjects: subjects.slice(0, SUBJECTS_MAX), subjectCount: count }
}
