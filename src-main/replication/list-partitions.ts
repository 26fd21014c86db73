/** `replication.partitions`: partitions of all topics by their state, from one Metadata answer. */
import type { Client } from '../../engine/client/client.ts'
import { minIsrOf } from '../topics/min-isr.ts'
import type {
  ListedPartition,
  PartitionListing,
  PartitionState,
} from '../contract/model/replication.ts'
import { readCatalogue, visitTopics } from '../lookups/catalogue.ts'
import type { MetadataTopic } from '../lookups/cluster-topics.ts'
import { reassignmentsAsTold, type ListedReassignment } from '../lookups/reassignments.ts'

/** More than anyone reads; their number is told. */
const LISTED_MAX = 5_000
const AGAIN_MS_MIN = 1_000
const AGAIN_MS_PER_PARTITION = 0.1

export interface WantedPartitions {
  /** Null for any. */
  readonly state: PartitionState | null
  /** One that holds a replica; null for any. */
  readonly broker: number | null
}

export async function listPartitions(
  client: Client,
  { state, broker }: WantedPartitions,
  nowMs: number,
): Promise<PartitionListing> {
  const catalogue = await readCatalogue(client)
  const [minIsr, moves] = await Promise.all([
    minIsrOf(client, catalogue, nowMs),
    // Who may not ask for moves sees the rest.
    reassignmentsAsTold(client).catch(() => []),
  ])
  const moving = new Map(moves.map(move => [`${move.topic}-${move.partition}`, move]))
  const states = noneYet()
  const brokers = new Set<number>()
  const listed: ListedPartition[] = []
  let count = 0
  let partitionCount = 0
  await visitTopics(client, ({ name, partitions }) => {
    for (const partition of partitions) {
      partitionCount += 1
      for (const id of partition.replicaNodes) brokers.add(id)
      const move = moving.get(`${name}-${partition.partitionIndex}`)
      const own = statesOf(partition, { move, minIsr: minIsr.get(name ?? '') ?? null })
      for (const each of own) states[each] += 1
      if (state !== null && !own.includes(state)) continue
      if (broker !== null && !partition.replicaNodes.includes(broker)) continue
      count += 1
      if (listed.length >= LISTED_MAX) continue
      listed.push({
        topic: name ?? '',
        partition: partition.partitionIndex,
        leader: partition.leaderId < 0 ? null : partition.leaderId,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
        offline: partition.offlineReplicas,
        adding: move?.adding ?? [],
        removing: move?.removing ?? [],
        minInSyncReplicas: minIsr.get(name ?? '') ?? null,
        states: own,
      })
    }
  })
  return {
    partitions: listed,
    count,
    partitionCount,
    states,
    brokers: [...brokers].sort((a, b) => a - b),
    againMs: Math.max(AGAIN_MS_MIN, Math.ceil(partitionCount * AGAIN_MS_PER_PARTITION)),
  }
}

function noneYet(): Record<PartitionState, number> {
  return {
    leaderless: 0,
    'below-min-isr': 0,
    'at-min-isr': 0,
    'under-replicated': 0,
    moving: 0,
    'not-preferred': 0,
  }
}

interface Known {
  readonly move: ListedReassignment | undefined
  readonly minIsr: number | null
}

type Partition = MetadataTopic['partitions'][number]

/** As the panel of one partition says it, and the reasons of an unhealthy cluster. */
export function statesOf(
  { leaderId, replicaNodes, isrNodes }: Partition,
  { move, minIsr }: Known,
): readonly PartitionState[] {
  const states: PartitionState[] = []
  const adding = move?.adding ?? []
  if (leaderId < 0) states.push('leaderless')
  else {
    if (replicaNodes.some(id => !isrNodes.includes(id) && !adding.includes(id))) {
      const min = Math.min(minIsr ?? 0, replicaNodes.length)
      if (isrNodes.length < min) states.push('below-min-isr')
      else if (isrNodes.length === min) states.push('at-min-isr')
      states.push('under-replicated')
    }
    // While replicas move, their order is on its way too.
    if (replicaNodes[0] !== leaderId && adding.length === 0) states.push('not-preferred')
  }
  if (move !== undefined) states.push('moving')
  return states
}
