/** `record.page` and `record.seek`: a window of a view, and a place in it. */
import type { Client } from '../../engine/client/client.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { InputOf } from '../contract/define.ts'
import type { PositionedCut, RecordPage } from '../contract/model/record.ts'
import { clusterSource } from './cluster-source.ts'
import { clamp, cutOf, positioned, type Offsets } from './cut.ts'
import { readBackward } from './read-backward.ts'
import { ReadBudget } from './read-budget.ts'
import { readForward, type ReadRows } from './read-forward.ts'
import { openView, seekInView, type RecordView } from './record-view.ts'

export const PREVIEW_BYTES = 2_048

type PageInput = InputOf<ApplicationApi, 'record.page'>

export async function readRecordPage(
  client: Client,
  input: PageInput,
  { nowMs, signal }: { readonly nowMs: () => number; readonly signal: AbortSignal },
): Promise<RecordPage> {
  const startedMs = nowMs()
  const view = await openView(client, input)
  const cut = await seekInView(client, view, input.from)
  signal.throwIfAborted()
  const budget = new ReadBudget()
  const { previewBytes = PREVIEW_BYTES } = input
  const source = clusterSource({ client, leaders: view.leaders, previewBytes, signal })
  const page = await readRows(source, input, view, cut, budget)
  return {
    base: cutOf(view.base),
    before: positioned(page.before, view.base),
    after: positioned(page.after, view.base),
    end: positioned(view.end, view.base),
    logStart: positioned(view.start, view.base),
    rows: page.rows,
    problems: [...view.problems, ...page.problems],
    elapsedMs: nowMs() - startedMs,
    bytesRead: budget.readBytes,
  }
}

async function readRows(
  source: ReturnType<typeof clusterSource>,
  { direction, limit }: PageInput,
  { base, start, end }: RecordView,
  cut: Offsets,
  budget: ReadBudget,
): Promise<ReadRows> {
  // What retention took since the view was opened cannot be read, and still has its positions.
  const readable = clamp(cut, start, end)
  if (direction === 'forward') {
    const page = await readForward(source, { base, cut: readable, bound: end, limit }, budget)
    return { ...page, before: cut }
  }
  const page = await readBackward(source, { base, cut: readable, bound: start, limit }, budget)
  const before = new Map(
    [...page.before].map(([partition, offset]) => {
      const atStart = offset <= start.get(partition)!
      return [partition, atStart ? base.get(partition)! : offset]
    }),
  )
  return { ...page, before, after: cut }
}

export async function seekRecord(
  client: Client,
  input: InputOf<ApplicationApi, 'record.seek'>,
): Promise<PositionedCut> {
  const view = await openView(client, input)
  return positioned(await seekInView(client, view, input.to), view.base)
}
