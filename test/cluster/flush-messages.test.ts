/** Brokers in this very thread, so that a test can hold what their disks do. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Broker } from '../../engine/broker/broker.ts'
import { createClient, type Client } from '../../engine/client/client.ts'
import { ControllerNode } from '../../engine/controller-node/controller-node.ts'
import type { Logger } from '../../engine/ports/logger.ts'
import type { Address } from '../../engine/ports/network.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../engine/protocol/messages/alter-partition-reassignments.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { NodeDisk } from '../../engine/runtime/node-disk.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { nodeRandom } from '../../engine/runtime/node-random.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const moveApi = {
  request: alterPartitionReassignmentsRequest,
  response: alterPartitionReassignmentsResponse,
}
const produceApi = { request: produceRequest, response: produceResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
const BY_NAME = { versionMax: 12 }
const PATIENCE = { timeout: 20_000, interval: 20 }
const clusterId = 'b2RyYWRlay1mbHVzaGVzMQ'
const silent: Logger = { info() {}, warn() {}, error() {} }

/** A disk whose device works only when it may, and counts what it is asked for. */
class HeldDisk extends NodeDisk {
  flushes = 0
  hold: Promise<void> | null = null
  isBroken = false

  override open(path: string) {
    const file = super.open(path)
    const flushAside = file.flushAside.bind(file)
    file.flushAside = async () => {
      this.flushes++
      // Begun at once, as the port asks for: the file may be closed while it waits.
      const flushed = flushAside()
      await this.hold
      if (this.isBroken) throw new OperationalError(`${path}: the device reports an error (EIO)`)
      await flushed
    }
    return file
  }
}

let folder: string
let controller: ControllerNode
let brokers: { readonly broker: Broker; readonly disk: HeldDisk }[]
const clients: Client[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-test-'))
  brokers = []
  controller = await ControllerNode.start({
    nodeId: 3000,
    clusterId,
    folderPath: join(folder, 'controller-3000'),
    address: anywhere(),
    voters: [3000],
    staticConfigs: new Map(),
    brokersAreDown: true,
    ...machine(new NodeDisk()),
  })
  const addresses = new Map([[3000, controller.address]])
  controller.knowQuorum(addresses)
  for (const brokerId of [1, 2]) {
    const disk = new HeldDisk()
    const broker = await Broker.start({
      brokerId,
      clusterId,
      folderPath: join(folder, `broker-${brokerId}`),
      address: anywhere(),
      rack: null,
      controllerAddresses: () => addresses,
      staticConfigs: new Map(Object.entries({ 'node.id': String(brokerId) })),
      ...machine(disk),
    })
    brokers.push({ broker, disk })
  }
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const { broker, disk } of brokers) {
    disk.hold = null
    await broker.stop()
  }
  await controller.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a topic with flush.messages=1', () => {
  test('answers twenty producers after two flushes, and none before the first', async () => {
    await createTopic([1])
    const release = holdDisk(1)
    const { disk } = brokers[0]!
    const answers: string[] = []
    const producing = Array.from({ length: 20 }, (_, n) =>
      produce(`record ${n}`, { acks: 1 }).then(error => answers.push(error)),
    )
    await vi.waitFor(async () => expect(await logEndOf(1)).toBe(20n), PATIENCE)
    expect(answers).toEqual([])
    expect(await readTexts()).toEqual([])
    expect(disk.flushes).toBe(1)

    release()
    await Promise.all(producing)
    expect(new Set(answers)).toEqual(new Set(['NONE']))
    expect(disk.flushes).toBe(2)
    expect(await readTexts()).toHaveLength(20)
  })

  test('commits what the follower has on its disk too, and no earlier', async () => {
    await createTopic([1, 2])
    const release = holdDisk(2)
    let answer = 'none'
    const producing = produce('record', { acks: -1 }).then(error => (answer = error))
    await vi.waitFor(async () => expect(await logEndOf(2)).toBe(1n), PATIENCE)
    await vi.waitFor(() => expect(brokers[0]!.disk.flushes).toBe(1), PATIENCE)
    expect(answer).toBe('none')
    expect(await readTexts()).toEqual([])
    release()
    await producing
    expect(answer).toBe('NONE')
    expect(brokers[1]!.disk.flushes).toBe(1)
    expect(await readTexts()).toEqual(['record'])
  })

  test('commits nothing that its leader has not on its disk, whoever else has', async () => {
    await createTopic([1, 2])
    const release = holdDisk(1)
    const producing = produce('record', { acks: -1 })
    await vi.waitFor(() => expect(brokers[1]!.disk.flushes).toBe(1), PATIENCE)
    await vi.waitFor(async () => expect(await fetchedTo()).toBe(1n), PATIENCE)
    expect(await readTexts()).toEqual([])
    release()
    expect(await producing).toBe('NONE')
    expect(await readTexts()).toEqual(['record'])
  })

  test('is told that its leader is another one, when that happened before the flush', async () => {
    await createTopic([1, 2])
    const release = holdDisk(1)
    const producing = [produce('record', { acks: -1 }), produce('record', { acks: 1 })]
    await vi.waitFor(async () => expect(await fetchedTo()).toBe(2n), PATIENCE)
    const partitions = [{ partitionIndex: 0, replicas: [2] }]
    const moved = await client().request({ type: 'controller' }, moveApi, {
      timeoutMs: 10_000,
      topics: [{ name: 't', partitions }],
    })
    expect(moved.responses[0]?.partitions[0]?.errorCode).toBe(0)
    const roleOf = ({ broker }: { broker: Broker }) => broker.inspection.replicas('t')[0]?.role
    await vi.waitFor(() => expect(brokers.map(roleOf)).toEqual([undefined, 'leader']), PATIENCE)
    release()
    for (const answer of producing) expect(await answer).toBe('NOT_LEADER_OR_FOLLOWER')
  })

  test('refuses records with KAFKA_STORAGE_ERROR from the first flush that fails', async () => {
    await createTopic([1])
    brokers[0]!.disk.isBroken = true
    expect(await produce('lost', { acks: 1 })).toBe('KAFKA_STORAGE_ERROR')
    brokers[0]!.disk.isBroken = false
    for (const acks of [1, -1]) expect(await produce('lost', { acks })).toBe('KAFKA_STORAGE_ERROR')
    expect(await readTexts()).toEqual([])
  })
})

