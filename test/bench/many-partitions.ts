/**
 * What a cluster with very many partitions costs: to make them, to stop, to be ready again, until all
 * ISRs are whole, and in memory. Each start is in a process of its own; CPU time is that of all threads,
 * which says more than the clock on a busy machine. The bundle is measured where one is named.
 *
 *     node test/bench/many-partitions.ts [--brokers 3] [--topics 10000] [--partitions 1] [--factor 3]
 *         [--restarts 2] [--data FOLDER] [--profile FOLDER] [out]
 *
 * A folder that is given and holds a cluster is only restarted, and kept.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { ClientConnection } from '../../engine/client/client-connection.ts'
import type * as StartCluster from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { metadataRequest, metadataResponse } from '../../engine/protocol/messages/metadata.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { residentMegabytes } from './process-figures.ts'

/** Of one CreateTopics request. */
const TOPICS_PER_REQUEST = 500
const LOOK_INTERVAL_MS = 250
/** What a restarted cluster costs is looked at when it has come to rest. */
const REST_MS = 5_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    brokers: { type: 'string', default: '3' },
    topics: { type: 'string', default: '10000' },
    partitions: { type: 'string', default: '1' },
    factor: { type: 'string', default: '3' },
    restarts: { type: 'string', default: '2' },
    data: { type: 'string' },
    profile: { type: 'string' },
    verbose: { type: 'boolean' },
    /** In the process that is measured: the folder. */
    once: { type: 'string' },
  },
})
const brokers = Number(values.brokers)
const topics = Number(values.topics)
const partitions = Number(values.partitions)
const factor = Math.min(Number(values.factor), brokers)
const bundle = positionals[0]

if (values.once === undefined) await runAll()
else await runOnce(values.once)

async function runAll(): Promise<void> {
  const folder = values.data ?? mkdtempSync(join(tmpdir(), 'odradek-partitions-'))
  console.log(`${brokers} brokers, ${topics} topics of ${partitions} partitions, factor ${factor}`)
  if (!existsSync(join(folder, 'cluster-id'))) await inProcess(folder)
  for (let restart = 0; restart < Number(values.restarts); restart++) await inProcess(folder)
  if (values.data === undefined) rmSync(folder, { recursive: true, force: true })
}

function inProcess(folder: string): Promise<void> {
  const profiling =
    values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
  const args = [...profiling, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(process.execPath, [...args, '--once', folder], { stdio: 'inherit' })
  return new Promise((done, failed) => {
    child.on('exit', code => (code === 0 ? done() : failed(new Error(`exit ${code}`))))
  })
}

async function runOnce(dataDir: string): Promise<void> {
  const address =
    bundle === undefined
      ? '../../engine/cluster/start-cluster.ts'
      : pathToFileURL(resolve(bundle, 'main', 'index.js')).href
  const { startCluster } = (await import(address)) as typeof StartCluster
  const ports = Array<number>(brokers).fill(0)
  const isNew = !existsSync(join(dataDir, 'cluster-id'))
  const cluster = await measured(isNew ? 'start, empty' : 'start', () =>
    startCluster({
      brokers,
      ports,
      dataDir,
      onEvent: event =>
        event.type === 'log' &&
        values.verbose === true &&
        console.log(Math.round(performance.now()), event.node, event.message),
    }),
  )
  const [first] = cluster.brokers
  const connection = await ClientConnection.open({
    network: nodeNetwork,
    clock: nodeClock,
    address: first!.address,
    clientId: 'many-partitions',
    software: { name: 'odradek-bench', version: '1' },
    connectTimeoutMs: 5_000,
  })
  if (isNew) await measured('topics created', () => createAll(connection))
  await measured('all ISRs whole', () => untilWhole(connection))
  connection.close()
  await measured(`${REST_MS / 1_000} s of rest`, () => new Promise(r => setTimeout(r, REST_MS)))
  await measured('stop', () => cluster.stop())
}

async function measured<T>(name: string, work: () => Promise<T>): Promise<T> {
  const cpuBefore = process.cpuUsage()
  const writtenBefore = diskWrites()
  const startMs = performance.now()
  const result = await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`.padStart(9)
  const memory = `${Math.round(residentMegabytes([process.pid]) ?? NaN)} MB`.padStart(8)
  console.log(
    `${name.padEnd(16)}${seconds(performance.now() - startMs)}, CPU${seconds(user / 1_000)} user` +
      `${seconds(system / 1_000)} system,${memory}, ${diskWrites() - writtenBefore} writes`,
  )
  return result
}

/** Calls that wrote; 0 where the system does not count them. */
function diskWrites(): number {
  if (!existsSync('/proc/self/io')) return 0
  return Number(/syscw: (\d+)/.exec(readFileSync('/proc/self/io', 'latin1'))?.[1] ?? 0)
}

async function createAll(connection: ClientConnection): Promise<void> {
  for (let from = 0; from < topics; from += TOPICS_PER_REQUEST) {
    const count = Math.min(TOPICS_PER_REQUEST, topics - from)
    const answer = await connection.request(
      { request: createTopicsRequest, response: createTopicsResponse },
      {
        topics: Array.from({ length: count }, (_, index) => ({
          name: `topic-${String(from + index).padStart(5, '0')}`,
          numPartitions: partitions,
          replicationFactor: factor,
          assignments: [],
          configs: [],
        })),
        timeoutMs: 60_000,
        validateOnly: false,
      },
      { timeoutMs: 60_000 },
    )
    const failed = answer.topics.find(({ errorCode }) => errorCode !== 0)
    if (failed !== undefined) throw new Error(`${failed.name}: error ${failed.errorCode}`)
  }
}

async function untilWhole(connection: ClientConnection): Promise<void> {
  for (;;) {
    const answer = await connection.request(
      { request: metadataRequest, response: metadataResponse },
      { topics: null, allowAutoTopicCreation: false },
      { timeoutMs: 60_000 },
    )
    const all = answer.topics.flatMap(topic => topic.partitions)
    const whole = all.filter(each => each.leaderId >= 0 && each.isrNodes.length === factor)
    if (all.length > 0 && whole.length === all.length) return
    await new Promise(r => setTimeout(r, LOOK_INTERVAL_MS))
  }
}
