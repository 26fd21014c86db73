/**
 * Starts, stops and removes the sample shop in a cluster. Its clients run in a worker thread; this
 * is their owner. Operations run one after the other, whoever asks for them.
 */
import { Worker } from 'node:worker_threads'
import type { Client } from '../../engine/client/client.ts'
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../engine/protocol/messages/delete-groups.ts'
import { YOUNG_GENERATION_MB_MAX } from '../../engine/support/young-generation.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { SampleStatus } from '../contract/model/application.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { createTopic, deleteTopics } from '../topics/topic-changes.ts'
import type { SampleWorkerData, StopMessage, WorkerMessage } from './sample-messages.ts'
import { sampleGroups, sampleTopics } from './sample-plan.ts'

export interface SampleShopOptions {
  /** The id of the cluster in the registry. */
  readonly cluster: string
  readonly client: Client
  /** As `127.0.0.1:9092`. */
  readonly bootstrap: readonly string[]
}

const REPLICAS_MAX = 3
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './sample-worker.ts' : './sample-worker.js',
  import.meta.url,
)
/** A worker that does not end by itself is ended: its consumers then time out of their groups. */
const STOP_TIMEOUT_MS = 10_000
const deleteGroupsApi = { request: deleteGroupsRequest, response: deleteGroupsResponse }
const topicNames = sampleTopics.map(({ name }) => name)
const groupIds = sampleGroups.map(({ groupId }) => groupId)

export function createSampleShop(options: SampleShopOptions): SampleShop {
  return new SampleShop(options)
}

export class SampleShop {
  readonly #options: SampleShopOptions
  readonly #listeners = new Set<(status: SampleStatus) => void>()
  #status: SampleStatus
  #worker: Worker | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: SampleShopOptions) {
    this.#options = options
    this.#status = {
      state: 'absent',
      cluster: options.cluster,
      topics: topicNames,
      groups: groupIds,
      producedCount: 0n,
      consumedCount: 0n,
      problem: null,
    }
  }

  status(): SampleStatus {
    return this.#status
  }

  onChange(listener: (status: SampleStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Finds out whether an earlier run left the shop's topics: it is then `stopped`. */
  find(): Promise<SampleStatus> {
    return this.#inTurn(async () => {
      if (this.#worker === null)
        this.#change({ state: (await this.#exists()) ? 'stopped' : 'absent' })
    })
  }

  /** Resolves when records are being written; creates what is missing. */
  start(): Promise<SampleStatus> {
    return this.#inTurn(async () => {
      if (this.#worker !== null) return
      this.#change({ state: 'starting', problem: null, producedCount: 0n, consumedCount: 0n })
      const withHistory = !(await this.#exists())
      await this.#createTopics()
      await this.#startWorker({ bootstrap: this.#options.bootstrap, withHistory })
    })
  }

  stop(): Promise<SampleStatus> {
    return this.#inTurn(async () => {
      if (this.#worker === null) return
      this.#change({ state: 'stopping' })
      await this.#stopWorker(this.#worker)
      this.#change({ state: 'stopped' })
    })
  }

  /** Stops it, and deletes its topics and groups. */
  remove(): Promise<SampleStatus> {
    return this.#inTurn(async () => {
      this.#change({ state: 'removing', problem: null })
      if (this.#worker !== null) await this.#stopWorker(this.#worker)
      await this.#deleteAll()
      this.#change({ state: 'absent', producedCount: 0n, consumedCount: 0n })
    })
  }

  /** Before the cluster stops; leaves topics and groups as they are. */
  async close(): Promise<void> {
    await this.stop().catch(() => {})
    this.#listeners.clear()
  }

  async #inTurn(work: () => Promise<void>): Promise<SampleStatus> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => {})
    try {
      await turn
    } catch (error) {
      // The state shows what failed; the caller hears it too.
      this.#change({ state: 'failed', problem: problemOf(error) })
      throw error
    }
    return this.#status
  }

  async #exists(): Promise<boolean> {
    const { topics } = await this.#options.client.metadata(topicNames)
    return topics.some(({ errorCode }) => errorCode === 0)
  }

  async #createTopics(): Promise<void> {
    const { client } = this.#options
    const { brokers } = await client.metadata([])
    const replicationFactor = Math.min(REPLICAS_MAX, brokers.length)
    // With three, one broker may be away and what is acknowledged is still on two.
    const inSync =
      replicationFactor < REPLICAS_MAX ? [] : [{ name: 'min.insync.replicas', value: '2' }]
    for (const { name, partitionCount, configurations } of sampleTopics)
      try {
        await createTopic(client, {
          topic: name,
          partitionCount,
          replicationFactor,
          configurations: [...configurations, ...inSync],
          validateOnly: false,
        })
      } catch (error) {
        // One that an earlier run left is as good.
        if (problemOf(error).code !== 'TOPIC_ALREADY_EXISTS') throw error
      }
  }

  #startWorker(workerData: SampleWorkerData): Promise<void> {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB_MAX }
    const worker = new Worker(entry, { workerData, name: 'sample shop', resourceLimits })
    this.#worker = worker
    return new Promise((resolve, reject) => {
      const fail = (problem: Problem) => {
        this.#change({ state: 'failed', problem })
        reject(new ContractError(problem))
      }
      worker.on('message', (message: WorkerMessage) => {
        switch (message.type) {
          case 'running':
            this.#change({ state: 'running' })
            return resolve()
          case 'counted':
            return this.#change({
              producedCount: BigInt(message.produced),
              consumedCount: BigInt(message.consumed),
            })
          case 'failed': {
            const { message: reason, details } = message
            return fail({ code: 'SAMPLE_FAILED', message: `the sample shop: ${reason}`, details })
          }
        }
      })
      worker.on('error', error => fail(problemOf(error)))
      worker.on('exit', () => {
        if (this.#worker === worker) this.#worker = null
        if (this.#status.state === 'running') fail(endedByItself)
        // Stopped while starting: that was wanted, and nobody waits for a failure.
        resolve()
      })
    })
  }

  async #stopWorker(worker: Worker): Promise<void> {
    const exited = new Promise(resolve => worker.once('exit', resolve))
    const message: StopMessage = { type: 'stop' }
    worker.postMessage(message)
    const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }

  async #deleteAll(): Promise<void> {
    const { client } = this.#options
    for (const groupId of groupIds) {
      const target = { type: 'group-coordinator', groupId } as const
      const { results } = await client.request(target, deleteGroupsApi, { groupsNames: [groupId] })
      refuse(results[0]?.errorCode ?? 0, `group ${groupId}`, 'GROUP_ID_NOT_FOUND')
    }
    for (const { name, problem } of await deleteTopics(client, topicNames))
      if (problem !== null && problem.code !== 'UNKNOWN_TOPIC_OR_PARTITION')
        throw new ContractError({ ...problem, message: `${name}: ${problem.message}` })
  }

  #change(change: Partial<SampleStatus>): void {
    this.#status = { ...this.#status, ...change }
    for (const listener of this.#listeners) listener(this.#status)
  }
}

const endedByItself: Problem = {
  code: 'SAMPLE_FAILED',
  message: 'the sample shop ended by itself',
  remedy: 'Start it again.',
}

function refuse(errorCode: number, subject: string, tolerated: string): void {
  const problem = codeProblem(errorCode, subject)
  if (problem !== null && problem.code !== tolerated) throw new ContractError(problem)
}
