/**
 * The whole application in one call: the claim on the data folder, the cluster, and where pages
 * are wanted, what they talk to. The desktop window and the command line differ only in what they
 * do with the result.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type ClusterEvent } from '../../engine/cluster/start-cluster.ts'
import type { FramePort } from '../contract/define.ts'
import type { ControlAddress } from '../contract/model/application.ts'
import type { RecordReader } from '../control/record-answer.ts'
import { claimInstance, type Instance } from './instance.ts'
import { listenerPorts } from './listener-ports.ts'
import { version } from './version.ts'

const KAFKA_PORT_PREFERRED = 9092
/** How the folders of ephemeral ones begin, so that the command line finds them. */
export const EPHEMERAL_PREFIX = 'odradek-'
/** By which pages, links and the control address name the cluster of this process. */
const LOCAL = 'local'

export interface ApplicationOptions {
  readonly surface: Instance['surface']
  readonly brokers: number
  /** Of a new cluster; null where none was asked for. */
  readonly controllers?: number | null
  /** Controllers in the brokers' threads; null where it was not said. */
  readonly combined?: boolean | null
  /** Of the brokers in order of their ids, begun again at the end. */
  readonly racks?: readonly string[]
  /** Of the first broker, as named by the user; null prefers 9092, 0 takes any. */
  readonly kafkaPort: number | null
  /** Of the pages in the browser; null prefers 8092, 0 takes any. */
  readonly webPort: number | null
  readonly dataFolder: string
  readonly ephemeral: boolean
  /** Null runs the sample shop on the first start with an empty data folder. */
  readonly sample: boolean | null
  /** Broker configurations, by Kafka's names. */
  readonly configs?: Readonly<Record<string, string>>
}

export interface Application {
  /** `host:port` of every broker, comma-separated. */
  readonly bootstrap: string
  readonly dataFolder: string
  /** Where the browser finds the pages, token included; null where no HTTP is served. */
  readonly url: string | null
  /** Where the command line reaches it. */
  readonly control: ControlAddress
  /** Talks to one page over that port until it closes. */
  serve(port: FramePort): void
  /** Leaves no socket and no file handle behind. Calling it again waits for the same end. */
  stop(): Promise<void>
}

export type StartResult =
  | { readonly type: 'started'; readonly application: Application }
  | { readonly type: 'already-running'; readonly instance: Instance }

type Closer = () => Promise<void> | void

/** Either the whole of it runs when this returns, or nothing of it is left. */
export async function startApplication(options: ApplicationOptions): Promise<StartResult> {
  const dataFolder = options.ephemeral
    ? mkdtempSync(join(tmpdir(), EPHEMERAL_PREFIX))
    : options.dataFolder
  const starting: Instance = {
    pid: process.pid,
    version,
    startedMs: Date.now(),
    state: 'starting',
    surface: options.surface,
    bootstrap: '',
    url: null,
    control: null,
  }
  const claimed = await claimInstance(dataFolder, starting)
  if (claimed.type === 'held') return { type: 'already-running', instance: claimed.by }

  const closers: Closer[] = []
  if (options.ephemeral) closers.push(() => rmSync(dataFolder, { recursive: true, force: true }))
  closers.push(() => claimed.claim.release())
  const stop = once(async () => {
    for (const close of closers.toReversed()) await close()
  })
  try {
    const opened = await open({ ...options, dataFolder }, closers)
    const { bootstrap, url, control } = opened
    claimed.claim.publish({ ...starting, state: 'running', bootstrap, url, control })
    return { type: 'started', application: { ...opened, dataFolder, stop } }
  } catch (error) {
    // What was opened before the failure is closed, and the failure is the caller's.
    await stop()
    throw error
  }
}

/** Opens part by part, and notes for each how it is closed. */
async function open(
  options: ApplicationOptions,
  closers: Closer[],
): Promise<Pick<Application, 'bootstrap' | 'url' | 'control' | 'serve'>> {
  const { dataFolder, surface, brokers, configs = {} } = options
  const clusterFolder = join(dataFolder, 'cluster')
  const first = !existsSync(clusterFolder)
  let onEvent = (_event: ClusterEvent) => {}
  const starting = startCluster({
    brokers,
    ...(options.controllers != null && { controllers: options.controllers }),
    ...(options.combined != null && { combined: options.combined }),
    ...(options.racks !== undefined && { racks: options.racks }),
    ports: await listenerPorts({
      count: brokers,
      preferred: KAFKA_PORT_PREFERRED,
      named: options.kafkaPort,
    }),
    dataDir: clusterFolder,
    configs,
    onEvent: event => {
      tell(event)
      onEvent(event)
    },
  })
  // Its code is loaded while the brokers load theirs.
  const controlling = import('../control/control-server.ts')
  const cluster = await starting
  closers.push(() => cluster.stop())
  const { startControlServer } = await controlling
  const records = Promise.withResolvers<RecordReader>()
  const headless = once(async () => {
    const { headlessRecords } = await import('./headless-records.ts')
    const reader = headlessRecords(cluster, LOCAL)
    closers.push(() => reader.close())
    records.resolve(reader)
  })
  const server = await startControlServer({
    cluster,
    dataFolder,
    records: () => {
      // Its code is loaded where somebody asks for a record, which most never do.
      if (surface === 'headless') headless().catch(records.reject)
      return records.promise
    },
  })
  closers.push(() => server.close())
  const { bootstrap } = cluster
  const control = server.address
  if (surface === 'headless') return { bootstrap, url: null, control, serve: port => port.close() }

  // Loaded here so that a headless cluster does not wait for code that it never runs.
  const { openService } = await import('./open-service.ts')
  const service = await openService({
    cluster,
    surface,
    dataFolder,
    webPort: options.webPort,
    control,
    id: LOCAL,
    sample: options.sample ?? first,
  })
  closers.push(() => service.close())
  onEvent = service.onEvent
  records.resolve(service.records)
  return { bootstrap, url: service.url, control, serve: service.serve }
}

/** What goes wrong in a node is told where it can be read; what goes right is on the pages. */
function tell(event: ClusterEvent): void {
  if (event.type !== 'log' || event.level === 'info') return
  process.stderr.write(`odradek: ${event.node}: ${event.message}\n`)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => (running ??= work())
}
