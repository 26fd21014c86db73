/**
 * What the pages are measured with: very many topics, and one topic with very many records. Written
 * through the engine's own client, in whole requests and whole batches, so that the writing takes
 * seconds.
 */
import { createClient, type Client } from '../../engine/client/client.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import type { Codec } from '../../engine/protocol/records/compression.ts'
import { setInt64At } from '../../engine/protocol/records/bytes.ts'
import { stampCrc } from '../../engine/protocol/records/record-batch.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const produceApi = { request: produceRequest, response: produceResponse }
const TOPICS_PER_REQUEST = 200
const BATCH_RECORDS = 5_000
/** Distinct batches; the rest repeat their bytes at other times. */
const TEMPLATES = 20
const REQUESTS_IN_FLIGHT = 4
const BASE_TIMESTAMP_POSITION = 27
const MAX_TIMESTAMP_POSITION = 35
/** Later versions name topics by their ids alone. */
const NAMED_VERSION_MAX = 12

export function clientOf(bootstrap: string): Client {
  return createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: bootstrap.split(',').map(address => {
      const [host = '', port] = address.split(':')
      return { host, port: Number(port) }
    }),
    clientId: 'bench',
  })
}

export async function createTopics(
  client: Client,
  names: readonly string[],
  partitions: number,
): Promise<void> {
  for (let at = 0; at < names.length; at += TOPICS_PER_REQUEST) {
    const answer = await client.request({ type: 'controller' }, createApi, {
      topics: names.slice(at, at + TOPICS_PER_REQUEST).map(name => ({
        name,
        numPartitions: partitions,
        replicationFactor: 1,
        assignments: [],
        configs: [],
      })),
      timeoutMs: 60_000,
      validateOnly: false,
    })
    for (const { name, errorCode, errorMessage } of answer.topics)
      if (errorCode !== 0)
        throw new OperationalError(`topic ${name}: ${errorMessage ?? `error ${errorCode}`}`)
  }
}

export interface Fill {
  readonly topic: string
  readonly records: number
  readonly valueBytes: number
  readonly compression: Codec
  /** Of the first record; each later one is a millisecond younger. */
  readonly firstTimestampMs: bigint
}

/** Fills partition 0. Record n has the offset n, where the partition was empty. */
export async function fill(client: Client, options: Fill): Promise<void> {
  const { topic, records, firstTimestampMs } = options
  const templates = Array.from({ length: TEMPLATES }, (_, index) => template(options, index))
  const open = new Set<Promise<void>>()
  await client.metadata([topic])
  for (let batch = 0; batch < records / BATCH_RECORDS; batch++) {
    const atMs = firstTimestampMs + BigInt(batch * BATCH_RECORDS)
    const sent = produceBatch(client, topic, moved(templates[batch % TEMPLATES]!, atMs))
    const settled: Promise<void> = sent.finally(() => open.delete(settled))
    open.add(settled)
    if (open.size >= REQUESTS_IN_FLIGHT) await Promise.race(open)
  }
  await Promise.all(open)
}

export async function produceBatch(
  client: Client,
  topic: string,
  records: Uint8Array,
): Promise<void> {
  const answer = await client.request(
    { type: 'leader', topic, partition: 0 },
    produceApi,
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
    },
    { versionMax: NAMED_VERSION_MAX },
  )
  const code = answer.responses[0]?.partitionResponses[0]?.errorCode
  if (code !== 0) throw new OperationalError(`${topic}-0: a batch is answered with error ${code}`)
}

function template({ valueBytes, compression }: Fill, index: number): Uint8Array {
  return buildBatch({
    compression,
    records: Array.from({ length: BATCH_RECORDS }, (_, record) => {
      const order = index * BATCH_RECORDS + record
      const text = `{"order":${order},"customer":"c-${(order * 7919) % 10_000}","cents":${(order * 104_729) % 99_999},"note":"`
      return {
        timestampMs: BigInt(record),
        key: null,
        value: Buffer.from(`${text.padEnd(valueBytes - 2, '.')}"}`),
      }
    }),
  })
}

/** A batch's records keep their distances in time: only its header says when the first one was. */
function moved(batch: Uint8Array, atMs: bigint): Uint8Array {
  const copy = new Uint8Array(batch)
  setInt64At(copy, BASE_TIMESTAMP_POSITION, atMs)
  setInt64At(copy, MAX_TIMESTAMP_POSITION, atMs + BigInt(BATCH_RECORDS - 1))
  stampCrc(copy, 0)
  return copy
}
