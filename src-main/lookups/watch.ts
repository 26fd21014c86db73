/** Keeps a stream's reader up to date with something that can only be asked for. */
import { ContractError, type StreamSink } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'

/** Resolves after this time, or at once when the signal is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** A cluster that has told nothing for so long is away: the stream ends with the last failure. */
const FAILING_MS_MAX = 3_000
/** A look that takes longer, and much longer than the others did, is a failure. */
const LATE_MS = 5_000
const LATE_FACTOR = 3
/**
 * What takes long, as a cluster of ten thousand topics, is asked for less often. It counts as taking
 * as long as the shortest of its last looks: one that waited for a broker that went away is no
 * reason to look away just then.
 */
const SHARE_OF_TIME_MAX = 0.1
const LOOKS_COMPARED = 3
/** So many intervals pass between two looks at the most, however long one takes. */
const INTERVALS_MAX = 5

export interface Watch<T> {
  readonly sink: StreamSink<T>
  readonly intervalMs: number
  readonly nowMs: () => number
  readonly wait: Wait
  readonly read: () => Promise<T>
  /** Two items with the same digest show the same. */
  readonly digest: (item: T) => string
}

export async function watch<T>(options: Watch<T>): Promise<void> {
  const { sink, intervalMs, nowMs, wait, read, digest } = options
  const { signal } = sink
  let shown: string | null = null
  let failingSinceMs: number | null = null
  const tookMs: number[] = []
  while (!signal.aborted) {
    const startedMs = nowMs()
    try {
      // The first look is waited for: nothing is shown yet that could be wrong by now.
      const lateMs = Math.max(LATE_MS, LATE_FACTOR * Math.max(0, ...tookMs))
      const item = shown === null ? await read() : await unlessLate(read(), lateMs, wait)
      const fresh = digest(item)
      failingSinceMs = null
      if (fresh !== shown && !sink.congested) {
        sink.emit(item)
        shown = fresh
      }
    } catch (error) {
      // Coordinators move and brokers restart: what fails once is asked for again.
      const problem = problemOf(error)
      failingSinceMs ??= startedMs
      const lasting = problem.code === 'NOT_FOUND' || problem.code === 'INTERNAL'
      const away = nowMs() - failingSinceMs >= FAILING_MS_MAX
      if (lasting || shown === null || away) throw new ContractError(problem)
    }
    tookMs.push(nowMs() - startedMs)
    if (tookMs.length > LOOKS_COMPARED) tookMs.shift()
    const pauseMs = Math.min(Math.min(...tookMs) / SHARE_OF_TIME_MAX, intervalMs * INTERVALS_MAX)
    await wait(Math.max(intervalMs, pauseMs), signal)
  }
}

async function unlessLate<T>(reading: Promise<T>, lateMs: number, wait: Wait): Promise<T> {
  const given = new AbortController()
  const late = wait(lateMs, given.signal).then((): never => {
    throw new ContractError({
      code: 'REQUEST_TIMED_OUT',
      message: `no answer of the cluster within ${lateMs} ms`,
    })
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    given.abort()
    // What comes too late is nobody's any more, whether it is an answer or a failure.
    void Promise.allSettled([reading, late])
  }
}

/** A digest of plain data, without the time it was observed at. */
export function plainDigest(item: { readonly observedAtMs: bigint }): string {
  return JSON.stringify({ ...item, observedAtMs: undefined }, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}
