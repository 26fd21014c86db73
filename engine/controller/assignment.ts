/** New partitions: how many replicas they may have, where those go, and their first records. */
import { KafkaError } from '../protocol/errors.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { assert } from '../support/assert.ts'
import { isActive } from './broker-changes.ts'
import type { ControllerState } from './handled.ts'
import type { BrokerImage } from './image-entries.ts'
import { placeReplicas } from './placement.ts'

/** More partitions than this are not created by one request, as in Apache Kafka. */
export const PARTITIONS_PER_REQUEST_MAX = 10_000

/** Stands for a log folder that the broker chooses by itself (DirectoryId.UNASSIGNED). */
const UNASSIGNED_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAQ'

export interface Assignment {
  readonly replicas: readonly number[]
  /** Those of the replicas that are alive when the partition is created; never empty. */
  readonly isr: readonly number[]
}

/** Fails with INVALID_REPLICATION_FACTOR above 1, as long as nothing would copy the records. */
export function validateReplicationFactor(topic: string, replicationFactor: number): void {
  if (replicationFactor > 1)
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `${topic}: replication factor ${replicationFactor} is not possible: replication is not ` +
        'part of this version of Odradek yet, so only 1 is accepted',
    )
}

export function placedAssignments(
  state: ControllerState,
  counts: { readonly partitionCount: number; readonly replicationFactor: number },
): readonly Assignment[] {
  const active = [...state.image.brokers.values()].filter(isActive)
  const brokers = active.map(broker => broker.brokerId)
  const placed = placeReplicas({ brokers, ...counts, random: state.random })
  return placed.map(replicas => ({ replicas, isr: replicas }))
}

/** Checks an assignment made by hand. Fails with INVALID_REPLICA_ASSIGNMENT. */
export function manualAssignment(
  state: ControllerState,
  partition: string,
  replicas: readonly number[],
  replicationFactor: number,
): Assignment {
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
  if (replicas.length !== replicationFactor)
    refuse(`the assignment has ${replicas.length} replicas, the others have ${replicationFactor}`)
  const isr = replicas.filter(id => isActive(state.image.brokers.get(id)))
  if (isr.length === 0) refuse('every broker of the assignment is fenced or shutting down')
  return { replicas, isr }
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
      leaderRecoveryState: 0,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map(id => directoryOf(state.image.brokers.get(id))),
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
  }
}

/** With one log folder there is no choice; with several the broker makes it (KIP-858). */
function directoryOf(broker: BrokerImage | undefined): string {
  const { logDirs = [] } = broker ?? {}
  if (logDirs.length === 1) return logDirs[0]!
  return logDirs.length === 0 ? ZERO_UUID : UNASSIGNED_DIRECTORY
}
