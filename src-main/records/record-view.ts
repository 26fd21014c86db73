/** A topic's partitions as a view: where they start and end now, and places in between. */
import type { Client } from '../../engine/client/client.ts'
import { assertNever } from '../../engine/support/assert.ts'
import type { InputOf } from '../contract/define.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { ApplicationApi } from '../contract/api.ts'
import type { Cut, PartitionProblem } from '../contract/model/record.ts'
import { kafkaProblem } from '../contract/problem.ts'
import { describeMetadata, leadersOf, type TopicLeaders } from '../lookups/cluster-topics.ts'
import { clamp, larger, offsetsOf, smaller, type Offsets } from './cut.ts'
import {
  EARLIEST,
  LATEST,
  MAX_TIMESTAMP,
  listOffsets,
  type FoundOffset,
} from '../lookups/list-offsets.ts'
import { seekPosition } from './seek-position.ts'

export type Seek = InputOf<ApplicationApi, 'record.seek'>['to']

export interface RecordView {
  readonly leaders: TopicLeaders
  readonly base: Offsets
  /** Log starts, at `base` or past it. */
  readonly start: Offsets
  /** High watermarks. */
  readonly end: Offsets
  readonly problems: readonly PartitionProblem[]
}

export interface ViewOptions {
  readonly topic: string
  /** Null for all. */
  readonly partitions: readonly number[] | null
  /** Of the view's first page; null opens the view. */
  readonly base: Cut | null
}

/** Throws a `ContractError` when no partition of the topic can be read. */
export async function openView(client: Client, options: ViewOptions): Promise<RecordView> {
  const all = leadersOf(await describeMetadata(client, options.topic))
  const base = options.base === null ? null : offsetsOf(options.base)
  const chosen = base === null ? (options.partitions ?? [...all.leaders.keys()]) : [...base.keys()]
  const inOrder = [...new Set(chosen)].sort((a, b) => a - b)
  const leaders = {
    topic: options.topic,
    leaders: new Map(inOrder.map(partition => [partition, all.leaders.get(partition) ?? -1])),
  }
  const [starts, ends] = await Promise.all([
    listOffsets(client, [leaders], EARLIEST),
    listOffsets(client, [leaders], LATEST),
  ])
  const view = { base: new Map(base), start: new Map(base), end: new Map(base) }
  const problems: PartitionProblem[] = []
  for (const partition of inOrder) {
    const start = starts.get(options.topic)!.get(partition)
    const end = ends.get(options.topic)!.get(partition)
    if (start?.type !== 'found' || end?.type !== 'found') {
      const problem = all.leaders.has(partition)
        ? (problemIn(start) ?? problemIn(end) ?? noAnswer(options.topic, partition))
        : kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `${options.topic}-${partition} does not exist`)
      problems.push({ partition, problem })
      continue
    }
    const from = base?.get(partition) ?? start.offset
    view.base.set(partition, from)
    view.start.set(partition, larger(start.offset, from))
    view.end.set(partition, larger(end.offset, larger(start.offset, from)))
  }
  const [first] = problems
  if (first !== undefined && problems.length === inOrder.length)
    throw new ContractError(first.problem)
  return { leaders, ...view, problems }
}

/** The cut that a seek means, inside of what the log has. */
export async function seekInView(client: Client, view: RecordView, to: Seek): Promise<Offsets> {
  const { base, start, end } = view
  switch (to.type) {
    case 'oldest':
      return start
    case 'newest':
      return end
    case 'offset':
      return clamp(new Map([...base.keys()].map(each => [each, to.offset])), start, end)
    case 'timestamp':
      return offsetsAtTime(client, view, to.timestampMs)
    case 'position':
      return seekPosition(to.position, view, {
        range: () => timeRange(client, view),
        offsetsAt: timestampMs => offsetsAtTime(client, view, timestampMs),
      })
    case 'cut':
      return clamp(offsetsOf(to.cut), base, end)
    default:
      return assertNever(to)
  }
}

/** Before each partition's first record that is not older; at its end where there is none. */
export async function offsetsAtTime(
  client: Client,
  { leaders, base, start, end }: RecordView,
  timestampMs: bigint,
): Promise<Offsets> {
  const found = (await listOffsets(client, [leaders], timestampMs)).get(leaders.topic)!
  const offsets = new Map(
    [...base.keys()].map(partition => {
      const answer = found.get(partition)
      const none = answer?.type !== 'found' || answer.offset < 0n
      return [partition, none ? end.get(partition)! : answer.offset]
    }),
  )
  return clamp(offsets, start, end)
}

/** Timestamps of the oldest and the newest record, as far as the brokers' indexes know them. */
async function timeRange(client: Client, { leaders }: RecordView) {
  const [oldest, newest] = await Promise.all([
    listOffsets(client, [leaders], 0n),
    listOffsets(client, [leaders], MAX_TIMESTAMP),
  ])
  const times = [oldest, newest].map(table =>
    [...table.get(leaders.topic)!.values()].flatMap(found =>
      found.type === 'found' && found.offset >= 0n ? found.timestampMs : [],
    ),
  )
  const [first, last] = [times[0]!.reduce(smaller, NEVER_MS), times[1]!.reduce(larger, -1n)]
  return last < 0n || first > last ? null : { firstMs: first, lastMs: last }
}

const NEVER_MS = 1n << 62n

function problemIn(answer: FoundOffset | undefined): Problem | null {
  return answer?.type === 'problem' ? answer.problem : null
}

function noAnswer(topic: string, partition: number): Problem {
  return kafkaProblem('UNKNOWN_SERVER_ERROR', `${topic}-${partition}: the broker left it out`)
}
