/** Keeps a stream's reader up to date with something that can only be asked for. */
import { ContractError, type StreamSink } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'

/** Resolves after this time, or at once when the signal is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** After so many failures in a row the stream ends with the last one. */
const FAILURES_MAX = 5
/**
 * What takes long, as a cluster of ten thousand topics, is asked for less often. It counts as taking
 * as long as the shortest of its last looks: one that waited for a broker that went away is no
 * reason to look away just then.
 */
const SHARE_OF_TIME_MAX = 0.1
const LOOKS_COMPARED = 3

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
  let failures = 0
  const tookMs: number[] = []
  while (!signal.aborted) {
    const startedMs = nowMs()
    try {
      const item = await read()
      const fresh = digest(item)
      failures = 0
      if (fresh !== shown && !sink.congested) {
        sink.emit(item)
        shown = fresh
      }
    } catch (error) {
      // Coordinators move and brokers restart: what fails once is asked for again.
      const problem = problemOf(error)
      failures += 1
      const lasting = problem.code === 'NOT_FOUND' || problem.code === 'INTERNAL'
      if (lasting || shown === null || failures >= FAILURES_MAX) throw new ContractError(problem)
    }
    tookMs.push(nowMs() - startedMs)
    if (tookMs.length > LOOKS_COMPARED) tookMs.shift()
    await wait(Math.max(intervalMs, Math.min(...tookMs) / SHARE_OF_TIME_MAX), signal)
  }
}

/** A digest of plain data, without the time it was observed at. */
export function plainDigest(item: { readonly observedAtMs: bigint }): string {
  return JSON.stringify({ ...item, observedAtMs: undefined }, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}
