/**
 * Where the logs of a live view end, as new records come. It is only counted here: the records
 * themselves are read as pages that follow each other, so an interruption loses none of them.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { recordApi } from '../../../../src-main/contract/api/record.ts'
import { partitionCount } from '../../../../src-main/contract/cut.ts'
import type { Problem, StreamInputOf } from '../../../../src-main/contract/define.ts'
import type { PartitionProblem } from '../../../../src-main/contract/model/record.ts'
import { openLasting } from '../../../connection/lasting-stream.ts'

export interface Interruption {
  /** Why it cannot be heard now; null once it is heard again. */
  readonly problem: Problem | null
  readonly sinceMs: number
  /** How many times it was so, since the view is live. */
  readonly count: number
}

export interface LiveEndOptions {
  readonly client: ApplicationClient
  /** From where the view was opened; asked anew whenever the stream is. */
  readonly input: () => StreamInputOf<typeof recordApi, 'record.live'>
  /** One past the newest offset, as a position. */
  readonly onPosition: (end: bigint) => void
  readonly onInterruption: (interruption: Interruption) => void
  /** Partitions that are away; all that are now, whenever that changes. */
  readonly onProblems: (problems: readonly PartitionProblem[]) => void
  /** It will not come back by itself. */
  readonly onFailed: (problem: Problem) => void
}

/** Returns what closes it. */
export function watchLiveEnd(options: LiveEndOptions): () => void {
  const { client, input, onPosition, onInterruption, onProblems, onFailed } = options
  let interruption: Interruption | null = null
  let told = '[]'
  const broken = (problem: Problem) => {
    const lasts = interruption !== null && interruption.problem !== null
    if (lasts && interruption!.problem!.code === problem.code) return
    const count = (interruption?.count ?? 0) + (lasts ? 0 : 1)
    const sinceMs = lasts ? interruption!.sinceMs : Date.now()
    interruption = { problem, sinceMs, count }
    onInterruption(interruption)
  }
  const heard = () => {
    if (interruption === null || interruption.problem === null) return
    interruption = { ...interruption, problem: null }
    onInterruption(interruption)
  }
  return openLasting(client, 'record.live', input, {
    onItem: ({ at, waitingCount, problems }) => {
      const [first] = problems
      // With every partition away there is nothing to hear.
      if (first !== undefined && problems.length >= partitionCount(at.cut)) broken(first.problem)
      else heard()
      const names = JSON.stringify(problems.map(each => [each.partition, each.problem.code]))
      if (names !== told) onProblems(problems)
      told = names
      onPosition(at.position + waitingCount)
    },
    onBreak: broken,
    onEnd: problem => {
      if (problem !== null) onFailed(problem)
    },
  })
}
