/** Places in a view: what a page begins at, and where a view ends. */
import type { Client } from '../../engine/client/client.ts'
import { assertNever } from '../../engine/support/assert.ts'
import type { Seek, ViewEnd } from '../contract/api/record.ts'
import { unpackCut } from '../contract/cut.ts'
import { committedOffsets } from '../groups/group-offsets.ts'
import { listOffsets, MAX_TIMESTAMP } from '../lookups/list-offsets.ts'
import { clamp, larger, smaller, type Offsets } from './cut.ts'
import type { RecordView } from './record-view.ts'
import { seekPosition } from './seek-position.ts'
import { leadersOf, offsetsOf } from './slot.ts'
import { unlessAborted } from './unless-aborted.ts'

/** The cut that a seek means, inside of what the log has. */
export async function seekInView(
  client: Client,
  view: RecordView,
  to: Seek,
  signal: AbortSignal,
): Promise<Offsets> {
  const { base, start, end, slots } = view
  switch (to.type) {
    case 'oldest':
      return start
    case 'newest':
      return end
    case 'offset':
      return clamp(everywhere(view, to.offset), start, end)
    case 'timestamp':
      return offsetsAtTime(client, view, to.timestampMs, signal)
    case 'group':
      return clamp(await offsetsOfGroup(client, view, to.groupId, signal), start, end)
    case 'position':
      return seekPosition(to.position, view, {
        range: () => timeRange(client, view, signal),
        offsetsAt: timestampMs => offsetsAtTime(client, view, timestampMs, signal),
      })
    case 'cut':
      return clamp(offsetsOf(unpackCut(to.cut), slots), base, end)
    default:
      return assertNever(to)
  }
}

/** The cut that a view ends at; null where it has no end. A count is for the reader to find. */
export async function endInView(
  client: Client,
  view: RecordView,
  until: Exclude<ViewEnd, { readonly type: 'count' }>,
  signal: AbortSignal,
): Promise<Offsets | null> {
  const { base, start, end, slots } = view
  switch (until.type) {
    case 'none':
      return null
    case 'now':
      return end
    case 'offset':
      return clamp(everywhere(view, until.offset), start, end)
    case 'timestamp':
      return offsetsAtTime(client, view, until.timestampMs, signal)
    // Not moved to the end of the log: a view may end where the log has yet to come.
    case 'cut':
      return new Map(
        [...base, ...offsetsOf(unpackCut(until.cut), slots)].filter(([slot]) => base.has(slot)),
      )
    default:
      return assertNever(until)
  }
}

/** Before each partition's first record that is not older; at its end where there is none. */
export async function offsetsAtTime(
  client: Client,
  { slots, base, start, end }: RecordView,
  timestampMs: bigint,
  signal: AbortSignal,
): Promise<Offsets> {
  const asked = listOffsets(client, leadersOf(slots), timestampMs)
  const found = await unlessAborted(asked, signal)
  const offsets = new Map(
    [...base.keys()].map(slot => {
      const { topic, partition } = slots[slot]!
      const answer = found.get(topic)?.get(partition)
      const none = answer?.type !== 'found' || answer.offset < 0n
      return [slot, none ? end.get(slot)! : answer.offset]
    }),
  )
  return clamp(offsets, start, end)
}

/** Timestamps of the oldest and the newest record, as far as the brokers' indexes know them. */
export async function timeRange(
  client: Client,
  { slots }: Pick<RecordView, 'slots'>,
  signal: AbortSignal,
): Promise<{ readonly firstMs: bigint; readonly lastMs: bigint } | null> {
  const leaders = leadersOf(slots)
  const asked = [listOffsets(client, leaders, 0n), listOffsets(client, leaders, MAX_TIMESTAMP)]
  const times = (await unlessAborted(Promise.all(asked), signal)).map(table =>
    [...table.values()]
      .flatMap(found => [...found.values()])
      .flatMap(each => (each.type === 'found' && each.offset >= 0n ? each.timestampMs : [])),
  )
  const [first, last] = [times[0]!.reduce(smaller, NEVER_MS), times[1]!.reduce(larger, -1n)]
  return last < 0n || first > last ? null : { firstMs: first, lastMs: last }
}

const NEVER_MS = 1n << 62n

function everywhere({ base }: RecordView, offset: bigint): Offsets {
  return new Map([...base.keys()].map(slot => [slot, offset]))
}

/** Where its members would read on. What it never committed it would not read the past of. */
async function offsetsOfGroup(
  client: Client,
  { slots, end }: RecordView,
  groupId: string,
  signal: AbortSignal,
): Promise<Offsets> {
  const committed = await unlessAborted(committedOffsets(client, groupId), signal)
  return new Map([...end, ...offsetsOf(committed, slots)])
}
