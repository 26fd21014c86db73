/** Writes records at a steady rate over all partitions of a topic, in a thread of its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { clientOf } from './pages-data.ts'

export interface ProducerData {
  readonly bootstrap: string
  readonly topic: string
  readonly partitions: number
  readonly perSecond: number
  readonly ms: number
}

const STEP_MS = 20
const { bootstrap, topic, partitions, perSecond, ms } = workerData as ProducerData
const client = clientOf(bootstrap)
await client.metadata([topic])
const startMs = performance.now()
let sent = 0
for (let step = 0; performance.now() - startMs < ms; step++) {
  const due = Math.floor(((performance.now() - startMs) * perSecond) / 1_000)
  const count = due - sent
  if (count > 0) {
    await send(step % partitions, count)
    sent += count
  }
  await sleep(STEP_MS)
}
const seconds = (performance.now() - startMs) / 1_000
client.close()
parentPort!.postMessage({ sent, seconds })

async function send(partition: number, count: number): Promise<void> {
  const nowMs = BigInt(Date.now())
  const value = (n: number) =>
    Buffer.from(
      `{"order":${sent + n},"customer":"c-${n % 97}","cents":${n * 7919},"note":"${'.'.repeat(60)}"}`,
    )
  const records = buildBatch({
    compression: 'lz4',
    records: Array.from({ length: count }, (_, n) => ({
      timestampMs: nowMs,
      key: Buffer.from(`k-${n % 97}`),
      value: value(n),
    })),
  })
  await client.request(
    { type: 'leader', topic, partition },
    { request: produceRequest, response: produceResponse },
    {
      transactionalId: null,
      acks: 1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    },
    { versionMax: 12 },
  )
}
