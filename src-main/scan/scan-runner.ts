/**
 * Runs one scan over the inspect workers: shares its partitions out, gathers what they report, ends
 * them together, and sees to it that a worker that hangs over a record does not hang for ever.
 */
import { ContractError, type Problem } from '../contract/define.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'
import type { ScanRange } from './partition-scan.ts'

/**
 * A worker that reports nothing for so long is busy with one record. Looks are counted, not
 * milliseconds: a computer that slept looks once.
 */
const LOOK_MS = 500
const SILENT_LOOKS_MAX = 20

export interface Share {
  /** Which books its ranges are of. */
  readonly books: readonly number[]
  readonly ranges: readonly ScanRange[]
  readonly worker: number
  readonly scanId: string
}

export interface ShareReader<Item> {
  onItem(item: Item): void
  onEnd(problem: Problem | null): void
}

export interface RunOptions<Item> {
  readonly workers: InspectWorkers
  readonly cluster: string
  readonly scanId: string
  readonly left: readonly { readonly book: number; readonly range: ScanRange }[]
  /** One worker alone, for an output that has to be in order. */
  readonly together?: boolean
  /** Opens the worker's stream; returns what closes it. */
  open(share: Share, reader: ShareReader<Item>): () => void
  take(share: Share, item: Item): void
  readonly signal: AbortSignal
  /** Whether it may be the filter that a silent worker is busy with. */
  readonly mayHang: boolean
}

/** Resolves when all shares have ended, in order or after the signal; rejects with the first problem. */
export async function runShares<Item>(options: RunOptions<Item>): Promise<void> {
  const { workers, cluster, signal } = options
  const shares = sharesOf(options)
  const problems: Problem[] = []
  const stop = () => {
    for (const { worker, scanId } of shares)
      // A worker that has ended meanwhile has stopped, too.
      workers.call('scan.stop', { cluster, scanId }, { worker }).catch(() => {})
  }
  await Promise.all(
    shares.map(share => {
      const { promise, resolve } = Promise.withResolvers<void>()
      let silentLooks = 0
      let killed: Problem | null = null
      const watchdog = setInterval(() => {
        silentLooks++
        if (!options.mayHang || silentLooks < SILENT_LOOKS_MAX || killed !== null) return
        killed = hung
        void workers.kill(share.worker, hung.message)
      }, LOOK_MS)
      options.open(share, {
        onItem(item) {
          silentLooks = 0
          options.take(share, item)
        },
        onEnd(problem) {
          clearInterval(watchdog)
          if (problem !== null) {
            problems.push(killed ?? problem)
            stop()
          }
          resolve()
        },
      })
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      return promise
    }),
  )
  signal.removeEventListener('abort', stop)
  const [first] = problems
  if (first !== undefined) throw new ContractError(first)
}

const hung: Problem = {
  code: 'FILTER_HUNG',
  message: `the filter was busy with one record for ${(SILENT_LOOKS_MAX * LOOK_MS) / 1_000} s`,
  remedy: 'Its thread was ended. Change the filter, and continue or begin anew.',
}

/** Partitions in turn, so that each worker gets a part of each topic. */
function sharesOf<Item>({ workers, left, scanId, together }: RunOptions<Item>): readonly Share[] {
  const count = together === true ? 1 : Math.max(1, Math.min(workers.size, left.length))
  return Array.from({ length: count }, (_, worker) => {
    const mine = left.filter((_, index) => index % count === worker)
    return {
      books: mine.map(({ book }) => book),
      ranges: mine.map(({ range }) => range),
      worker,
      scanId: `${scanId}-${worker}`,
    }
  })
}
