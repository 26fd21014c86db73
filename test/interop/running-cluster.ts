/**
 * A cluster in processes of its own, the same for Apache Kafka and for Odradek, so that every test
 * can be proved right against the first before it judges the second.
 */
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

export type ClusterKind = 'apache' | 'odradek'

export interface RunningCluster {
  readonly kind: ClusterKind
  /** `host:port` of every broker, separated by commas. */
  readonly bootstrap: string
  readonly processIds: readonly number[]
  /** When its processes were started, after whatever had to be prepared. */
  readonly startedAtMs: number
  /** One folder of partitions for each broker. */
  readonly logFolders: readonly string[]
  /** Clean stop; the data folder goes unless it was given by the caller. */
  stop(): Promise<void>
  /** kill -9 of every process; the data folder stays. */
  kill(): Promise<void>
  /** What the processes wrote, for a failing test's message. */
  words(): string
}

export interface ClusterOptions {
  readonly brokers?: number
  /** Kept when given; else a temporary folder that goes with the cluster. */
  readonly dataFolder?: string
  /** One for each broker, in order. */
  readonly racks?: readonly string[]
  /** Controllers in the brokers' own nodes, which Apache Kafka's are here in any case. */
  readonly combined?: boolean
  /** Broker configurations that both kinds know. */
  readonly configs?: Readonly<Record<string, string>>
  /** The first of consecutive free ports; any free ones when not given. */
  readonly port?: number
  /** Returns before the cluster is ready, for measuring the start itself; needs `port`. */
  readonly doNotWait?: boolean
}

/** The folder that holds a partition's segments, on whichever broker has it. */
export function partitionFolder(cluster: RunningCluster, topicPartition: string): string {
  const found = cluster.logFolders
    .map(folder => join(folder, topicPartition))
    .find(folder => existsSync(folder))
  if (found === undefined)
    throw new Error(`${topicPartition} is in none of ${cluster.logFolders.join(', ')}`)
  return found
}

/** Ports below the range that the system gives to outgoing connections, free at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    if (await portIsFree(port)) ports.add(port)
  }
  return [...ports]
}

/** The first of `count` consecutive free ports. */
export async function freePortRange(count: number): Promise<number> {
  for (;;) {
    const [first] = await freePorts(1)
    const rest = Array.from({ length: count - 1 }, (_, n) => first! + 1 + n)
    if ((await Promise.all(rest.map(portIsFree))).every(Boolean)) return first!
  }
}

function portIsFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
