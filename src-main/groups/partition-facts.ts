/** What is known of each partition that a group committed for, or that its members hold. Pure. */
import type { Problem } from '../contract/define.ts'
import { kafkaProblem } from '../contract/problem.ts'
import type { OffsetTable } from '../lookups/list-offsets.ts'
import { offsetIn } from '../topics/topic-figures.ts'
import { partitionsByTopic, type CommittedOffset } from './group-offsets.ts'
import type { BareGroup } from './bare-group.ts'

export interface PartitionFacts {
  readonly topic: string
  readonly partition: number
  readonly committed: CommittedOffset | undefined
  readonly memberIds: readonly string[]
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  readonly lag: bigint | null
  readonly problem: Problem | null
}

export interface HeldPartition {
  readonly topic: string
  readonly partition: number
  /** Several in a share group alone. */
  readonly memberIds: string[]
  /** From a task, whose topics may have fewer partitions than there are tasks. */
  readonly fromTask: boolean
}

export function holdersOf({ members }: BareGroup): ReadonlyMap<string, HeldPartition> {
  const holders = new Map<string, HeldPartition>()
  for (const { memberId, assignment, tasks } of members)
    for (const { topic, partitions } of assignment ?? [])
      for (const partition of partitions) {
        const key = `${topic}-${partition}`
        const known = holders.get(key)
        if (known === undefined)
          holders.set(key, { topic, partition, memberIds: [memberId], fromTask: tasks !== null })
        else known.memberIds.push(memberId)
      }
  return holders
}

interface LogEnds {
  readonly starts: OffsetTable
  readonly ends: OffsetTable
}

export function partitionFacts(
  committed: readonly CommittedOffset[],
  holders: ReadonlyMap<string, HeldPartition>,
  { starts, ends }: LogEnds,
): readonly PartitionFacts[] {
  const offsets = new Map(committed.map(each => [`${each.topic}-${each.partition}`, each]))
  const wanted = partitionsByTopic([...committed, ...holders.values()])
  return [...wanted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([topic, numbers]) =>
      [...numbers]
        .sort((a, b) => a - b)
        .flatMap((partition): PartitionFacts[] => {
          const key = `${topic}-${partition}`
          const highWatermark = offsetIn(ends, topic, partition)
          const answer = ends.get(topic)?.get(partition)
          const committedOffset = offsets.get(key)
          const holder = holders.get(key)
          const isNone = answer === undefined && ends.has(topic) && holder?.fromTask === true
          if (isNone && committedOffset === undefined) return []
          return [
            {
              topic,
              partition,
              committed: committedOffset,
              memberIds: holder?.memberIds ?? [],
              logStartOffset: offsetIn(starts, topic, partition),
              highWatermark,
              lag: lagOf(committedOffset, highWatermark),
              problem: answer === undefined ? deleted(topic, partition) : problemIn(answer),
            },
          ]
        }),
    )
}

export function lagOf(
  committed: Pick<CommittedOffset, 'offset' | 'reportedLag'> | undefined,
  highWatermark: bigint | null,
): bigint | null {
  if (committed === undefined || highWatermark === null) return null
  if (committed.reportedLag !== undefined) return committed.reportedLag
  // A commit can be past the end for a moment, and after an unclean election for longer.
  return highWatermark > committed.offset ? highWatermark - committed.offset : 0n
}

function deleted(topic: string, partition: number): Problem {
  return kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition} does not exist any more`)
}

function problemIn(answer: { readonly type: string; readonly problem?: Problem }): Problem | null {
  return answer.problem ?? null
}
