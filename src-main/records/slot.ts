/**
 * The partitions of a view, numbered: a **slot** is a partition's place among them. What merges
 * records counts in slots, and so need not know whether there are one or several topics.
 */
import { packCut } from '../contract/cut.ts'
import type {
  Cut,
  PartitionOffset,
  PartitionProblem,
  PositionedCut,
} from '../contract/model/record.ts'
import type { Problem } from '../contract/define.ts'
import type { TopicLeaders } from '../lookups/cluster-topics.ts'
import { positionOf, type Offsets } from './cut.ts'

export interface Slot {
  readonly topic: string
  readonly partition: number
  /** -1 where nobody leads. */
  readonly leader: number
}

export function cutOf(offsets: Offsets, slots: readonly Slot[]): Cut {
  return packCut(offsetList(offsets, slots))
}

export function offsetList(offsets: Offsets, slots: readonly Slot[]): PartitionOffset[] {
  return [...offsets].map(([slot, offset]) => {
    const { topic, partition } = slots[slot]!
    return { topic, partition, offset }
  })
}

/** Offsets of the partitions that the view has; others are left out. */
export function offsetsOf(partitions: readonly PartitionOffset[], slots: readonly Slot[]): Offsets {
  const given = new Map(
    partitions.map(({ topic, partition, offset }) => [partitionKey(topic, partition), offset]),
  )
  const offsets = new Map<number, bigint>()
  for (const [slot, { topic, partition }] of slots.entries()) {
    const offset = given.get(partitionKey(topic, partition))
    if (offset !== undefined) offsets.set(slot, offset)
  }
  return offsets
}

export function positioned(offsets: Offsets, base: Offsets, slots: readonly Slot[]): PositionedCut {
  return { cut: cutOf(offsets, slots), position: positionOf(offsets, base) }
}

/** In the form that lookups need. */
export function leadersOf(slots: Iterable<Slot>): TopicLeaders[] {
  const topics = new Map<string, Map<number, number>>()
  for (const { topic, partition, leader } of slots) {
    const leaders = topics.get(topic) ?? new Map<number, number>()
    topics.set(topic, leaders.set(partition, leader))
  }
  return [...topics].map(([topic, leaders]) => ({ topic, leaders }))
}

export function problemOfSlot({ topic, partition }: Slot, problem: Problem): PartitionProblem {
  return { topic, partition, problem }
}

/** A topic's name holds no slash. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`
}
