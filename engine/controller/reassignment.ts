/**
 * Moving a partition to other brokers (KIP-455), as arithmetic on its lists of replicas: what it
 * looks like while the move is under way, when the move is complete, and how to go back.
 *
 * While a move is under way the replicas are the target's first, in their order, and then those
 * that will go. Nothing here elects a leader or writes a record.
 */
import { KafkaError } from '../protocol/errors.ts'
import type { PartitionImage } from './image-entries.ts'

/** The lists of a partition that a move changes. */
export type Replication = Pick<
  PartitionImage,
  'replicas' | 'isr' | 'addingReplicas' | 'removingReplicas'
>

export function reassigning(partition: Replication): boolean {
  return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0
}

/**
 * The lists at the beginning of a move. The ISR stays: who is added has no record yet. A second
 * move, begun before the first is complete, starts from all replicas that there are by then; what
 * the first was adding is still being added where the second wants it too, and is not otherwise.
 */
export function begun(partition: Replication, target: readonly number[]): Replication {
  const removingReplicas = sortedWithout(partition.replicas, target)
  const stillAdding = target.filter(id => partition.addingReplicas.includes(id))
  const adding = [...without(target, partition.replicas), ...stillAdding]
  return {
    isr: partition.isr,
    replicas: [...target, ...removingReplicas],
    removingReplicas,
    addingReplicas: adding.sort((one, two) => one - two),
  }
}

/**
 * The lists after the move, or null while it must wait: every replica that is added has to be in
 * sync, and one that stays at least; all that stay, where the move leaves fewer than there were.
 */
export function completed(partition: Replication): Replication | null {
  if (!reassigning(partition)) return null
  const { addingReplicas, removingReplicas } = partition
  const replicas = without(partition.replicas, removingReplicas)
  const isr = without(partition.isr, removingReplicas)
  if (isr.length === 0 || replicas.length === 0) return null
  const leavesFewer = addingReplicas.length < removingReplicas.length
  const needed = leavesFewer ? [...addingReplicas, ...replicas] : addingReplicas
  if (!needed.every(id => isr.includes(id))) return null
  return { replicas, isr, addingReplicas: [], removingReplicas: [] }
}

export interface Reverted extends Replication {
  /**
   * None of the old replicas is in sync, so going back needs a leader that may lack records. The
   * ISR is the first of them then.
   */
  readonly unclean: boolean
}

/** The lists when a move is given up. Fails with INVALID_REPLICA_ASSIGNMENT if nothing was. */
export function reverted(partition: Replication): Reverted {
  const replicas = without(partition.replicas, partition.addingReplicas)
  if (replicas.length === 0)
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', 'every replica is being added')
  const kept = without(partition.isr, partition.addingReplicas)
  const unclean = kept.length === 0
  const isr = unclean ? [replicas[0]!] : kept
  return { replicas, isr, addingReplicas: [], removingReplicas: [], unclean }
}

export function without<T>(ids: readonly T[], gone: readonly T[]): readonly T[] {
  return ids.filter(id => !gone.includes(id))
}

function sortedWithout(ids: readonly number[], gone: readonly number[]): readonly number[] {
  return [...without(ids, gone)].sort((one, two) => one - two)
}
