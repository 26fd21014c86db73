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
import { LATEST, listOffsets } from '../lookups/list-offsets.ts'
import { clusterSource } from './cluster-source.ts'
import { between, clamp, larger, positionOf, type Offsets } from './cut.ts'
import { ReadBudget } from './read-budget.ts'
import { readForward } from './read-forward.ts'
import { shownRows } from './record-page.ts'
import { openView, reopenView, type RecordView } from './record-view.ts'
import { showOptions, type ShowOptions } from './show-options.ts'
import { leadersOf, positioned, problemOfSlot } from './slot.ts'
import { unlessAborted } from './unless-aborted.ts'
import { seekInView } from './view-places.ts'

const INTERVAL_MS = 100
const COUNT_INTERVAL_MS = 500
/** Of a cluster that is slow to answer, others get their turn in between. */
const INTERVAL_MS_MIN = 20
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
export async function tailRecords(tail: LiveTail): Promise<void> {
  const { client, input, sink, nowMs, wait } = tail
  const { signal } = sink
  const show = showOptions(input)
  let view = await openView(client, input, signal)
  let cut = await seekInView(client, view, input.from, signal)
  const begin = positionOf(cut, view.base)
  const reports = new Reports(nowMs)
  let skippedCount = 0n

  while (!signal.aborted) {
    const startedMs = nowMs()
    view = await refreshed(client, view, signal)
    const step =
      input.show === 'rows' && !sink.congested
        ? await readNew(tail, view, cut, show)
        : { at: cut, rows: [], skippedCount: 0n, problems: [] }
    cut = step.at
    skippedCount += step.skippedCount
    const { base, end, slots } = view
    const at = positioned(cut, base, slots)
    const waitingCount = positionOf(end, base) - at.position
    const problems = [...view.problems, ...step.problems]
    const update = {
      rows: step.rows,
      at,
      readCount: at.position - begin,
      skippedCount,
      waitingCount,
      problems,
    }
    if (reports.isNews(update)) sink.emit(update)
    const intervalMs = input.show === 'rows' ? INTERVAL_MS : COUNT_INTERVAL_MS
    await wait(Math.max(INTERVAL_MS_MIN, startedMs + intervalMs - nowMs()), signal)
  }
}

/** Whether an update says anything that the last one did not, or is due as a sign of life. */
class Reports {
  readonly #nowMs: () => number
  #sentAtMs = -Infinity
  #sent = ''

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  isNews({ rows, waitingCount, problems }: LiveUpdate): boolean {
    const troubles = problems.map(
      ({ topic, partition, problem }) => `${topic} ${partition} ${problem.code}`,
    )
    const said = `${waitingCount} ${troubles.join()}`
    const silent = rows.length === 0 && said === this.#sent
    if (silent && this.#nowMs() - this.#sentAtMs < SILENCE_MS_MAX) return false
    this.#sentAtMs = this.#nowMs()
    this.#sent = said
    return true
  }
}

interface Step {
  readonly at: Offsets
  readonly rows: LiveUpdate['rows']
  readonly skippedCount: bigint
  readonly problems: readonly PartitionProblem[]
}

async function readNew(
  { client, input: { rowsMax = ROWS_MAX }, sink: { signal } }: LiveTail,
  { slots, isolation, base, start, end }: RecordView,
  cut: Offsets,
  show: ShowOptions,
): Promise<Step> {
  const waiting = positionOf(end, base) - positionOf(cut, base)
  if (waiting === 0n) return { at: cut, rows: [], skippedCount: 0n, problems: [] }
  const limit = BigInt(rowsMax)
  const from =
    waiting > limit ? between(clamp(cut, base, end), end, positionOf(end, base) - limit, base) : cut
  const readable = clamp(from, start, end)
  const source = clusterSource({ client, slots, isolation, signal }, show)
  const window = { base, cut: readable, bound: end, limit: rowsMax }
  const { rows, after, problems } = await readForward(
    source,
    window,
    new ReadBudget(UPDATE_BYTES_MAX),
  )
  return {
    at: after,
    rows: shownRows(rows, slots),
    skippedCount: positionOf(readable, base) - positionOf(cut, base),
    problems: problems.map(({ slot, problem }) => problemOfSlot(slots[slot]!, problem)),
  }
}

/** The same view with its ends as they are now. A partition that fails keeps the end it had. */
async function refreshed(
  client: Client,
  view: RecordView,
  signal: AbortSignal,
): Promise<RecordView> {
  const { slots, isolation } = view
  const asked = listOffsets(client, leadersOf(slots), LATEST, isolation)
  const found = await unlessAborted(asked, signal)
  const answers = [...found.values()].flatMap(each => [...each.values()])
  // Leaders move, and what had a problem when the view was opened may have none any more.
  if (view.problems.length > 0 || answers.some(({ type }) => type === 'problem'))
    return reopened(client, view, signal)
  const end = new Map(
    [...view.end].map(([slot, before]) => {
      const { topic, partition } = slots[slot]!
      const answer = found.get(topic)?.get(partition)
      return [slot, answer?.type === 'found' ? larger(answer.offset, before) : before]
    }),
  )
  return { ...view, end }
}

/**
 * Leaders move, and brokers come back: a new look finds them. Only a deleted topic ends the tail,
 * and of several topics the last one.
 */
async function reopened(
  client: Client,
  view: RecordView,
  signal: AbortSignal,
): Promise<RecordView> {
  const { slots, base } = view
  try {
    return await reopenView(client, view, signal)
  } catch (error) {
    // Waiting for the cluster to come back; the page is told why nothing comes.
    const problem = problemOf(error)
    if (problem.code === 'UNKNOWN_TOPIC_OR_PARTITION' || signal.aborted) throw error
    const problems = [...base.keys()].map(slot => problemOfSlot(slots[slot]!, problem))
    return { ...view, problems }
  }
}
