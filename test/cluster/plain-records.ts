/** Text in and out of topics of one partition, without groups and retries. */
import { createClient, type Client } from '../../engine/client/client.ts'
import type { Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { errorCode, errorName, KafkaError } from '../../engine/protocol/errors.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const produceApi = { request: produceRequest, response: produceResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
/** The newest versions that name topics by name. */
const versionMax = 12

/**
 * Writes the values with acks=all, to a topic that is created where there is none. Throws what the
 * cluster answers, and when it does not.
 */
export async function produceTexts(
  cluster: Cluster,
  topic: string,
  texts: readonly string[],
  { replicationFactor = 1, timeoutMs = 5_000 } = {},
): Promise<void> {
  await withClient(cluster, async client => {
    const created = { name: topic, numPartitions: 1, replicationFactor, assignments: [] }
    const { topics } = await client.request(
      { type: 'any' },
      createApi,
      { topics: [{ ...created, configs: [] }], timeoutMs },
      { timeoutMs },
    )
    const exists = topics[0]?.errorCode === errorCode('TOPIC_ALREADY_EXISTS')
    if (!exists) demandNone(topics[0]?.errorCode, `create ${topic}`)
    const records = buildBatch({
      records: texts.map(text => ({
        timestampMs: BigInt(Date.now()),
        key: null,
        value: Buffer.from(text),
      })),
    })
    const { responses } = await client.request(
      { type: 'leader', topic, partition: 0 },
      produceApi,
      {
        transactionalId: null,
        acks: -1,
        timeoutMs,
        topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
      },
      { versionMax, timeoutMs },
    )
    demandNone(responses[0]?.partitionResponses[0]?.errorCode, `produce to ${topic}`)
  })
}

export function readTexts(cluster: Cluster, topic: string): Promise<string[]> {
  return withClient(cluster, async client => {
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }]
    const { responses } = await client.request(
      { type: 'leader', topic, partition: 0 },
      fetchApi,
      { maxWaitMs: 100, minBytes: 1, isolationLevel: 0, topics: [{ topic, partitions }] },
      { versionMax },
    )
    const answer = responses[0]?.partitions[0]
    demandNone(answer?.errorCode, `fetch from ${topic}`)
    const records = readAllRecords(answer?.records ?? new Uint8Array(0))
    return [...records].map(({ value }) => Buffer.from(value ?? []).toString())
  })
}

async function withClient<T>(cluster: Cluster, work: (client: Client) => Promise<T>): Promise<T> {
  const running = cluster.brokers.filter(({ state }) => state === 'running')
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: running.map(({ address }) => address),
    clientId: 'test',
  })
  try {
    return await work(client)
  } finally {
    client.close()
  }
}

function demandNone(code: number | undefined, what: string): void {
  if (code !== 0) throw new KafkaError(errorName(code ?? -1), what)
}
