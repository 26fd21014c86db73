import { expect, test } from 'vitest'
import { ActiveController, ControllerChannel } from '../../../engine/broker/controller-channel.ts'
import { METADATA_TOPIC_ID } from '../../../engine/controller/topic-names.ts'
import { errorCode } from '../../../engine/protocol/errors.ts'
import { fetchRequest, fetchResponse } from '../../../engine/protocol/messages/fetch.ts'
import { servedApi } from '../../../engine/server/dispatcher.ts'
import { InMemoryNetwork, settled } from '../in-memory-network.ts'
import { ManualClock } from '../manual-clock.ts'
import { serveNode } from './in-memory-node.ts'

const api = { request: fetchRequest, response: fetchResponse }
const fetchMetadata = {
  maxWaitMs: 0,
  minBytes: 1,
  isolationLevel: 0,
  topics: [
    {
      topicId: METADATA_TOPIC_ID,
      partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000 }],
    },
  ],
}
const NOBODY = -1

/** Three controllers who say that the leader is whom `leaderOf` names, and how often each was asked. */
async function quorum(leaderOf: (asked: number) => number) {
  const network = new InMemoryNetwork({})
  const clock = new ManualClock()
  const asked: number[] = []
  const addresses = new Map(
    [1, 2, 3].map(id => [id, { host: '127.0.0.1', port: 9_000 + id }] as const),
  )
  for (const [id, address] of addresses) {
    const metadata = servedApi({
      ...api,
      handle: () => {
        asked.push(id)
        const leaderId = leaderOf(id)
        const partition = {
          partitionIndex: 0,
          errorCode: leaderId === id ? 0 : errorCode('NOT_LEADER_OR_FOLLOWER'),
          highWatermark: 0n,
          currentLeader: { leaderId, leaderEpoch: 1 },
          abortedTransactions: null,
          records: null,
        }
        return {
          throttleTimeMs: 0,
          responses: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
        }
      },
      failed: ({ code }) => ({ errorCode: code, throttleTimeMs: 0, responses: [] }),
    })
    await serveNode({ network, clock, address, apis: [metadata] })
  }
  const active = new ActiveController(() => addresses)
  const channel = new ControllerChannel({ network, clock, active, clientId: 'broker-1' })
  const request = () => channel.request(api, fetchMetadata, { timeoutMs: 5_000 })
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed++) {
      await settled()
      clock.advance(1)
    }
    await settled()
  }
  return { asked, request, pass, channel }
}

test('who knows of no leader is asked again before the others are', async () => {
  let leader = NOBODY
  const { asked, request, pass, channel } = await quorum(() => leader)
  const answered = request()
  await pass(20)
  leader = 1
  await pass(20)
  await answered
  expect(new Set(asked)).toEqual(new Set([1]))
  expect(asked.length).toBeGreaterThan(2)
  channel.close()
})

test('who goes on knowing of no leader is left for the others', async () => {
  const { asked, request, pass, channel } = await quorum(id => (id === 1 ? NOBODY : 3))
  const answered = request()
  await pass(200)
  await answered
  expect(asked.at(-1)).toBe(3)
  expect(asked.filter(id => id === 1).length).toBeLessThanOrEqual(9)
  channel.close()
})

test('whom a controller names is asked next', async () => {
  const { asked, request, pass, channel } = await quorum(() => 3)
  const answered = request()
  await pass(5)
  await answered
  expect(asked).toEqual([1, 3])
  channel.close()
})
