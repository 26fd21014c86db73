/** Apache Kafka with a quorum whose voters may change (KIP-853): a process for each node. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeRandom } from '../../../engine/runtime/node-random.ts'
import { formatStorage, kafkaProcess, nodeProperties, type KafkaNode } from '../apache-kafka.ts'
import type { RunningCommand } from '../run-command.ts'
import { freePorts } from '../running-cluster.ts'
import { BROKER_ID, type ChangingQuorum, type QuorumOptions } from './changing-quorum.ts'
import { addVoter, quorumAt, removeVoter } from './quorum-eye.ts'

const heapFlags = ['-Xmx256M', '-Xms64M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const START_MS = 60_000

interface Node {
  readonly file: string
  readonly port: number
  readonly directoryId: string
  process: RunningCommand | null
}

export async function startApacheQuorum(options: QuorumOptions): Promise<ChangingQuorum> {
  const folder = mkdtempSync(join(tmpdir(), 'apache-kafka-'))
  const { voterIds } = options
  const spare = 2
  const ports = await freePorts(1 + voterIds.length + spare)
  const ids = [BROKER_ID, ...voterIds]
  for (let extra = 1; extra <= spare; extra++) ids.push(voterIds.at(-1)! + extra)
  const bootstrap = ids
    .slice(1)
    .map(id => `127.0.0.1:${ports[ids.indexOf(id)]}`)
    .join(',')
  const nodes = new Map(ids.map((id, index) => [id, makeNode(id, ports[index]!)]))
  const initial = voterIds
    .map(id => `${id}@127.0.0.1:${nodes.get(id)!.port}:${nodes.get(id)!.directoryId}`)
    .join(',')
  mkdirSync(folder, { recursive: true })
  const format = async (id: number) => {
    const how = voterIds.includes(id)
      ? ['--initial-controllers', initial]
      : ['--no-initial-controllers']
    await formatStorage(nodes.get(id)!.file, id === BROKER_ID ? ['--no-initial-controllers'] : how)
  }
  await Promise.all([BROKER_ID, ...voterIds].map(format))

  function makeNode(id: number, port: number): Node {
    const role = id === BROKER_ID ? 'broker' : 'controller'
    const node: KafkaNode = { id, role, port }
    const broker: KafkaNode = { id: BROKER_ID, role: 'broker', port: ports[0]! }
    const file = join(folder, `node-${id}.properties`)
    const text = nodeProperties(node, {
      nodes: [broker, node],
      folder,
      configs: {},
    })
    const lines = text.split('\n').filter(line => !line.startsWith('controller.quorum.voters='))
    writeFileSync(file, [...lines, `controller.quorum.bootstrap.servers=${bootstrap}`].join('\n'))
    return { file, port, directoryId: nodeRandom.uuid(), process: null }
  }
  const nodeOf = (id: number) => nodes.get(id)!
  const start = async (id: number) => {
    const node = nodeOf(id)
    node.process = kafkaProcess(heapFlags, node.file)
    await node.process.line(/Kafka Server started/, START_MS)
  }
  await Promise.all([BROKER_ID, ...voterIds].map(start))
  let nextId = voterIds.at(-1)! + 1
  const addressOf = (id: number) => `127.0.0.1:${nodeOf(id).port}`
  const idsRunning = () => [...nodes.keys()].filter(id => id !== BROKER_ID && nodeOf(id).process)
  const named = (id: number) => ({ id, directoryId: directoryIn(join(folder, `data-${id}`)) })
  return {
    bootstrap: addressOf(BROKER_ID),
    controllerAddress: addressOf,
    add: async () => {
      const id = nextId++
      await format(id)
      await start(id)
      const voter = { ...named(id), listensOn: addressOf(id) }
      await untilDone(idsRunning().map(addressOf), leader => addVoter(leader, voter))
      return id
    },
    remove: async id => {
      const voter = named(id)
      await untilDone(idsRunning().map(addressOf), leader => removeVoter(leader, voter))
      await nodeOf(id).process?.end('SIGTERM', 30_000)
      nodeOf(id).process = null
    },
    fail: async (id, fault) => {
      const { process } = nodeOf(id)
      if (fault === 'kill') await process!.end('SIGKILL')
      else if (fault === 'pause') process!.child.kill('SIGSTOP')
      else await process!.end('SIGTERM', 30_000)
    },
    recover: async (id, fault) => {
      if (fault === 'pause') nodeOf(id).process!.child.kill('SIGCONT')
      else await start(id)
    },
    stop: async () => {
      const running = [...nodes.values()].flatMap(({ process }) => process ?? [])
      for (const process of running) process.child.kill('SIGCONT')
      await Promise.all(running.map(process => process.end('SIGKILL')))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function directoryIn(logFolder: string): string {
  const properties = readFileSync(join(logFolder, 'meta.properties'), 'utf8')
  return /^directory\.id=(.+)$/m.exec(properties)![1]!
}

/** Asks whoever leads, again while an election or another change is under way. */
async function untilDone(
  addresses: readonly string[],
  change: (leader: string) => Promise<string>,
): Promise<void> {
  let said = 'nobody leads'
  for (let attempt = 0; attempt < 100; attempt++) {
    for (const address of addresses) {
      if ((await quorumAt(address))?.error !== 'NONE') continue
      said = await change(address).catch((error: Error) => error.message)
      if (said === 'NONE') return
    }
    await sleep(200)
  }
  throw new Error(said)
}
