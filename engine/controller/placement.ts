/**
 * Which brokers get the replicas of new partitions: striped over the active brokers in a shuffled
 * order, so that leaders and followers spread evenly and two topics do not begin at one broker.
 *
 * Racks do not count yet; with one replica per partition they could not.
 */
import { KafkaError } from '../protocol/errors.ts'
import type { Random } from '../ports/random.ts'

export interface PlacementInput {
  /** Brokers that may get replicas, by id. */
  readonly brokers: readonly number[]
  readonly partitionCount: number
  readonly replicationFactor: number
  readonly random: Random
}

/** The replicas of each partition, the preferred leader first. */
export function placeReplicas(input: PlacementInput): readonly (readonly number[])[] {
  const { partitionCount, replicationFactor } = input
  const brokers = shuffled(input.brokers, input.random)
  if (brokers.length === 0)
    throw new KafkaError('INVALID_REPLICATION_FACTOR', 'every broker is fenced or shutting down')
  if (replicationFactor > brokers.length)
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `replication factor ${replicationFactor} needs as many brokers, ` +
        `and ${brokers.length} can take replicas`,
    )
  return Array.from({ length: partitionCount }, (_, partition) =>
    Array.from(
      { length: replicationFactor },
      (_, replica) => brokers[(partition + replica) % brokers.length]!,
    ),
  )
}

function shuffled(ids: readonly number[], random: Random): readonly number[] {
  const order = [...ids]
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1)
    const held = order[last]!
    order[last] = order[chosen]!
    order[chosen] = held
  }
  return order
}
