/**
 * How fast topics are created one by one: each is a decision of the quorum that a majority has to have
 * on disk. From one client, and from several at once on connections of their own.
 *
 *     node test/bench/topic-creation.ts [--count 300] [--clients 16]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ClientConnection } from '../../engine/client/client-connection.ts'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'

const api = { request: createTopicsRequest, response: createTopicsResponse }
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    clients: { type: 'string', default: '16' },
  },
})
const count = Number(values.count)

const dataDir = mkdtempSync(join(tmpdir(), 'odradek-creations-'))
const cluster = await startCluster({ brokers: 3, dataDir, ports: [0, 0, 0] })
try {
  await measure('warm', 1, 30)
  for (const clients of [1, Number(values.clients)]) await measure('one by one', clients, count)
} finally {
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function measure(name: string, clients: number, topics: number): Promise<void> {
  const connections = await Promise.all(
    Array.from({ length: clients }, (_, index) => connect(cluster.brokers[index % 3]!.address)),
  )
  let next = 0
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  await Promise.all(
    connections.map(async connection => {
      while (next < topics) await create(connection, `${name}-${clients}-${next++}`)
    }),
  )
  const seconds = (performance.now() - startMs) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  for (const connection of connections) connection.close()
  console.log(
    `${name}, ${clients} clients: ${Math.round(topics / seconds)} topics/s, ` +
      `${((user + system) / 1_000 / topics).toFixed(2)} ms of CPU each`,
  )
}

function connect(address: { readonly host: string; readonly port: number }) {
  return ClientConnection.open({
    network: nodeNetwork,
    clock: nodeClock,
    address,
    clientId: 'topic-creation',
    software: { name: 'odradek-bench', version: '1' },
    connectTimeoutMs: 5_000,
  })
}

async function create(connection: ClientConnection, topic: string): Promise<void> {
  const name = topic.replaceAll(' ', '-')
  const answer = await connection.request(api, {
    topics: [{ name, numPartitions: 1, replicationFactor: 3, assignments: [], configs: [] }],
    timeoutMs: 30_000,
    validateOnly: false,
  })
  const code = answer.topics[0]?.errorCode
  if (code !== 0) throw new Error(`${name}: error ${code}`)
}