function holdDisk(brokerId: number): () => void {
  const held = Promise.withResolvers<void>()
  brokers[brokerId - 1]!.disk.hold = held.promise
  return held.resolve
}

async function createTopic(brokerIds: readonly number[]): Promise<void> {
  const { topics } = await client().request({ type: 'controller' }, createApi, {
    topics: [
      {
        name: 't',
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds }],
        configs: [{ name: 'flush.messages', value: '1' }],
      },
    ],
    timeoutMs: 10_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
  await vi.waitFor(async () => {
    for (const id of brokerIds) expect(await logEndOf(id)).toBe(0n)
  }, PATIENCE)
}

/** Each over a connection of its own, as twenty producers. */
async function produce(text: string, { acks }: { readonly acks: number }): Promise<string> {
  const records = buildBatch({
    records: [{ timestampMs: BigInt(Date.now()), key: null, value: Buffer.from(text) }],
  })
  const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
  const { responses } = await client().request(
    { type: 'leader', topic: 't', partition: 0 },
    produceApi,
    { transactionalId: null, acks, timeoutMs: 15_000, topicData },
    { ...BY_NAME, timeoutMs: 20_000 },
  )
  return errorName(responses[0]!.partitionResponses[0]!.errorCode)
}

/** What a consumer is given. */
async function readTexts(): Promise<string[]> {
  const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }]
  const { responses } = await client().request(
    { type: 'leader', topic: 't', partition: 0 },
    fetchApi,
    { maxWaitMs: 0, minBytes: 0, isolationLevel: 0, topics: [{ topic: 't', partitions }] },
    BY_NAME,
  )
  const records = readAllRecords(responses[0]!.partitions[0]!.records ?? new Uint8Array(0))
  return [...records].map(({ value }) => Buffer.from(value ?? []).toString())
}

async function logEndOf(brokerId: number): Promise<bigint | undefined> {
  return brokers[brokerId - 1]!.broker.inspection.replicas('t')[0]?.logEndOffset
}

/** How far the leader knows its follower to be. */
async function fetchedTo(): Promise<bigint | undefined> {
  return brokers[0]!.broker.inspection.replicas('t')[0]?.followers[0]?.logEndOffset
}

function client(): Client {
  const bootstrap = brokers.map(({ broker }) => broker.address)
  const opened = createClient({ network: nodeNetwork, clock: nodeClock, bootstrap, clientId: 't' })
  clients.push(opened)
  return opened
}

function machine<D extends NodeDisk>(disk: D) {
  const [network, clock, random, logger] = [nodeNetwork, nodeClock, nodeRandom, silent]
  return { disk, network, clock, random, logger }
}

function anywhere(): Address {
  return { host: '127.0.0.1', port: 0 }
}
