/** Apache Kafka with three brokers and three controllers, each a process: signals are its faults. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatStorage, kafkaProcess, type KafkaNode, nodeProperties } from '../apache-kafka.ts'
import type { RunningCommand } from '../run-command.ts'
import { freePorts } from '../running-cluster.ts'
import { BROKER_IDS, CONTROLLER_IDS, timings, type FailingCluster } from './failing-cluster.ts'

/** Six of them share this machine. */
const heapFlags = ['-Xmx384M', '-Xms128M', '-XX:+UseSerialGC', '-Djava.awt.headless=true']
const START_MS = 120_000

export async function startFailingApacheKafka(): Promise<FailingCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'apache-kafka-'))
  const nodes = await nodesOf()
  const files = new Map(nodes.map(node => [node.id, writeProperties(folder, node, nodes)]))
  for (const file of files.values()) await formatStorage(file)
  const startedAtMs = Date.now()
  const processes = new Map<number, RunningCommand>()
  const start = (id: number) => {
    const command = kafkaProcess(heapFlags, files.get(id)!)
    processes.set(id, command)
    return command.line(/Kafka Server started/, START_MS)
  }
  await Promise.all(nodes.map(({ id }) => start(id)))
  const endAll = (signal: NodeJS.Signals) =>
    Promise.all([...processes.values()].map(each => each.end(signal, 15_000)))
  return {
    kind: 'apache',
    bootstrap: nodes
      .filter(({ role }) => role === 'broker')
      .map(({ port }) => `127.0.0.1:${port}`)
      .join(','),
    get processIds() {
      return [...processes.values()].map(each => each.processId)
    },
    startedAtMs,
    logFolders: BROKER_IDS.map(id => join(folder, `data-${id}`)),
    async fail(id, fault) {
      const command = processes.get(id)!
      if (fault === 'kill') await command.end('SIGKILL')
      else if (fault === 'pause') command.child.kill('SIGSTOP')
      else await command.end('SIGTERM', 60_000)
    },
    async recover(id, fault) {
      if (fault === 'pause') processes.get(id)!.child.kill('SIGCONT')
      else await start(id)
    },
    async stop() {
      // A stopped process hears of SIGTERM when it goes on.
      for (const each of processes.values()) each.child.kill('SIGCONT')
      await endAll('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
    kill: async () => void (await endAll('SIGKILL')),
    words: () => [...processes.values()].map(each => each.output().slice(-2_000)).join('\n'),
  }
}

async function nodesOf(): Promise<readonly KafkaNode[]> {
  const ids = [...BROKER_IDS, ...CONTROLLER_IDS]
  const ports = await freePorts(ids.length)
  return ids.map((id, index) => ({
    id,
    port: ports[index]!,
    role: CONTROLLER_IDS.includes(id) ? 'controller' : 'broker',
  }))
}

function writeProperties(folder: string, node: KafkaNode, nodes: readonly KafkaNode[]): string {
  const path = join(folder, `node-${node.id}.properties`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, nodeProperties(node, { nodes, folder, configs: timings }))
  return path
}
