/** A small cluster with a page connected to its application, for tests that scan it. */
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch, type BatchInput } from '../../engine/protocol/records/batch-builder.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import type { ItemOf, StreamInputOf, StreamName } from '../../src-main/contract/define.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { SampleControl } from '../../src-main/service/application-handlers.ts'
import {
  createApplicationServer,
  type ApplicationServer,
} from '../../src-main/service/application-server.ts'
import { memoryPorts } from '../src-main/contract/memory-ports.ts'
import { keepsOldRecords } from './old-records.ts'

export const LOCAL = 'local'

export interface SearchedCluster {
  readonly brokers: Cluster
  readonly client: Client
  readonly page: ApplicationClient
  readonly server: ApplicationServer
  create(topic: string, partitions: number, replicationFactor?: number): Promise<void>
  /** Returns the offset of the first record. */
  produce(topic: string, partition: number, batch: BatchInput): Promise<bigint>
  /** The first item of a stream that fits; the stream is closed then. */
  first<N extends StreamName<ApplicationApi>>(
    name: N,
    input: StreamInputOf<ApplicationApi, N>,
    fits: (item: ItemOf<ApplicationApi, N>) => boolean,
  ): Promise<ItemOf<ApplicationApi, N>>
  close(): Promise<void>
}

export async function startSearched(
  dataFolder?: string,
  configs: Readonly<Record<string, string>> = {},
): Promise<SearchedCluster> {
  const folder = dataFolder === undefined ? {} : { dataDir: dataFolder }
  const brokers = await startCluster({
    brokers: 2,
    ports: [0, 0],
    configs: { ...keepsOldRecords, ...configs },
    ...folder,
  })
  const bootstrap = brokers.brokers.map(({ address }) => address)
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap,
    clientId: 'test',
  })
  const clusters = new ClusterRegistry()
  clusters.register(
    { id: LOCAL, name: LOCAL, kind: 'local', colour: '#2f7dd1', readOnly: false, client },
    { state: 'running', bootstrap: brokers.bootstrap, problem: null },
  )
  const server = createApplicationServer({
    clusters,
    sample: noSample,
    wait,
    nowMs: Date.now,
    downloads: true,
    info: () => Promise.reject(new TypeError('not asked for here')),
  })
  const page = connect<ApplicationApi>({
    open: async () => {
      const [here, there] = memoryPorts()
      server.serveFrames(there)
      return here
    },
    wait,
  })
  return {
    brokers,
    client,
    page,
    server,
    first: (name, input, fits) => first(page, name, input, fits),
    create: (topic, partitions, replicationFactor = 1) =>
      create(client, { name: topic, numPartitions: partitions, replicationFactor }),
    produce: (topic, partition, batch) => produce(client, { topic, partition }, batch),
    async close() {
      page.close()
      await server.close()
      clusters.unregister(LOCAL)
      await brokers.stop()
    },
  }
}

const status = { state: 'stopped' } as never
const noSample: SampleControl = {
  status: () => status,
  start: async () => status,
  stop: async () => status,
  remove: async () => status,
  onChange: () => () => {},
}

async function create(
  client: Client,
  topic: {
    readonly name: string
    readonly numPartitions: number
    readonly replicationFactor: number
  },
): Promise<void> {
  const api = { request: createTopicsRequest, response: createTopicsResponse }
  const { topics } = await client.request({ type: 'controller' }, api, {
    topics: [{ ...topic, assignments: [], configs: [] }],
    timeoutMs: 5_000,
    validateOnly: false,
  })
  if (topics[0]?.errorCode !== 0) throw new TypeError(`${topic.name}: ${topics[0]?.errorMessage}`)
  await client.metadata([topic.name])
}

async function produce(
  client: Client,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  batch: BatchInput,
): Promise<bigint> {
  const api = { request: produceRequest, response: produceResponse }
  const records = buildBatch(batch)
  const answer = await client.request(
    { type: 'leader', topic, partition },
    api,
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    },
    { versionMax: 12 },
  )
  const [done] = answer.responses[0]!.partitionResponses
  if (done?.errorCode !== 0) throw new TypeError(`${topic}-${partition}: code ${done?.errorCode}`)
  return done.baseOffset
}

function first<N extends StreamName<ApplicationApi>>(
  page: ApplicationClient,
  name: N,
  input: StreamInputOf<ApplicationApi, N>,
  fits: (item: ItemOf<ApplicationApi, N>) => boolean,
): Promise<ItemOf<ApplicationApi, N>> {
  return new Promise((resolve, reject) => {
    const close = page.stream(name, input, {
      onItem(item) {
        if (!fits(item)) return
        close()
        resolve(item)
      },
      onEnd: problem => reject(new TypeError(problem?.message ?? 'the stream ended')),
    })
  })
}
