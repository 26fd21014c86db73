/** Writes millions of records in seconds, through the engine's own client: whole batches, encoded once. */
import { createClient } from '../../engine/client/client.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'

const produceApi = { request: produceRequest, response: produceResponse }
const BATCH_RECORDS = 10_000

/** Into partition 0, in batches of 10,000. */
export async function produceBatches(
  bootstrap: string,
  topic: string,
  batches: number,
): Promise<void> {
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: bootstrap.split(',').map(address => {
      const [host = '', port] = address.split(':')
      return { host, port: Number(port) }
    }),
    clientId: 'page-tests',
  })
  const timestampMs = BigInt(Date.now())
  const value = Buffer.from('x')
  const records = buildBatch({
    records: Array.from({ length: BATCH_RECORDS }, () => ({ timestampMs, key: null, value })),
  })
  await client.metadata([topic])
  for (let batch = 0; batch < batches; batch++) {
    const answer = await client.request(
      { type: 'leader', topic, partition: 0 },
      produceApi,
      {
        transactionalId: null,
        acks: -1,
        timeoutMs: 10_000,
        topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
      },
      // Later versions name topics by their ids alone.
      { versionMax: 12 },
    )
    const code = answer.responses[0]?.partitionResponses[0]?.errorCode
    if (code !== 0) throw new Error(`${topic}-0: batch ${batch} is answered with code ${code}`)
  }
  client.close()
}
