/** `cluster.overview` and `broker.describe`: brokers, what they hold, and whether all is well. */
import type { Client } from '../../engine/client/client.ts'
import { apiKeys } from '../../engine/protocol/api-keys.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../engine/protocol/messages/api-versions.ts'
import type { MetadataResponse } from '../../engine/protocol/messages/metadata.ts'
import { ContractError } from '../contract/define.ts'
import type {
  BrokerDescription,
  BrokerSummary,
  ClusterOverview,
} from '../contract/model/cluster.ts'
import { isSilence } from '../contract/problem.ts'
import type { LocalNodes } from '../clusters/local-nodes.ts'
import { readCatalogue, type Catalogue, type Tally } from '../lookups/catalogue.ts'
import { describeLogDirs, type MeasuredBroker } from '../lookups/log-dirs.ts'
import { ledForMs, quorumNow } from '../lookups/quorum.ts'
import { reassignmentsAsTold } from '../lookups/reassignments.ts'
import { brokerConfigurations } from '../topics/topic-configurations.ts'
import { controllersOf, healthOf, type Controllers } from './health.ts'
import type { LogDirsWatch } from './log-dirs-watch.ts'
import { minIsrOf } from '../topics/min-isr.ts'

const apiVersionsApi = { request: apiVersionsRequest, response: apiVersionsResponse }

type ListedBrokers = Pick<MetadataResponse, 'brokers'> & { readonly controllerId: number | null }

export interface OverviewOptions {
  readonly nowMs: number
  readonly logDirs: LogDirsWatch
  /** The nodes of a cluster that runs here: of them more is known than its protocol tells. */
  readonly nodes?: LocalNodes
}

export async function clusterOverview(
  client: Client,
  { nowMs, logDirs, nodes }: OverviewOptions,
): Promise<ClusterOverview> {
  const [metadata, catalogue, version] = await Promise.all([
    client.metadata([]),
    readCatalogue(client),
    clusterVersion(client),
  ])
  const brokerIds = metadata.brokers.map(({ nodeId }) => nodeId)
  const [measured, quorum, local, minIsr, adding] = await Promise.all([
    logDirs.read(brokerIds, nodes?.silentBrokers() ?? new Set()),
    version === null ? null : quorumNow(client, nowMs),
    nodes?.list() ?? [],
    minIsrOf(client, catalogue, nowMs),
    addedByMoves(client, catalogue),
  ])
  const controllers: Controllers | null =
    version === null
      ? { leaderId: namedController(metadata, version), silent: [] }
      : controllersOf(quorum, local, quorum === null ? 0 : ledForMs(client, quorum, nowMs))
  const controllerId = controllers.leaderId
  // One that is down and holds nothing is listed by nobody, and is to be started again.
  const own = local.flatMap(({ id, kind }) => (kind === 'controller' ? [] : [id]))
  const listed = { ...metadata, controllerId }
  const brokers = brokerSummaries(listed, catalogue, measured, own)
  const sized = brokers.filter(({ sizeBytes }) => sizeBytes !== null)
  const { topics, partitionCount } = catalogue
  const internalTopicCount = topics.filter(({ internal }) => internal).length
  return {
    clusterId: metadata.clusterId,
    controllerId,
    brokers,
    topicCount: topics.length - internalTopicCount,
    internalTopicCount,
    partitionCount,
    sizeBytes:
      sized.length === 0 ? null : sized.reduce((total, each) => total + each.sizeBytes!, 0),
    version,
    health: healthOf({ catalogue, brokers, controllers, minIsr, adding }),
    observedAtMs: BigInt(nowMs),
  }
}

/** What a reassignment adds is not in sync yet, and lacks nothing: by `topic-partition`. */
async function addedByMoves(
  client: Client,
  { topics }: Catalogue,
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (topics.every(({ underReplicated }) => underReplicated.length === 0)) return new Map()
  // Who may not ask for moves, or whose controller is away, sees the rest.
  const moves = await reassignmentsAsTold(client).catch(() => [])
  return new Map(moves.map(({ topic, partition, adding }) => [`${topic}-${partition}`, adding]))
}

export async function describeBroker(client: Client, brokerId: number): Promise<BrokerDescription> {
  const [metadata, catalogue, version] = await Promise.all([
    client.metadata([]),
    readCatalogue(client),
    clusterVersion(client),
  ])
  const [own] = await describeLogDirs(client, [brokerId], null)
  const controllerId = namedController(metadata, version)
  const listed = { ...metadata, controllerId }
  const summary = brokerSummaries(listed, catalogue, [own!]).find(({ id }) => id === brokerId)
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

/**
 * The controller that Metadata names. A cluster with a metadata version runs KRaft, and there it is
 * any broker, another one each time: nothing that anyone should be shown.
 */
function namedController(
  { controllerId }: MetadataResponse,
  version: string | null,
): number | null {
  return version !== null || controllerId < 0 ? null : controllerId
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

const NOTHING: Tally = { leaderCount: 0, replicaCount: 0, inSyncCount: 0 }

export function brokerSummaries(
  { brokers, controllerId }: ListedBrokers,
  catalogue: Catalogue,
  logDirs: readonly MeasuredBroker[],
  /** Brokers that there are, whether the cluster lists them or not. */
  own: readonly number[] = [],
): readonly BrokerSummary[] {
  const tallies = new Map(catalogue.tallies)
  for (const id of [...brokers.map(({ nodeId }) => nodeId), ...own])
    if (!tallies.has(id)) tallies.set(id, NOTHING)
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
function stateOf(listed: boolean, own: MeasuredBroker | undefined): BrokerSummary['state'] {
  if (!listed) return 'offline'
  return own !== undefined && own.problem !== null && isSilence(own.problem)
    ? 'unreachable'
    : 'online'
}
