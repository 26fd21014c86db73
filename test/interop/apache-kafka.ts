/** A real Apache Kafka of one or three combined nodes, in a temporary folder, on free ports. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecked, startCommand, type RunningCommand } from './run-command.ts'
import { freePorts, type ClusterOptions, type RunningCluster } from './running-cluster.ts'
import { javaArguments } from './setup/java.ts'

const clusterId = 'b2RyYWRlay1pbnRlcm9wMQ'
const jvmFlags = ['-Xmx1G', '-Xms512M', '-XX:+UseG1GC', '-Djava.awt.headless=true']

export async function startApacheKafka(options: ClusterOptions = {}): Promise<RunningCluster> {
  const count = options.brokers ?? 1
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'apache-kafka-'))
  const ports = await freePorts(count * 2)
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    port: options.port === undefined ? ports[index]! : options.port + index,
    controllerPort: ports[count + index]!,
  }))
  const voters = nodes.map(node => `${node.id}@127.0.0.1:${node.controllerPort}`).join(',')
  const files = nodes.map(node => {
    const path = join(folder, `node-${node.id}.properties`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, properties(node, { voters, folder, count, configs: options.configs ?? {} }))
    return path
  })
  await Promise.all(files.map(format))
  const startedAtMs = Date.now()
  const processes = files.map(file =>
    startCommand('java', [...javaArguments(jvmFlags), 'kafka.Kafka', file]),
  )
  if (options.doNotWait !== true)
    await Promise.all(processes.map(process => process.line(/Kafka Server started/, 90_000)))
  const temporary = options.dataFolder === undefined
  return { ...running(nodes, processes, folder, temporary), startedAtMs }
}

function running(
  nodes: readonly { id: number; port: number }[],
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

async function format(file: string): Promise<void> {
  const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  const command = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file]
  await runChecked('java', [...javaArguments(flags), ...command, '--ignore-formatted'])
}

function properties(
  node: { id: number; port: number; controllerPort: number },
  cluster: {
    voters: string
    folder: string
    count: number
    configs: Readonly<Record<string, string>>
  },
): string {
  const internal = String(Math.min(cluster.count, 3))
  const inSync = cluster.count >= 3 ? '2' : '1'
  const plain = `127.0.0.1:${node.port}`
  const entries: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': cluster.voters,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${plain},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${plain}`,
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
