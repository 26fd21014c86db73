/**
 * Where the logs of a live view end, as new records come. It is only counted here: the records
 * themselves are read as pages that follow each other, so an interruption loses none of them.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { recordApi } from '../../../../src-main/contract/api/record.ts'
import type { Problem, StreamInputOf } from '../../../../src-main/contract/define.ts'
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
  /** It will not come back by itself. */
  readonly onFailed: (problem: Problem) => void
}

/** Returns what closes it. */
export function watchLiveEnd(options: LiveEndOptions): () => void {
  const { client, input, onPosition, onInterruption, onFailed } = options
  let interruption: Interruption | null = null
  return openLasting(client, 'record.live', input, {
    onItem: ({ at, waitingCount }) => {
      if (interruption !== null && interruption.problem !== null) {
        interruption = { ...interruption, problem: null }
        onInterruption(interruption)
      }
      onPosition(at.position + waitingCount)
    },
    onBreak: problem => {
      const lasts = interruption !== null && interruption.problem !== null
      const count = (interruption?.count ?? 0) + (lasts ? 0 : 1)
      const sinceMs = interruption !== null && lasts ? interruption.sinceMs : Date.now()
      interruption = { problem, sinceMs, count }
      onInterruption(interruption)
    },
    onEnd: problem => {
      if (problem !== null) onFailed(problem)
    },
  })
}
