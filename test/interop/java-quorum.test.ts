import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cluster } from '../../engine/cluster/cluster.ts'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import { ControllerNode } from '../../engine/controller-node/controller-node.ts'
import type { Address } from '../../engine/ports/network.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { NodeDisk } from '../../engine/runtime/node-disk.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { nodeRandom } from '../../engine/runtime/node-random.ts'
import { startClusterUnderTest } from './cluster-under-test.ts'
import { java } from './setup/java.ts'
import { createTopic, javaTool, javaToolChecked } from './tools.ts'

const NEW_ID = 3003
const found = await java.find()
let cluster: Cluster
let folder: string
let joining: ControllerNode

/** Apache Kafka's own tool changes who votes in a quorum of ours. */
describe.skipIf(found === null)('MetadataQuorumCommand', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'odradek-quorum-'))
    cluster = await startCluster({ brokers: 1, controllers: 3, ports: [0] })
    joining = await startController()
  })
  afterAll(async () => {
    await joining?.close()
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('describes leader, voters and an observer that keeps up', async () => {
    const status = await quorum('describe', '--status')
    expect(status).toContain(`ClusterId:              ${cluster.clusterId}`)
    expect(status).toMatch(/LeaderId: +300[0-2]/)
    for (const { nodeId } of cluster.controllers) expect(status).toContain(`"id": ${nodeId}`)
    await expect
      .poll(() => quorum('describe', '--replication'), { timeout: 20_000 })
      .toMatch(new RegExp(`^${NEW_ID}\\s.*Observer`, 'm'))
  })

  test('add-controller makes the observer a voter, once', async () => {
    const added = await quorum('--command-config', properties(), 'add-controller')
    expect(added).toContain(`Added controller ${NEW_ID} with directory id ${joining.directoryId}`)
    expect(await roleOf(NEW_ID)).toMatch(/Follower/)
    const again = await javaTool('MetadataQuorumCommand', [
      ...to(),
      '--command-config',
      properties(),
      'add-controller',
    ])
    expect(again.status).toBe(1)
    expect(again.stdout + again.stderr).toContain('DuplicateVoterException')
  })

  test('remove-controller takes its vote away, once', async () => {
    const which = [
      '--controller-id',
      String(NEW_ID),
      '--controller-directory-id',
      joining.directoryId,
    ]
    const removed = await quorum('remove-controller', ...which)
    expect(removed).toMatch(new RegExp(`Removed +KRaft controller ${NEW_ID} with directory id`))
    expect(await roleOf(NEW_ID)).toMatch(/Observer/)
    // Through a broker, which passes it on.
    const broker = ['--bootstrap-server', cluster.bootstrap]
    const again = await javaTool('MetadataQuorumCommand', [
      ...broker,
      'remove-controller',
      ...which,
    ])
    expect(again.status).toBe(1)
    expect(again.stdout + again.stderr).toContain('VoterNotFoundException')
  })
})

describe.skipIf(found === null)('a node that is broker and controller', () => {
  test('is a voter, and no observer', async () => {
    const combined = await startClusterUnderTest({ brokers: 1, combined: true })
    try {
      // Until its broker's own fetches would have been noted.
      await createTopic(combined, 'seen')
      const status = await javaToolChecked('MetadataQuorumCommand', [
        '--bootstrap-server',
        combined.bootstrap,
        'describe',
        '--status',
      ])
      expect(status.stdout).toMatch(/^CurrentVoters: +\[\{"id": 1, /m)
      expect(status.stdout).toMatch(/^CurrentObservers: +\[\]$/m)
    } finally {
      await combined.stop()
    }
  })
})

/** A controller of this process that nobody has given a vote. */
async function startController(): Promise<ControllerNode> {
  const addresses = new Map<number, Address>(
    cluster.controllers.map(({ nodeId, address }) => [nodeId, address]),
  )
  const node = await ControllerNode.start({
    nodeId: NEW_ID,
    clusterId: cluster.clusterId,
    folderPath: join(folder, 'controller'),
    address: { host: '127.0.0.1', port: 0 },
    voters: [...addresses.keys()],
    staticConfigs: new Map(),
    disk: new NodeDisk(),
    network: nodeNetwork,
    clock: nodeClock,
    random: nodeRandom,
    logger: { info() {}, warn() {}, error() {} },
    brokersAreDown: false,
  })
  node.knowQuorum(addresses.set(NEW_ID, node.address))
  return node
}

/** What the new controller was started with, as Apache Kafka's configuration file says it. */
function properties(): string {
  const path = join(folder, 'controller.properties')
  const { host, port } = joining.address
  const lines = [
    'process.roles=controller',
    `node.id=${NEW_ID}`,
    'controller.listener.names=CONTROLLER',
    `listeners=CONTROLLER://${host}:${port}`,
    `advertised.listeners=CONTROLLER://${host}:${port}`,
    `controller.quorum.bootstrap.servers=${to()[1]}`,
    `log.dirs=${join(folder, 'controller')}`,
  ]
  writeFileSync(path, lines.join('\n'))
  return path
}

function to(): string[] {
  const { host, port } = cluster.controllers[0]!.address
  return ['--bootstrap-controller', `${host}:${port}`]
}

async function quorum(...args: string[]): Promise<string> {
  const result = await javaToolChecked('MetadataQuorumCommand', [...to(), ...args])
  return result.stdout
}

async function roleOf(nodeId: number): Promise<string | undefined> {
  const replication = await quorum('describe', '--replication')
  return replication
    .split('\n')
    .find(line => line.startsWith(`${nodeId}\t`) || line.startsWith(`${nodeId} `))
}
