/**
 * What the pages talk to: the registry with the local cluster in it, the sample shop, the
 * application server, and for the browser the web server.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '../../engine/client/client.ts'
import type { Cluster, ClusterEvent } from '../../engine/cluster/start-cluster.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { localClusterOf } from '../clusters/local-cluster.ts'
import { ClusterTraffic } from '../clusters/cluster-traffic.ts'
import { ClusterRegistry, type ClusterStatus } from '../clusters/cluster-registry.ts'
import { wait } from '../clusters/wait.ts'
import type { FramePort } from '../contract/define.ts'
import type { ApplicationInfo, ControlAddress } from '../contract/model/application.ts'
import type { RecordReader } from '../control/record-answer.ts'
import { recordReaderOf } from '../control/record-reader.ts'
import { responseTarget } from '../export/export-target.ts'
import { createApplicationServer, type ApplicationServer } from '../service/application-server.ts'
import { createSampleShop } from '../sample/sample-shop.ts'
import { examineMachine } from './doctor.ts'
import { listenerPorts } from './listener-ports.ts'
import { version } from './version.ts'

const LOCAL_COLOUR = '#2f7dd1'
const WEB_PORT_PREFERRED = 8092

const pages = fileURLToPath(new URL('../renderer/', import.meta.url))

export interface ServiceOptions {
  readonly cluster: Cluster
  /** By which pages and links name it. */
  readonly id: string
  readonly control: ControlAddress
  readonly surface: 'desktop' | 'web'
  readonly dataFolder: string
  readonly webPort: number | null
  /** Whether the sample shop runs from the start. */
  readonly sample: boolean
}

export interface Service {
  /** Null on the desktop: nothing listens for HTTP there. */
  readonly url: string | null
  readonly serve: (port: FramePort) => void
  /** Of every cluster that is registered. */
  readonly records: RecordReader
  /** To be told of everything that happens in the cluster. */
  readonly onEvent: (event: ClusterEvent) => void
  /** Before the cluster stops, since the sample shop is a client of it. */
  readonly close: () => Promise<void>
}

export async function openService(options: ServiceOptions): Promise<Service> {
  const { cluster, id } = options
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: cluster.brokers.map(({ address }) => address),
    clientId: 'odradek',
  })
  const clusters = new ClusterRegistry()
  const traffic = new ClusterTraffic()
  const { local, onEvent } = localClusterOf(cluster)
  clusters.register(
    {
      id,
      name: id,
      kind: 'local',
      colour: LOCAL_COLOUR,
      readOnly: false,
      client,
      traffic,
      local,
    },
    statusOf(cluster),
  )
  const bootstrap = cluster.bootstrap.split(',')
  const sample = createSampleShop({ cluster: id, bootstrap, client })
  const server = createApplicationServer({
    historyPath: join(options.dataFolder, 'group-history.db'),
    offsetSnapshots: join(options.dataFolder, 'offset-snapshots'),
    preferences: join(options.dataFolder, 'preferences'),
    clusters,
    sample,
    info: informant(options),
    control: options.control,
    nowMs: Date.now,
    wait,
    downloads: options.surface === 'web',
    onMistake: ({ message, details }) =>
      void process.stderr.write(`odradek: ${message}\n${details ?? ''}\n`),
  })
  const serve = (port: FramePort) => void server.serveFrames(port)
  const web =
    options.surface === 'web' ? await openWeb(options.webPort, serve, server.download) : null
  // What keeps the shop from starting is in its status, and the page shows it.
  if (options.sample) sample.start().catch(() => {})
  // One that an earlier run left can be removed.
  else sample.find().catch(() => {})
  return {
    url: web?.url ?? null,
    serve,
    records: recordReaderOf(server.workers),
    onEvent(event) {
      if (event.type === 'traffic') traffic.report(event.brokerId, event.report)
      else if (event.type === 'wire') onEvent(event)
      else if (event.type === 'group-journal') server.groupJournal(id, event.event)
      else if (event.type === 'broker-state-changed') {
        clusters.setStatus(id, statusOf(cluster))
        server.nodesChanged(id)
      } else if (event.type === 'controller-state-changed') server.nodesChanged(id)
    },
    async close() {
      await web?.close()
      await server.close()
      await sample.close()
      clusters.unregister(id)
    },
  }
}

async function openWeb(
  port: number | null,
  serveFrames: (port: FramePort) => unknown,
  download: ApplicationServer['download'],
) {
  const wish = { count: 1, preferred: WEB_PORT_PREFERRED, named: port }
  const [chosen = 0] = await listenerPorts(wish)
  const { startWebServer } = await import('../web/web-server.ts')
  return startWebServer({
    folder: pages,
    port: chosen,
    serveFrames,
    download: (exportId, response) =>
      download(exportId, fileName => responseTarget(response, fileName)),
  })
}

/** One broker that runs is enough to reach the cluster; one that failed is worth its reason. */
function statusOf({ bootstrap, brokers }: Cluster): ClusterStatus {
  const failed = brokers.find(({ state }) => state === 'failed')
  const problem = failed && {
    code: 'UNREACHABLE',
    message: `broker ${failed.brokerId}: ${failed.failure ?? 'ended'}`,
    remedy: 'Start Odradek again; the records on disk are kept.',
  }
  const runs = brokers.some(({ state }) => state === 'running')
  return { state: runs ? 'running' : 'stopped', bootstrap, problem: problem ?? null }
}

/** The examination is made when first asked for, and then kept: the machine stays the same. */
function informant({ surface, dataFolder }: ServiceOptions): () => Promise<ApplicationInfo> {
  const startedAtMs = BigInt(Date.now())
  let examination: ReturnType<typeof examineMachine> | null = null
  return async () => ({
    version,
    mode: surface,
    platform: `${process.platform} ${process.arch}`,
    runtime: process.versions['electron']
      ? `Electron ${process.versions['electron']}, Node ${process.versions.node}`
      : `Node ${process.versions.node}`,
    dataFolder,
    startedAtMs,
    doctor: await (examination ??= examineMachine(dataFolder)),
  })
}
