/**
 * `record.live`: new records as they come.
 *
 * It reads at most ten times a second and sends at most a page's worth of rows each time. A topic
 * that is faster than that is not read in full: the tail jumps close to the end and says how many
 * it left out, so a live view costs the same at a hundred records a second as at a hundred thousand.
 */
import type { Client } from '../../engine/client/client.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { StreamInputOf, StreamSink } from '../contract/define.ts'
import type { LiveUpdate, PartitionProblem } from '../contract/model/record.ts'
import { problemOf } from '../contract/problem.ts'
import { clusterSource } from './cluster-source.ts'
import { between, clamp, cutOf, positioned, positionOf, type Offsets } from './cut.ts'
import { LATEST, listOffsets } from '../lookups/list-offsets.ts'
import { PREVIEW_BYTES } from './record-page.ts'
import { ReadBudget } from './read-budget.ts'
import { readForward } from './read-forward.ts'
import { openView, seekInView, type RecordView } from './record-view.ts'

const INTERVAL_MS = 100
const COUNT_INTERVAL_MS = 500
const ROWS_MAX = 200
const UPDATE_BYTES_MAX = 4 * 1024 * 1024
/** Sent this often where nothing is new, so that the page knows that the tail lives. */
const SILENCE_MS_MAX = 5_000

type LiveInput = StreamInputOf<ApplicationApi, 'record.live'>

export interface LiveTail {
  readonly client: Client
  readonly input: LiveInput
  readonly sink: StreamSink<LiveUpdate>
  readonly nowMs: () => number
  /** Resolves after this time, or when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Runs until the stream is closed. */
export async function tailRecords({ client, input, sink, nowMs, wait }: LiveTail): Promise<void> {
  const { signal } = sink
  const opened = await openView(client, input)
  let cut = await seekInView(client, opened, input.from)
  const begin = positionOf(cut, opened.base)
  let skippedCount = 0n
  let sentAtMs = -Infinity
  let sentWaiting = -1n
  let sentProblems = ''

  while (!signal.aborted) {
    const now = await refreshed(client, opened)
    const step =
      input.show === 'rows' && !sink.congested
        ? await readNew(client, input, now, cut, signal)
        : { at: cut, rows: [], skippedCount: 0n, problems: [] }
    cut = step.at
    skippedCount += step.skippedCount
    const { base, end } = now
    const waitingCount = positionOf(end, base) - positionOf(cut, base)
    const problems = [...now.problems, ...step.problems]
    const troubles = problems.map(({ partition, problem }) => `${partition} ${problem.code}`).join()
    const silent =
      step.rows.length === 0 && waitingCount === sentWaiting && troubles === sentProblems
    if (!silent || nowMs() - sentAtMs >= SILENCE_MS_MAX) {
      const at = positioned(cut, base)
      const readCount = at.position - begin
      sink.emit({ rows: step.rows, at, readCount, skippedCount, waitingCount, problems })
      sentAtMs = nowMs()
      sentWaiting = waitingCount
      sentProblems = troubles
    }
    await wait(input.show === 'rows' ? INTERVAL_MS : COUNT_INTERVAL_MS, signal)
  }
}

interface Step {
  readonly at: Offsets
  readonly rows: LiveUpdate['rows']
  readonly skippedCount: bigint
  readonly problems: readonly PartitionProblem[]
}

async function readNew(
  client: Client,
  { rowsMax = ROWS_MAX, previewBytes = PREVIEW_BYTES }: LiveInput,
  { leaders, base, start, end }: RecordView,
  cut: Offsets,
  signal: AbortSignal,
): Promise<Step> {
  const waiting = positionOf(end, base) - positionOf(cut, base)
  const limit = BigInt(rowsMax)
  const from =
    waiting > limit ? between(clamp(cut, base, end), end, positionOf(end, base) - limit, base) : cut
  const readable = clamp(from, start, end)
  const source = clusterSource({ client, leaders, previewBytes, signal })
  const window = { base, cut: readable, bound: end, limit: rowsMax }
  const { rows, after, problems } = await readForward(
    source,
    window,
    new ReadBudget(UPDATE_BYTES_MAX),
  )
  return {
    at: after,
    rows,
    skippedCount: positionOf(readable, base) - positionOf(cut, base),
    problems,
  }
}

/** The same view with its ends as they are now. A partition that fails keeps the end it had. */
async function refreshed(client: Client, view: RecordView): Promise<RecordView> {
  const { topic } = view.leaders
  const found = (await listOffsets(client, [view.leaders], LATEST)).get(topic)!
  const failed = [...found].filter(([, answer]) => answer.type === 'problem')
  if (failed.length > 0) return reopened(client, view)
  const end = new Map(
    [...view.end].map(([partition, before]) => {
      const answer = found.get(partition)
      const offset = answer?.type === 'found' ? answer.offset : before
      return [partition, offset > before ? offset : before]
    }),
  )
  return { ...view, end }
}

/** Leaders move, and brokers come back: a new look finds them. Only a deleted topic ends the tail. */
async function reopened(client: Client, view: RecordView): Promise<RecordView> {
  const { topic } = view.leaders
  try {
    return await openView(client, { topic, partitions: null, base: cutOf(view.base) })
  } catch (error) {
    // Waiting for the cluster to come back; the page is told why nothing comes.
    const problem = problemOf(error)
    if (problem.code === 'UNKNOWN_TOPIC_OR_PARTITION') throw error
    return { ...view, problems: [...view.base.keys()].map(partition => ({ partition, problem })) }
  }
}
