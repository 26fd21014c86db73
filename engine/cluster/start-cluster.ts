/**
 * A Kafka cluster in this process: brokers and controllers in worker threads, each with a listener
 * and a folder of its own. This is the public way in, for the application and for people's
 * own test suites:
 *
 *     const cluster = await startCluster({ brokers: 3 })
 *     // any Kafka client: cluster.bootstrap
 *     await cluster.stop()
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { nodeRandom } from '../runtime/node-random.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { Cluster, ClusterEvent } from './cluster.ts'
import { layOut } from './node-layout.ts'
import { choosePorts } from './ports.ts'
import { Supervisor } from './supervisor.ts'

export type {
  Cluster,
  ClusterBroker,
  ClusterController,
  ClusterEvent,
  DroppedFile,
  NodeControl,
  NodePowerCut,
  PowerCutOptions,
} from './cluster.ts'

export interface ClusterOptions {
  /** How many brokers, 1 to 32; 3 when not given. Their ids begin with 1. */
  readonly brokers?: number
  /**
   * How many controllers a new cluster gets, 1 to 9; three when not given. A folder's cluster keeps those that
   * it was made with.
   */
  readonly controllers?: number
  /** Controllers in the threads of the first brokers, dying with them, instead of nodes of their own. */
  readonly combined?: boolean
  /**
   * Ports of the brokers, in order. A taken one is replaced by the next free one; 0 lets the system
   * choose. 9092 and those after it when not given.
   */
  readonly ports?: readonly number[]
  /** Listens here, and tells clients so; 127.0.0.1 when not given. */
  readonly host?: string
  /**
   * Where the cluster lives and is found again. A temporary folder, gone after `stop`, otherwise:
   * there a flush waits for no device, and a power cut still tells what was flushed.
   */
  readonly dataDir?: string
  /**
   * Racks of the brokers, in order of their ids, begun again where there are more brokers: replicas
   * are spread over them, and with `replica.selector.class` consumers read in their own (KIP-392).
   */
  readonly racks?: readonly string[]
  /** Broker configurations, by Kafka's names. */
  readonly configs?: Readonly<Record<string, string>>
  readonly onEvent?: (event: ClusterEvent) => void
}

const PORT_FIRST = 9092

/** Apache Kafka's defaults for internal topics, as far as there are brokers for them. */
const INTERNAL_REPLICATION_FACTOR = 3
const INTERNAL_MIN_ISR = 2

function baseConfigs(brokerCount: number): Readonly<Record<string, string>> {
  const replicationFactor = String(Math.min(INTERNAL_REPLICATION_FACTOR, brokerCount))
  return {
    'offsets.topic.replication.factor': replicationFactor,
    'transaction.state.log.replication.factor': replicationFactor,
    'transaction.state.log.min.isr': String(Math.min(INTERNAL_MIN_ISR, brokerCount)),
    'group.initial.rebalance.delay.ms': '0',
    // On a desk nobody measures how old the metadata is, and an idle disk may rest.
    'metadata.max.idle.interval.ms': '0',
  }
}

/**
 * Folders of clusters of this process. Other processes are kept out by a lock in each node's
 * folder, which cannot tell this process from itself.
 */
const foldersInUse = new Set<string>()

/** Throws an `OperationalError` when folder or ports cannot be had, naming them. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { host = '127.0.0.1', brokers: brokerCount = 3, onEvent = () => {} } = options
  const { controllers = null, combined = null, racks = [] } = options
  const wish = { brokers: brokerCount, controllers, combined }
  // Asked before a folder is made for what cannot be.
  if (options.dataDir === undefined) layOut({ ...wish, dataDir: null })
  const ephemeral = options.dataDir === undefined
  const dataDir = ephemeral
    ? mkdtempSync(join(tmpdir(), 'odradek-'))
    : resolve(options.dataDir ?? '')
  if (foldersInUse.has(dataDir))
    throw new OperationalError(`${dataDir}: another cluster of this process uses this folder`)
  const layout = layOut({ ...wish, dataDir })
  const supervisor = new Supervisor({
    dataDir,
    ephemeral,
    host,
    onEvent,
    clusterId: clusterIdOf(dataDir),
    layout,
    racks,
    configs: { ...baseConfigs(brokerCount), ...options.configs },
    onEnd: () => foldersInUse.delete(dataDir),
  })
  foldersInUse.add(dataDir)
  try {
    const preferred =
      options.ports ?? Array.from({ length: brokerCount }, (_, index) => PORT_FIRST + index)
    await supervisor.start(await choosePorts({ host, preferred, count: brokerCount }))
    return supervisor
  } catch (error) {
    // Rethrown: a cluster that did not start leaves no thread and no temporary folder behind.
    await supervisor.kill()
    throw error
  }
}

/** The cluster's id, kept beside its nodes' folders so that a restart is the same cluster. */
function clusterIdOf(dataDir: string): string {
  const path = join(dataDir, 'cluster-id')
  try {
    mkdirSync(dataDir, { recursive: true })
    if (existsSync(path)) return readFileSync(path, 'utf8').trim()
    const clusterId = nodeRandom.uuid()
    writeFileSync(path, `${clusterId}\n`)
    return clusterId
  } catch (error) {
    throw new OperationalError(`${dataDir}: ${(error as Error).message}`, { cause: error })
  }
}
