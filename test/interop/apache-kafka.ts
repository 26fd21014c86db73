/**
 * A real Apache Kafka of one or three combined nodes, in a temporary folder, on free ports; and the
 * parts of it, for clusters whose brokers and controllers are processes of their own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecked, startCommand, type RunningCommand } from './run-command.ts'
import { freePorts, type ClusterOptions, type RunningCluster } from './running-cluster.ts'
import { javaArguments } from './setup/java.ts'

const clusterId = 'b2RyYWRlay1pbnRlcm9wMQ'
export interface KafkaNode {
  readonly id: number
  readonly role: 'broker' | 'controller' | 'broker,controller'
  /** Of its clients; of the quorum where it is a controller alone. */
  readonly port: number
  /** Of the quorum where it is both. */
  readonly controllerPort?: number
}

const jvmFlags = ['-Xmx1G', '-Xms512M', '-XX:+UseG1GC', '-Djava.awt.headless=true']

export async function startApacheKafka(options: ClusterOptions = {}): Promise<RunningCluster> {
  const count = options.brokers ?? 1
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'apache-kafka-'))
  const ports = await freePorts(count * 2)
  const nodes = Array.from({ length: count }, (_, index): KafkaNode => ({
    id: index + 1,
    role: 'broker,controller',
    port: options.port === undefined ? ports[index]! : options.port + index,
    controllerPort: ports[count + index]!,
  }))
  const files = nodes.map((node, index) => {
    const rack = options.racks?.[index]
    const configs = { ...options.configs, ...(rack !== undefined && { 'broker.rack': rack }) }
    const path = join(folder, `node-${node.id}.properties`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, nodeProperties(node, { nodes, folder, configs }))
    return path
  })
  await Promise.all(files.map(file => formatStorage(file)))
  const startedAtMs = Date.now()
  const processes = files.map(file => kafkaProcess(jvmFlags, file))
  const cluster = running(nodes, processes, folder, options.dataFolder === undefined)
  try {
    if (options.doNotWait !== true)
      await Promise.all(processes.map(process => process.line(/Kafka Server started/, 90_000)))
  } catch (error) {
    // Rethrown: nobody else knows of the processes that did start.
    await cluster.kill()
    throw error
  }
  return { ...cluster, startedAtMs }
}

function running(
  nodes: readonly KafkaNode[],
  processes: readonly RunningCommand[],
  folder: string,
  temporary: boolean,
): Omit<RunningCluster, 'startedAtMs'> {
  const end = async (signal: NodeJS.Signals) => {
    await Promise.all(processes.map(process => process.end(signal, 15_000)))
  }
  return {
    kind: 'apache',
    bootstrap: nodes.map(node => `127.0.0.1:${node.port}`).join(','),
    processIds: processes.map(process => process.processId),
    logFolders: nodes.map(node => join(folder, `data-${node.id}`)),
    stop: async () => {
      await end('SIGTERM')
      if (temporary) rmSync(folder, { recursive: true, force: true })
    },
    kill: () => end('SIGKILL'),
    words: () => processes.map(process => process.output() + process.errors()).join('\n'),
  }
}

/** Ready when it writes `Kafka Server started`. */
export function kafkaProcess(flags: readonly string[], propertiesFile: string): RunningCommand {
  return startCommand('java', [...javaArguments([...flags]), 'kafka.Kafka', propertiesFile])
}

/** To be done before a node's first start. */
export async function formatStorage(file: string, more: readonly string[] = []): Promise<void> {
  const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  const command = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file, ...more]
  await runChecked('java', [...javaArguments(flags), ...command, '--ignore-formatted'])
}

/** What its server.properties say. */
export function nodeProperties(
  node: KafkaNode,
  cluster: {
    readonly nodes: readonly KafkaNode[]
    readonly folder: string
    readonly configs: Readonly<Record<string, string>>
  },
): string {
  const voters = cluster.nodes.filter(({ role }) => role !== 'broker')
  const brokerCount = cluster.nodes.filter(({ role }) => role !== 'controller').length
  const internal = String(Math.min(brokerCount, 3))
  const inSync = brokerCount >= 3 ? '2' : '1'
  const entries: Record<string, string> = {
    'process.roles': node.role,
    'node.id': String(node.id),
    'controller.quorum.voters': voters
      .map(({ id, port, controllerPort }) => `${id}@127.0.0.1:${controllerPort ?? port}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    ...listeners(node),
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(cluster.folder, `data-${node.id}`),
    'offsets.topic.replication.factor': internal,
    'transaction.state.log.replication.factor': internal,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': internal,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': '0',
    ...cluster.configs,
  }
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

function listeners({ role, port, controllerPort }: KafkaNode): Record<string, string> {
  if (role === 'controller') return { listeners: `CONTROLLER://127.0.0.1:${port}` }
  const plain = `PLAINTEXT://127.0.0.1:${port}`
  const quorum = role === 'broker' ? '' : `,CONTROLLER://127.0.0.1:${controllerPort}`
  return { listeners: plain + quorum, 'advertised.listeners': plain }
}
