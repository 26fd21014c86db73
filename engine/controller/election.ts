/**
 * Who leads a partition, and what its ISR becomes, when brokers come and go. Pure: from the
 * partition's state and who is alive to the change that the metadata log must hold.
 */
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { NO_LEADER, NO_LEADER_CHANGE, type PartitionImage } from './image-entries.ts'

export interface ElectionInput {
  readonly partition: PartitionImage
  /** Whether a broker may lead: registered, not fenced, not shutting down. */
  readonly acceptable: (brokerId: number) => boolean
  /** Replicas to take out of the ISR, as far as that leaves somebody in it. */
  readonly leavingIsr?: readonly number[]
}

export interface ElectionOutcome {
  readonly leader: number
  readonly isr: readonly number[]
}

/**
 * The leader stays while it is in the ISR and acceptable. Else it is the first replica in the
 * order of assignment that is both. The last members of an ISR are never removed from it: they
 * alone are known to have every committed record, so they are waited for.
 */
export function elect({ partition, acceptable, leavingIsr = [] }: ElectionInput): ElectionOutcome {
  const staying = partition.isr.filter(id => !leavingIsr.includes(id))
  const electable = (id: number): boolean => staying.includes(id) && acceptable(id)
  const leader = electable(partition.leader)
    ? partition.leader
    : (partition.replicas.find(electable) ?? NO_LEADER)
  return { leader, isr: staying.length > 0 ? staying : partition.isr }
}

/** The record that brings the partition there, or null when it is there already. */
export function partitionChange(
  topicId: string,
  partitionIndex: number,
  partition: PartitionImage,
  outcome: ElectionOutcome,
): MetadataRecord | null {
  const sameLeader = outcome.leader === partition.leader
  const sameIsr = sameMembers(outcome.isr, partition.isr)
  if (sameLeader && sameIsr) return null
  return {
    type: 'PartitionChangeRecord',
    value: {
      partitionId: partitionIndex,
      topicId,
      isr: sameIsr ? null : outcome.isr,
      leader: sameLeader ? NO_LEADER_CHANGE : outcome.leader,
      replicas: null,
      removingReplicas: null,
      addingReplicas: null,
      leaderRecoveryState: -1,
      directories: null,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
  }
}

function sameMembers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}
