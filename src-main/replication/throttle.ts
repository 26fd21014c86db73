/**
 * The replication throttle: a rate on every broker that takes part, and on each topic the list of
 * the replicas that it holds for (KIP-73). It is set before replicas move and removed after.
 */
import type { Client, Target } from '../../engine/client/client.ts'
import { configOperations } from '../../engine/controller/alter-configs.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../engine/protocol/messages/describe-configs.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../engine/protocol/messages/incremental-alter-configs.ts'
import { ContractError } from '../contract/define.ts'
import type { BrokerThrottle } from '../contract/model/replication.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const alterApi = {
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
}
const describeApi = { request: describeConfigsRequest, response: describeConfigsResponse }
const TOPIC = 2
const BROKER = 4
const LEADER_RATE = 'leader.replication.throttled.rate'
const FOLLOWER_RATE = 'follower.replication.throttled.rate'
const LEADER_REPLICAS = 'leader.replication.throttled.replicas'
const FOLLOWER_REPLICAS = 'follower.replication.throttled.replicas'
/** As `ConfigSource` of Apache Kafka: set for this broker alone. */
const DYNAMIC_BROKER = 2
const TIMEOUT_MS = 5_000

/** A partition that moves: whom its records come from, and who gets them. */
export interface ThrottledMove {
  readonly topic: string
  readonly partition: number
  readonly sources: readonly number[]
  readonly adding: readonly number[]
}

interface Setting {
  readonly name: string
  /** Null takes it away. */
  readonly value: string | null
}

export interface ThrottleSettings {
  readonly topics: ReadonlyMap<string, readonly Setting[]>
  readonly brokers: ReadonlyMap<number, readonly Setting[]>
}

/** What is to be set for these moves; pure. */
export function throttleSettings(
  moves: readonly ThrottledMove[],
  bytesPerSecond: number,
): ThrottleSettings {
  const byTopic = Map.groupBy(
    moves.filter(({ adding }) => adding.length > 0),
    ({ topic }) => topic,
  )
  const topics = new Map(
    [...byTopic].map(([topic, share]) => [
      topic,
      [
        { name: LEADER_REPLICAS, value: pairs(share, ({ sources }) => sources) },
        { name: FOLLOWER_REPLICAS, value: pairs(share, ({ adding }) => adding) },
      ],
    ]),
  )
  const taking = [...byTopic.values()].flat()
  const brokerIds = new Set(taking.flatMap(({ sources, adding }) => [...sources, ...adding]))
  return { topics, brokers: new Map([...brokerIds].map(id => [id, rates(bytesPerSecond)])) }
}

/** The same, taken away again. */
export function removed({ topics, brokers }: ThrottleSettings): ThrottleSettings {
  const gone = (settings: readonly Setting[]) =>
    settings.map(({ name }): Setting => ({ name, value: null }))
  return {
    topics: new Map([...topics].map(([topic, settings]) => [topic, gone(settings)])),
    brokers: new Map([...brokers].map(([id, settings]) => [id, gone(settings)])),
  }
}

function rates(bytesPerSecond: number | null): readonly Setting[] {
  const value = bytesPerSecond === null ? null : String(bytesPerSecond)
  return [
    { name: LEADER_RATE, value },
    { name: FOLLOWER_RATE, value },
  ]
}

function pairs(
  moves: readonly ThrottledMove[],
  brokersOf: (move: ThrottledMove) => readonly number[],
): string {
  return moves
    .flatMap(move => brokersOf(move).map(broker => `${move.partition}:${broker}`))
    .join(',')
}

/**
 * Throws a `ContractError` for the first that is refused. A broker takes its own configurations
 * alone; one that is away neither gives nor gets anything, and is passed over.
 */
export async function applyThrottle(client: Client, settings: ThrottleSettings): Promise<void> {
  const topics = [...settings.topics].map(([name, configs]) => resource(TOPIC, name, configs))
  if (topics.length > 0) await alter(client, { type: 'controller' }, topics)
  const { brokers } = await client.metadata([])
  const there = new Set(brokers.map(({ nodeId }) => nodeId))
  for (const [brokerId, configs] of settings.brokers)
    if (there.has(brokerId))
      await alter(client, { type: 'broker', brokerId }, [
        resource(BROKER, String(brokerId), configs),
      ])
}

/** A move that is under way, as the throttle sees it. */
export function throttledMove(move: {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
}): ThrottledMove {
  const { topic, partition, replicas, adding } = move
  return { topic, partition, adding, sources: replicas.filter(id => !adding.includes(id)) }
}

/** The rates of these brokers, and the lists of replicas of these topics. */
export async function removeThrottles(
  client: Client,
  brokerIds: readonly number[],
  topics: readonly string[],
): Promise<void> {
  const lists = [LEADER_REPLICAS, FOLLOWER_REPLICAS].map(name => ({ name, value: null }))
  await applyThrottle(client, {
    topics: new Map(topics.map(topic => [topic, lists])),
    brokers: new Map(brokerIds.map(id => [id, rates(null)])),
  })
}

function resource(resourceType: number, resourceName: string, settings: readonly Setting[]) {
  return {
    resourceType,
    resourceName,
    configs: settings.map(({ name, value }) => ({
      name,
      configOperation: value === null ? configOperations.DELETE : configOperations.SET,
      value,
    })),
  }
}

async function alter(
  client: Client,
  target: Target,
  resources: readonly ReturnType<typeof resource>[],
): Promise<void> {
  const { responses } = await client.request(target, alterApi, { resources, validateOnly: false })
  for (const { errorCode, errorMessage, resourceType, resourceName } of responses) {
    const what = `${resourceType === TOPIC ? 'topic' : 'broker'} ${resourceName}`
    const problem = codeProblem(errorCode, what, errorMessage)
    if (problem !== null) throw new ContractError(problem)
  }
}

/** What is set now, by broker; a broker that does not answer is left out. */
export async function readThrottles(
  client: Client,
  brokerIds: readonly number[],
): Promise<readonly BrokerThrottle[]> {
  const told = await Promise.all(
    brokerIds.map(async (broker): Promise<readonly BrokerThrottle[]> => {
      try {
        const { results } = await client.request(
          { type: 'broker', brokerId: broker },
          describeApi,
          {
            resources: [
              {
                resourceType: BROKER,
                resourceName: String(broker),
                configurationKeys: [LEADER_RATE, FOLLOWER_RATE],
              },
            ],
          },
          { timeoutMs: TIMEOUT_MS },
        )
        const set = results
          .flatMap(each => each.configs)
          .filter(({ configSource }) => configSource === DYNAMIC_BROKER)
        const rateOf = (name: string) => {
          const value = set.find(each => each.name === name)?.value ?? null
          return value === null ? null : Number(value)
        }
        return [
          {
            broker,
            isSet: set.length > 0,
            leaderBytesPerSecond: rateOf(LEADER_RATE),
            followerBytesPerSecond: rateOf(FOLLOWER_RATE),
          },
        ]
      } catch (error) {
        // Waiting for all brokers: of one that is away nothing is known, and nothing is said.
        problemOf(error)
        return []
      }
    }),
  )
  return told.flat()
}
