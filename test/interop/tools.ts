/** Short ways to call each client; all of them run as processes of their own. */
import { existsSync, renameSync } from 'node:fs'
import { Kafka, logLevel, type Admin } from 'kafkajs'
import {
  CommandFailed,
  runChecked,
  runCommand,
  startCommand,
  type CommandOptions,
  type CommandResult,
  type RunningCommand,
} from './run-command.ts'
import type { RunningCluster } from './running-cluster.ts'
import { cacheFolder, interopFile } from './setup/cache.ts'
import { goProgram } from './setup/go.ts'
import { apacheKafkaVersion, javaArguments } from './setup/java.ts'
import { pythonCommand } from './setup/python.ts'

/** Small and quick to start: a tool's whole life is a second. */
const toolFlags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xlog:disable']

/** kcat with `-b` set; a status other than 0 is thrown. */
export async function kcatRun(
  cluster: RunningCluster,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return await runChecked('kcat', ['-b', cluster.bootstrap, ...args], options)
}

export function kcatStart(cluster: RunningCluster, args: readonly string[]): RunningCommand {
  return startCommand('kcat', ['-b', cluster.bootstrap, ...args])
}

/** One of Apache Kafka's tools by its class below `org.apache.kafka.tools`, or its full name. */
export async function javaTool(
  tool: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const command = [className(tool), ...args]
  const archive = classArchive()
  if (existsSync(archive)) {
    const shared = [...toolFlags, `-XX:SharedArchiveFile=${archive}`]
    return await runCommand('java', [...javaArguments(shared), ...command], options)
  }
  // Loaded classes kept in a file make every later tool start a third sooner.
  const part = `${archive}.${process.pid}`
  const archiving = [...toolFlags, `-XX:ArchiveClassesAtExit=${part}`]
  const result = await runCommand('java', [...javaArguments(archiving), ...command], options)
  if (existsSync(part)) renameSync(part, archive)
  return result
}

/** Like {@link javaTool}, but a status other than 0 is thrown. */
export async function javaToolChecked(
  tool: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await javaTool(tool, args, options)
  if (result.status !== 0) throw new CommandFailed(result)
  return result
}

export function javaToolStart(tool: string, args: readonly string[]): RunningCommand {
  return startCommand('java', [...javaArguments(toolFlags), className(tool), ...args])
}

/** A script of test/interop/python; its JSON lines. */
export async function pythonRun(script: string, args: readonly string[]): Promise<any[]> {
  const path = interopFile('python', script)
  return jsonLines((await runChecked(pythonCommand, [path, ...args])).stdout)
}

/** A command of the Go program; its JSON lines. */
export async function goRun(args: readonly string[]): Promise<any[]> {
  return jsonLines((await runChecked(goProgram(), args)).stdout)
}

export function jsonLines(text: string): any[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

/** Set-up only: a topic, made through kafkajs. */
export async function createTopic(
  cluster: RunningCluster,
  topic: string,
  options: {
    partitions?: number
    factor?: number
    configs?: Readonly<Record<string, string>>
  } = {},
): Promise<void> {
  const configEntries = Object.entries(options.configs ?? {}).map(([name, value]) => ({
    name,
    value,
  }))
  const numPartitions = options.partitions ?? 1
  const replicationFactor = options.factor ?? 1
  await withAdmin(cluster, async admin => {
    await admin.createTopics({
      topics: [{ topic, numPartitions, replicationFactor, configEntries }],
      waitForLeaders: false,
    })
    await untilLed(() => admin.fetchTopicMetadata({ topics: [topic] }))
  })
}

export async function deleteTopic(cluster: RunningCluster, topic: string): Promise<void> {
  await withAdmin(cluster, admin => admin.deleteTopics({ topics: [topic] }))
}

async function withAdmin(
  cluster: RunningCluster,
  work: (admin: Admin) => Promise<void>,
): Promise<void> {
  const kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** A broker answers that a topic is unknown until it has heard of it: ask until every one leads. */
async function untilLed(
  fetch: () => Promise<{ topics: { partitions: { leader: number }[] }[] }>,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const { topics } = await fetch()
      if (topics.every(each => each.partitions.every(partition => partition.leader >= 0))) return
    } catch (error) {
      if (attempt >= 200) throw error
    }
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

function classArchive(): string {
  return cacheFolder(`apache-kafka-${apacheKafkaVersion}`, 'tools.jsa')
}

function className(tool: string): string {
  return tool.startsWith('kafka.') || tool.startsWith('org.')
    ? tool
    : `org.apache.kafka.tools.${tool}`
}
