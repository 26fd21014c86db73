/** Who holds which partition, and what changed from one time to the next. */
import type { TopicPartitions } from '../contract/model/group.ts'

export interface Holding {
  readonly memberId: string
  /** Null where it was so before anyone looked. */
  readonly sinceMs: number | null
}

/** By topic and partition. */
export type Holdings = ReadonlyMap<string, ReadonlyMap<number, Holding>>

export interface Moves {
  /** Partitions with another holder than before; null where before is not known. */
  readonly movedCount: number | null
  readonly partitionCount: number
  gained(memberId: string): readonly TopicPartitions[]
  lost(memberId: string): readonly TopicPartitions[]
  heldCount(memberId: string): number
}

export function gainsAndLosses(before: Holdings | null, after: Holdings): Moves {
  const gained = new Map<string, TopicPartitions[]>()
  const lost = new Map<string, TopicPartitions[]>()
  const held = new Map<string, number>()
  let movedCount = 0
  let partitionCount = 0
  const place = (where: Map<string, TopicPartitions[]>, memberId: string, at: Place) => {
    const list = where.get(memberId) ?? []
    const last = list.at(-1)
    if (last?.topic === at.topic) (last.partitions as number[]).push(at.partition)
    else list.push({ topic: at.topic, partitions: [at.partition] })
    where.set(memberId, list)
  }
  for (const at of placesOf(before, after)) {
    const was = before?.get(at.topic)?.get(at.partition)?.memberId
    const is = after.get(at.topic)?.get(at.partition)?.memberId
    if (is !== undefined) {
      partitionCount++
      held.set(is, (held.get(is) ?? 0) + 1)
    }
    if (was === is) continue
    movedCount++
    if (before !== null && is !== undefined) place(gained, is, at)
    if (was !== undefined) place(lost, was, at)
  }
  return {
    movedCount: before === null ? null : movedCount,
    partitionCount,
    gained: memberId => gained.get(memberId) ?? [],
    lost: memberId => lost.get(memberId) ?? [],
    heldCount: memberId => held.get(memberId) ?? 0,
  }
}

interface Place {
  readonly topic: string
  readonly partition: number
}

function placesOf(before: Holdings | null, after: Holdings): readonly Place[] {
  const topics = new Set([...(before?.keys() ?? []), ...after.keys()])
  return [...topics].sort().flatMap(topic => {
    const partitions = new Set([
      ...(before?.get(topic)?.keys() ?? []),
      ...(after.get(topic)?.keys() ?? []),
    ])
    return [...partitions].sort((a, b) => a - b).map(partition => ({ topic, partition }))
  })
}
