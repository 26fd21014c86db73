/** New partitions: where their replicas go, and their first records. */
import { KafkaError } from '../protocol/errors.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { assert } from '../support/assert.ts'
import type { ControllerState } from './handled.ts'
import type { BrokerImage } from './image-entries.ts'
import { recoveryStates } from './partition-change.ts'
import { directoryOf, isActive } from './partition-rules.ts'
import { placeReplicas } from './placement.ts'

/** More partitions than this are not created by one request, as in Apache Kafka. */
export const PARTITIONS_PER_REQUEST_MAX = 10_000

export interface Assignment {
  readonly replicas: readonly number[]
  /** Those of the replicas that are alive when the partition is created; never empty. */
  readonly isr: readonly number[]
}

/** Fails with INVALID_REPLICATION_FACTOR. */
export function placedAssignments(
  state: ControllerState,
  counts: { readonly partitionCount: number; readonly replicationFactor: number },
): readonly Assignment[] {
  const brokers = [...state.image.brokers.values()].filter(takesReplicas)
  const placed = placeReplicas({ brokers, ...counts, random: state.random })
  return placed.map(replicas => ({ replicas, isr: activeOf(state, replicas) }))
}

/** A fenced broker may come back; one that shuts down, or has no folder to use, is passed over. */
function takesReplicas({ inControlledShutdown, logDirs, cordonedLogDirs }: BrokerImage): boolean {
  const cordoned = logDirs.length > 0 && logDirs.every(dir => cordonedLogDirs.includes(dir))
  return !inControlledShutdown && !cordoned
}

function activeOf(state: ControllerState, replicas: readonly number[]): readonly number[] {
  return replicas.filter(id => isActive(state.image.brokers.get(id)))
}

/** Checks an assignment made by hand. Fails with INVALID_REPLICA_ASSIGNMENT. */
export function manualAssignment(
  state: ControllerState,
  partition: string,
  replicas: readonly number[],
  replicationFactor: number,
): Assignment {
  validateReplicas(state, partition, replicas)
  if (replicas.length !== replicationFactor)
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      `${partition}: the assignment has ${replicas.length} replicas, ` +
        `the others have ${replicationFactor}`,
    )
  const isr = activeOf(state, replicas)
  if (isr.length === 0)
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      `${partition}: every broker of the assignment is fenced or shutting down`,
    )
  return { replicas, isr }
}

/** Fails with INVALID_REPLICA_ASSIGNMENT unless these are brokers that are registered, each once. */
export function validateReplicas(
  state: ControllerState,
  partition: string,
  replicas: readonly number[],
): void {
  const refuse = (complaint: string): never => {
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', `${partition}: ${complaint}`)
  }
  if (replicas.length === 0) refuse('the assignment names no broker')
  for (const [index, brokerId] of replicas.entries()) {
    if (!state.image.brokers.has(brokerId))
      refuse(`the assignment names broker ${brokerId}, which is not registered`)
    if (replicas.indexOf(brokerId) !== index)
      refuse(`the assignment names broker ${brokerId} more than once`)
  }
}

export function partitionRecord(
  state: ControllerState,
  topicId: string,
  partitionId: number,
  { replicas, isr }: Assignment,
): MetadataRecord {
  assert(isr.length > 0, 'a new partition has a leader')
  return {
    type: 'PartitionRecord',
    value: {
      partitionId,
      topicId,
      replicas,
      isr,
      removingReplicas: [],
      addingReplicas: [],
      leader: isr[0]!,
      leaderRecoveryState: recoveryStates.RECOVERED,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map(id => directoryOf(state.image.brokers.get(id))),
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
  }
}
