/** Replicas, elections, moves of partitions and the quorum; and the nodes of a local cluster. */
import type { RegisteredCluster } from '../clusters/cluster-registry.ts'
import type { LocalNodes } from '../clusters/local-nodes.ts'
import { ContractError } from '../contract/define.ts'
import type { PartitionReplication } from '../contract/model/replication.ts'
import { listBrokers } from '../replication/broker-states.ts'
import { electLeaders, previewElection } from '../replication/elect-leaders.ts'
import { listPartitions } from '../replication/list-partitions.ts'
import { makePlan } from '../replication/make-plan.ts'
import { observeCluster } from '../replication/observe-cluster.ts'
import { observeTopic } from '../replication/observe-topic.ts'
import { alterReassignments, listReassignments } from '../lookups/reassignments.ts'
import { ReplicationMemory } from '../replication/replication-memory.ts'
import { startReassignment } from '../replication/run-reassignment.ts'
import {
  applyThrottle,
  readThrottles,
  removeThrottles,
  throttledMove,
  throttleSettings,
} from '../replication/throttle.ts'
import type { Commands, ServiceContext } from './handlers.ts'

export function replicationHandlers({ clusters, events, jobs, nowMs, wait }: ServiceContext) {
  const memories = new Map<string, ReplicationMemory>()
  clusters.onUnregister(id => {
    memories.delete(id)
    throttledMeanwhile.delete(id)
    rates.delete(id)
  })
  const memoryOf = ({ id }: RegisteredCluster): ReplicationMemory => {
    const memory = memories.get(id) ?? new ReplicationMemory(String(nowMs()))
    memories.set(id, memory)
    return memory
  }
  /** The rates that were set from here: Kafka tells that one is set, and not which. */
  const rates = new Map<string, number>()
  const throttledMeanwhile = new Set<string>()
  const changed = (cluster: string) => events.emit('topics.changed', { cluster })
  const throttles = async ({ id, client }: RegisteredCluster) => {
    const told = await readThrottles(client, await idsThatAreThere(client))
    const rate = rates.get(id) ?? null
    return told.map(each => {
      if (!each.isSet) return each
      const { leaderBytesPerSecond: leader, followerBytesPerSecond: follower } = each
      return {
        ...each,
        leaderBytesPerSecond: leader ?? rate,
        followerBytesPerSecond: follower ?? rate,
      }
    })
  }

  const reading = {
    'replication.topic': async ({ cluster, topic, partitions, since }) => {
      const registered = clusters.get(cluster)
      const memory = memoryOf(registered)
      const observed = await observeTopic(registered.client, topic, {
        memory,
        nowMs,
        local: registered.local ?? null,
        ownEngine: registered.kind === 'local',
        ...(partitions === null ? {} : { partitions }),
      })
      const told = memory.toldOf(topic)
      const { partitions: rows } = observed
      const difference = partitions === null ? told.all(rows, since) : told.some(rows, since)
      return { ...observed, ...difference, againMs: againMs(rows) }
    },
    'replication.partitions': async ({ cluster, state, broker }) =>
      listPartitions(clusters.get(cluster).client, { state, broker }, nowMs()),
    'replication.cluster': async ({ cluster }) => {
      const registered = clusters.get(cluster)
      const { client, local } = registered
      const nodes = local?.nodes ?? null
      return observeCluster({ client, nodes, memory: memoryOf(registered), nowMs, wait })
    },
    'replication.election-preview': async ({ cluster, topics }) =>
      previewElection(clusters.get(cluster).client, topics),
    'replication.plan': async ({ cluster, topics, strategy }) =>
      makePlan(clusters.get(cluster).client, topics, strategy),
    'replication.throttles': async ({ cluster }) => throttles(clusters.get(cluster)),
  } satisfies Commands
  const changing = {
    'replication.elect': async ({ cluster, election, partitions }) => {
      const { client } = clusters.getForChange(cluster)
      const elected = await electLeaders(client, election, partitions)
      changed(cluster)
      return elected
    },
    'replication.reassign': async ({ cluster, assignments, throttleBytesPerSecond }) => {
      const { client } = clusters.getForChange(cluster)
      if (throttleBytesPerSecond !== null) rates.set(cluster, throttleBytesPerSecond)
      return startReassignment({
        client,
        jobs,
        wait,
        cluster,
        assignments,
        throttleBytesPerSecond,
        throttledMeanwhile: () => throttledMeanwhile.has(cluster),
        onChanged: () => changed(cluster),
      })
    },
    'replication.cancel': async ({ cluster, partitions }) => {
      const { client } = clusters.getForChange(cluster)
      const back = partitions.map(each => ({ ...each, replicas: null }))
      const cancelled = await alterReassignments(client, back)
      changed(cluster)
      return cancelled
    },
    'replication.set-throttle': async ({ cluster, bytesPerSecond }) => {
      const registered = clusters.getForChange(cluster)
      const { client } = registered
      const moves = await listReassignments(client, null)
      const set = (await throttles(registered))
        .filter(({ isSet }) => isSet)
        .map(({ broker }) => broker)
      if (bytesPerSecond === null) {
        const brokerIds = new Set([...set, ...moves.flatMap(({ replicas }) => replicas)])
        await removeThrottles(client, [...brokerIds], await topicsOf(client))
        throttledMeanwhile.delete(cluster)
        rates.delete(cluster)
        return throttles(registered)
      }
      throttledMeanwhile.add(cluster)
      rates.set(cluster, bytesPerSecond)
      await applyThrottle(client, throttleSettings(moves.map(throttledMove), bytesPerSecond))
      return throttles(registered)
    },
    'node.act': async ({ cluster, kind, id, act }) => {
      await localNodesOf(clusters.getForChange(cluster)).act(kind, id, act)
      return null
    },
    'node.power-cut': async ({ cluster, node }) =>
      localNodesOf(clusters.getForChange(cluster)).powerCut(node),
    'controller.add': ({ cluster }) => localNodesOf(clusters.getForChange(cluster)).addController(),
    'controller.remove': async ({ cluster, id }) => {
      await localNodesOf(clusters.getForChange(cluster)).removeController(id)
      return null
    },
  } satisfies Commands
  return { commands: { ...reading, ...changing } }
}

/** Throws a `ContractError` UNSUPPORTED for a remote cluster. */
function localNodesOf({ local, name }: RegisteredCluster): LocalNodes {
  if (local !== undefined) return local.nodes
  throw new ContractError({
    code: 'UNSUPPORTED',
    message: `${name} is a remote cluster, whose nodes run elsewhere`,
    remedy: 'Stop and start its brokers where they run.',
  })
}

/** Each replica is asked where it ends: some 6 microseconds of this thread. */
const MS_PER_REPLICA = 0.1
const AGAIN_MS_MIN = 1_000

function againMs(rows: readonly PartitionReplication[]): number {
  const replicaCount = rows.reduce((sum, { replicas }) => sum + replicas.length, 0)
  return Math.max(AGAIN_MS_MIN, Math.ceil(replicaCount * MS_PER_REPLICA))
}

type Client = RegisteredCluster['client']

async function idsThatAreThere(client: Client): Promise<readonly number[]> {
  const listed = await listBrokers(client)
  return listed.flatMap(({ id, fenced }) => (fenced === true ? [] : [id]))
}

async function topicsOf(client: Client): Promise<readonly string[]> {
  const { topics } = await client.metadata(null)
  return topics.flatMap(({ name, errorCode }) => (errorCode === 0 && name !== null ? [name] : []))
}
