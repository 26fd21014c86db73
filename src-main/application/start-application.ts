/**
 * The whole application in one call: the cluster, the service that the pages talk to, and for the
 * browser the server of the pages. The desktop window and the command line differ only in what
 * they do with the result.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { FramePort } from '../contract/define.ts'
import { claimInstance, type Instance } from './instance.ts'
import { listenerPorts } from './listener-ports.ts'
import { version } from './version.ts'

const KAFKA_PORT_PREFERRED = 9092

export interface ApplicationOptions {
  readonly surface: Instance['surface']
  readonly brokers: number
  /** Of the first broker, as named by the user; null prefers 9092, 0 takes any. */
  readonly kafkaPort: number | null
  readonly webPort: number | null
  readonly dataFolder: string
  readonly ephemeral: boolean
  /** Null runs the sample shop on the first start with an empty data folder. */
  readonly sample: boolean | null
}

export interface Application {
  /** `host:port` of every broker, comma-separated. */
  readonly bootstrap: string
  readonly dataFolder: string
  /** Where the browser finds the pages, token included; null where no HTTP is served. */
  readonly url: string | null
  /** Talks to one page over that port until it closes. */
  serve(port: FramePort): void
  /** Leaves no socket and no file handle behind. Calling it again waits for the same end. */
  stop(): Promise<void>
}

export type StartResult =
  | { readonly type: 'started'; readonly application: Application }
  | { readonly type: 'already-running'; readonly instance: Instance }

/** Either the whole of it runs when this returns, or nothing of it is left. */
export async function startApplication(options: ApplicationOptions): Promise<StartResult> {
  const dataFolder = options.ephemeral
    ? mkdtempSync(join(tmpdir(), 'odradek-'))
    : options.dataFolder
  const starting: Instance = {
    pid: process.pid,
    version,
    startedMs: Date.now(),
    state: 'starting',
    surface: options.surface,
    bootstrap: '',
    url: null,
  }
  const claimed = await claimInstance(dataFolder, starting)
  if (claimed.type === 'held') return { type: 'already-running', instance: claimed.by }

  const closers: Closer[] = [
    () => (options.ephemeral ? rmSync(dataFolder, { recursive: true, force: true }) : undefined),
    () => claimed.claim.release(),
  ]
  const stop = once(async () => {
    for (const close of closers.toReversed()) await close()
  })
  try {
    const application = await open({ ...options, dataFolder }, closers, stop)
    const { bootstrap, url } = application
    claimed.claim.publish({ ...starting, state: 'running', bootstrap, url })
    return { type: 'started', application }
  } catch (error) {
    // What was opened before the failure is closed, and the failure is the caller's.
    await stop()
    throw error
  }
}

type Closer = () => Promise<void> | void

/** Opens part by part, and notes for each how it is closed. */
async function open(
  options: ApplicationOptions,
  closers: Closer[],
  stop: () => Promise<void>,
): Promise<Application> {
  const { dataFolder, surface, brokers } = options
  const clusterFolder = join(dataFolder, 'cluster')
  const cluster = await startCluster({
    brokers,
    ports: await listenerPorts({
      count: brokers,
      preferred: KAFKA_PORT_PREFERRED,
      named: options.kafkaPort,
    }),
    dataDir: clusterFolder,
  })
  closers.push(() => cluster.stop())
  const { bootstrap } = cluster
  if (surface === 'headless')
    return { bootstrap, dataFolder, url: null, serve: port => port.close(), stop }
  throw new OperationalError('the pages are not connected yet: use odradek up')
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => (running ??= work())
}
