/**
 * Why a partition is not as it should be, as facts that the page makes sentences of. Pure: what
 * the brokers said goes in, and findings come out, the worst first.
 *
 * It says nothing of what is not known: a lag without both ends is no lag of 0.
 */
import type {
  PartitionReplication,
  ReplicaProgress,
  ReplicationFinding,
} from '../contract/model/replication.ts'

export type PartitionFacts = Omit<PartitionReplication, 'findings'> & {
  readonly minInSyncReplicas: number | null
  /** When each broker that is away was first missed; no entry where nobody saw it leave. */
  readonly awaySinceMs: ReadonlyMap<number, bigint>
  /** The furthest that the partition was ever seen committed; null before it was seen. */
  readonly highestCommitted: bigint | null
}

export function explainPartition(facts: PartitionFacts): readonly ReplicationFinding[] {
  return [
    ...(facts.leader === null ? withoutLeader(facts) : belowMinIsr(facts)),
    ...facts.replicas.flatMap(replica => aboutReplica(facts, replica)),
    ...atMinIsr(facts),
    ...notPreferred(facts),
  ]
}

/** Members of the ISR may lead, then eligible leader replicas; the last known one only hints. */
function withoutLeader(facts: PartitionFacts): readonly ReplicationFinding[] {
  const isr = facts.replicas.filter(({ inSync }) => inSync).map(({ broker }) => broker)
  const elr = facts.elr ?? []
  const clean = [...isr, ...elr.filter(broker => !isr.includes(broker))]
  const from = isr.length > 0 ? 'isr' : elr.length > 0 ? 'elr' : 'last-known'
  const waitsFor = clean.length > 0 ? clean : (facts.lastKnownElr ?? [])
  const others = facts.replicas.filter(
    ({ broker, brokerState }) => brokerState === 'online' && !clean.includes(broker),
  )
  return [
    { type: 'no-leader', waitsFor, from },
    ...others.map(({ broker, logEndOffset }): ReplicationFinding => {
      const { highestCommitted } = facts
      const known = logEndOffset !== null && highestCommitted !== null
      const lost = known ? highestCommitted - logEndOffset : null
      return { type: 'unclean-choice', broker, lost: lost !== null && lost < 0n ? 0n : lost }
    }),
  ]
}

function belowMinIsr(facts: PartitionFacts): readonly ReplicationFinding[] {
  const { count, min } = inSyncOf(facts)
  return min !== null && count < min ? [{ type: 'below-min-isr', count, min }] : []
}

/** Where nothing is missing it is how the topic was made, and said when that is done. */
function atMinIsr(facts: PartitionFacts): readonly ReplicationFinding[] {
  const { count, min } = inSyncOf(facts)
  const missing = count < facts.replicas.length
  return facts.leader !== null && count === min && missing
    ? [{ type: 'at-min-isr', count, min }]
    : []
}

/** Kafka asks for no more than there are replicas. */
function inSyncOf({ minInSyncReplicas, replicas }: PartitionFacts) {
  return {
    count: replicas.filter(({ inSync }) => inSync).length,
    min: minInSyncReplicas === null ? null : Math.min(minInSyncReplicas, replicas.length),
  }
}

function aboutReplica(
  facts: PartitionFacts,
  replica: ReplicaProgress,
): readonly ReplicationFinding[] {
  const { broker, brokerState, inSync, isLeader, lag, lagMs, problem } = replica
  if (brokerState !== 'online') {
    const sinceMs = facts.awaySinceMs.get(broker) ?? null
    const lacking = isLeader ? null : lackingSince(facts, replica)
    return [{ type: 'replica-down', broker, state: brokerState, sinceMs, lacking }]
  }
  if (problem !== null && problem.code === 'KAFKA_STORAGE_ERROR')
    return [{ type: 'log-dir-failed', broker, reason: problem.message }]
  if (facts.removing.includes(broker)) return [{ type: 'replica-removing', broker }]
  if (inSync || isLeader || facts.leader === null) return []
  if (lag === 0n) return [{ type: 'replica-joining', broker }]
  if (facts.adding.includes(broker)) return [{ type: 'replica-adding', broker, lag }]
  return [{ type: 'replica-behind', broker, lag, lagMs }]
}

function lackingSince(facts: PartitionFacts, { seenEndOffset }: ReplicaProgress): bigint | null {
  const leaderEnd = facts.replicas.find(({ isLeader }) => isLeader)?.logEndOffset ?? null
  if (leaderEnd === null || seenEndOffset === null) return null
  return leaderEnd > seenEndOffset ? leaderEnd - seenEndOffset : 0n
}

function notPreferred({ leader, replicas, adding }: PartitionFacts): readonly ReplicationFinding[] {
  const preferred = replicas[0]
  if (leader === null || preferred === undefined || preferred.broker === leader) return []
  // While replicas move, their order is on its way too.
  if (adding.length > 0) return []
  return [{ type: 'not-preferred', leader, preferred: preferred.broker }]
}
