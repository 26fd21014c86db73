/** From a query's words to offsets: which partitions are read, and from where to where. */
import type { Client } from '../../engine/client/client.ts'
import type { Seek, ViewEnd } from '../contract/api/record.ts'
import { ContractError } from '../contract/define.ts'
import type { PartitionProblem } from '../contract/model/record.ts'
import { between, clamp, positionOf, type Offsets } from '../records/cut.ts'
import { openView, type RecordView, type ViewSource } from '../records/record-view.ts'
import { endInView, seekInView } from '../records/view-places.ts'
import type { Direction, ScanRange } from './partition-scan.ts'

export interface ScanQuery {
  readonly sources: readonly ViewSource[]
  readonly from: Seek
  readonly until: ViewEnd
  readonly direction: Direction
  readonly isolation?: 'read_uncommitted' | 'read_committed' | undefined
}

export interface ScanPlan {
  readonly ranges: readonly ScanRange[]
  /** Partitions that cannot be read, each with the reason. */
  readonly problems: readonly PartitionProblem[]
  /** Of each topic, whatever was chosen of it: partitioners count them all. */
  readonly partitionCounts: readonly { readonly topic: string; readonly count: number }[]
}

/** Throws a `ContractError` when no partition can be read, or the query cannot be. */
export async function planScan(
  client: Client,
  query: ScanQuery,
  signal: AbortSignal,
): Promise<ScanPlan> {
  const { sources, isolation, direction, from, until } = query
  if (direction === 'backward' && until.type === 'none')
    throw new ContractError({
      code: 'INVALID_INPUT',
      message: 'what never ends has no newest record to begin with',
      remedy: 'Read forward, or end at the end as it is now.',
    })
  const view = await openView(client, { sources, base: null, isolation }, signal)
  const { starts, ends } = await rangeOf(client, view, { from, until, direction }, signal)
  const ranges = [...view.base.keys()].map(slot => {
    const { topic, partition } = view.slots[slot]!
    const start = starts.get(slot)!
    const found = ends === null ? null : (ends.get(slot) ?? start)
    const end = found !== null && found < start ? start : found
    return { topic, partition, start, end, at: direction === 'backward' ? end! : start }
  })
  const names = [...new Set(sources.map(({ topic }) => topic))]
  const { topics } = await client.metadata(names)
  const partitionCounts = topics.map(({ name, partitions }) => ({
    topic: name ?? '',
    count: partitions.length,
  }))
  return { ranges, problems: view.problems, partitionCounts }
}

async function rangeOf(
  client: Client,
  view: RecordView,
  { from, until, direction }: Pick<ScanQuery, 'from' | 'until' | 'direction'>,
  signal: AbortSignal,
): Promise<{ readonly starts: Offsets; readonly ends: Offsets | null }> {
  const starts = await seekInView(client, view, from, signal)
  if (until.type !== 'count')
    return { starts, ends: clampEnds(view, await endInView(client, view, until, signal)) }
  const { base, end } = view
  const count = BigInt(until.count)
  return direction === 'forward'
    ? { starts, ends: between(starts, end, positionOf(starts, base) + count, base) }
    : { starts: between(starts, end, positionOf(end, base) - count, base), ends: end }
}

/** A scan ends at what is there: an end that is yet to come would be waited for. */
function clampEnds({ start, end }: RecordView, ends: Offsets | null): Offsets | null {
  return ends === null ? null : clamp(ends, start, end)
}
