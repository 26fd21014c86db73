/** Looks at a failing cluster from outside, with our client: who leads, who is in sync, who decides. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client } from '../../../engine/client/client.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../../engine/protocol/messages/describe-quorum.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../../engine/protocol/messages/list-offsets.ts'
import { metadataRequest, metadataResponse } from '../../../engine/protocol/messages/metadata.ts'
import { nodeClock } from '../../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../../engine/runtime/node-network.ts'
import { BROKER_IDS } from './failing-cluster.ts'

const quorumApi = { request: describeQuorumRequest, response: describeQuorumResponse }
const metadataApi = { request: metadataRequest, response: metadataResponse }
const offsetsApi = { request: listOffsetsRequest, response: listOffsetsResponse }
const ANSWER_MS = 400
const PROBE_MS = 50
const LATEST = -1n

export interface PartitionState {
  readonly leader: number
  readonly isr: readonly number[]
}

export class ClusterEye {
  /** One for each broker: whoever hangs keeps nobody else waiting. */
  readonly #clients: readonly Client[]
  readonly #topic: string

  constructor(bootstrap: string, topic: string) {
    this.#topic = topic
    this.#clients = bootstrap.split(',').map(address => {
      const [host = '', port] = address.split(':')
      return createClient({
        network: nodeNetwork,
        clock: nodeClock,
        bootstrap: [{ host, port: Number(port) }],
        clientId: 'failure-eye',
        connectTimeoutMs: ANSWER_MS,
      })
    })
  }

  /** As the first broker says that answers; null where none does. */
  async partition(): Promise<PartitionState | null> {
    const asked = this.#clients.map(async client => {
      const answer = await client.request(
        { type: 'any' },
        metadataApi,
        { topics: [{ name: this.#topic }], allowAutoTopicCreation: false },
        { timeoutMs: ANSWER_MS },
      )
      const found = answer.topics[0]?.partitions[0]
      if (found === undefined) throw new Error('the topic is not known there')
      return { leader: found.leaderId, isr: found.isrNodes }
    })
    return await Promise.any(asked).catch(() => null)
  }

  /** How long it took until the partition was so; null where it was not within the limit. */
  async until(isSo: (state: PartitionState) => boolean, limitMs: number): Promise<number | null> {
    const startMs = performance.now()
    while (performance.now() - startMs < limitMs) {
      const state = await this.partition()
      if (state !== null && isSo(state)) return performance.now() - startMs
      await sleep(PROBE_MS)
    }
    return null
  }

  /** The active controller's id. */
  async controller(): Promise<number> {
    const asked = this.#clients.map(async client => {
      const answer = await client.request({ type: 'any' }, quorumApi, {
        topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
      })
      return answer.topics[0]!.partitions[0]!.leaderId
    })
    return await Promise.any(asked)
  }

  /**
   * Asks again and again whoever is said to lead for its log's end. The returned function stops it
   * and tells the longest time, in milliseconds, in which no leader answered.
   */
  watchLeader(): () => Promise<number> {
    const stop = new AbortController()
    let lastSeenMs = performance.now()
    let longestMs = 0
    const seen = () => {
      longestMs = Math.max(longestMs, performance.now() - lastSeenMs)
      lastSeenMs = performance.now()
    }
    const watching = (async () => {
      while (!stop.signal.aborted) {
        if (await this.#leaderAnswers()) seen()
        await sleep(PROBE_MS)
      }
    })()
    return async () => {
      stop.abort()
      await watching
      return longestMs
    }
  }

  close(): void {
    for (const client of this.#clients) client.close()
  }

  async #leaderAnswers(): Promise<boolean> {
    const state = await this.partition()
    const client = this.#clients[BROKER_IDS.indexOf(state?.leader ?? -1)]
    if (client === undefined) return false
    try {
      const partitions = [{ partitionIndex: 0, timestamp: LATEST, currentLeaderEpoch: -1 }]
      const answer = await client.request(
        { type: 'any' },
        offsetsApi,
        { replicaId: -1, isolationLevel: 0, topics: [{ name: this.#topic, partitions }] },
        { timeoutMs: ANSWER_MS },
      )
      return answer.topics[0]?.partitions[0]?.errorCode === 0
    } catch {
      // Waiting for a leader that answers.
      return false
    }
  }
}
