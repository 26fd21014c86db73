/** The partitions of one or several topics as a view: where they start and end now. */
import type { Client } from '../../engine/client/client.ts'
import { unpackCut } from '../contract/cut.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { Cut, PartitionOffset, PartitionProblem } from '../contract/model/record.ts'
import { kafkaProblem } from '../contract/problem.ts'
import { codeProblem, type MetadataTopic } from '../lookups/cluster-topics.ts'
import { EARLIEST, LATEST, listOffsets, type FoundOffset } from '../lookups/list-offsets.ts'
import type { Isolation } from './cluster-source.ts'
import { larger, type Offsets } from './cut.ts'
import { leadersOf, offsetList, offsetsOf, partitionKey, problemOfSlot, type Slot } from './slot.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface RecordView {
  readonly slots: readonly Slot[]
  readonly isolation: Isolation
  /** Without the slots that had a problem when the view was opened, as `start` and `end`. */
  readonly base: Offsets
  /** Log starts, at `base` or past it. */
  readonly start: Offsets
  /** High watermarks, or last stable offsets. */
  readonly end: Offsets
  readonly problems: readonly PartitionProblem[]
  /** Slots of the view that did not answer now: all three cuts have them where they began. */
  readonly absent: ReadonlySet<number>
}

export interface ViewOptions {
  readonly sources: readonly ViewSource[]
  /** Of the view's first page; null opens the view. */
  readonly base: Cut | null
  readonly isolation?: Isolation | undefined
}

export interface ViewSource {
  readonly topic: string
  /** Null for all. */
  readonly partitions: readonly number[] | null
}

/** Throws a `ContractError` when no partition can be read. */
export async function openView(
  client: Client,
  { sources, base, isolation = 'read_uncommitted' }: ViewOptions,
  signal: AbortSignal,
): Promise<RecordView> {
  const given = base === null ? null : unpackCut(base)
  const asked =
    given === null
      ? sources
      : given.map(({ topic, partition }) => ({ topic, partitions: [partition] }))
  return readView(client, asked, { base: given, isolation }, signal)
}

/** The same view as it is now. Its slots keep their numbers. */
export async function reopenView(
  client: Client,
  { slots, base, isolation }: RecordView,
  signal: AbortSignal,
): Promise<RecordView> {
  const asked = slots.map(({ topic, partition }) => ({ topic, partitions: [partition] }))
  return readView(client, asked, { base: offsetList(base, slots), isolation }, signal)
}

async function readView(
  client: Client,
  sources: readonly ViewSource[],
  {
    base,
    isolation,
  }: { readonly base: readonly PartitionOffset[] | null; readonly isolation: Isolation },
  signal: AbortSignal,
): Promise<RecordView> {
  const names = [...new Set(sources.map(({ topic }) => topic))]
  if (names.length === 0) throw nothingToRead
  const { topics } = await unlessAborted(client.metadata(names), signal)
  const found = new Map(topics.map(topic => [topic.name ?? '', topic]))
  const problems: PartitionProblem[] = names.flatMap(topic => {
    const problem = problemOfTopic(found.get(topic), topic)
    return problem === null ? [] : { topic, partition: null, problem }
  })
  const slots = names.flatMap(topic => slotsOf(topic, found.get(topic), sources))
  const leaders = leadersOf(slots)
  const [starts, ends] = await unlessAborted(
    Promise.all([
      listOffsets(client, leaders, EARLIEST),
      listOffsets(client, leaders, LATEST, isolation),
    ]),
    signal,
  )
  const given = base === null ? null : offsetsOf(base, slots)
  const view = { base: new Map(given), start: new Map(given), end: new Map(given) }
  const absent = new Set<number>()
  for (const [slot, { topic, partition }] of slots.entries()) {
    const start = starts.get(topic)?.get(partition)
    const end = ends.get(topic)?.get(partition)
    if (start?.type !== 'found' || end?.type !== 'found') {
      if (!problems.some(each => each.topic === topic && each.partition === null))
        problems.push(problemOfSlot(slots[slot]!, problemOfEnds(slots[slot]!, found, start, end)))
      if (view.base.has(slot)) absent.add(slot)
      continue
    }
    const from = given === null ? start.offset : given.get(slot)
    if (from === undefined) {
      problems.push(problemOfSlot(slots[slot]!, missingAtFirst(topic, partition)))
      continue
    }
    view.base.set(slot, from)
    view.start.set(slot, larger(start.offset, from))
    view.end.set(slot, larger(end.offset, larger(start.offset, from)))
  }
  const [first] = problems
  if (first !== undefined && !answered(slots, problems)) throw new ContractError(first.problem)
  return { slots, isolation, ...view, problems, absent }
}

/** The partitions of one topic, in order; those that do not exist are led by nobody. */
function slotsOf(
  topic: string,
  found: MetadataTopic | undefined,
  sources: readonly ViewSource[],
): Slot[] {
  const leaders = new Map(
    (found?.partitions ?? []).map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]),
  )
  const wanted = sources
    .filter(source => source.topic === topic)
    .flatMap(({ partitions }) => partitions ?? [...leaders.keys()])
  return [...new Set(wanted)]
    .sort((a, b) => a - b)
    .map(partition => ({ topic, partition, leader: leaders.get(partition) ?? -1 }))
}

function answered(slots: readonly Slot[], problems: readonly PartitionProblem[]): boolean {
  const failed = new Set(
    problems.map(({ topic, partition }) => partitionKey(topic, partition ?? -1)),
  )
  return slots.some(
    ({ topic, partition }) =>
      !failed.has(partitionKey(topic, partition)) && !failed.has(partitionKey(topic, -1)),
  )
}

function problemOfTopic(found: MetadataTopic | undefined, topic: string): Problem | null {
  return found === undefined
    ? kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `topic ${topic} does not exist`)
    : codeProblem(found.errorCode, `topic ${topic}`)
}

function problemOfEnds(
  { topic, partition }: Slot,
  topics: ReadonlyMap<string, MetadataTopic>,
  ...answers: readonly (FoundOffset | undefined)[]
): Problem {
  const known = topics.get(topic)?.partitions.some(each => each.partitionIndex === partition)
  if (known !== true)
    return kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition} does not exist`)
  for (const answer of answers) if (answer?.type === 'problem') return answer.problem
  return kafkaProblem('UNKNOWN_SERVER_ERROR', `${topic}-${partition}: the broker left it out`)
}

function missingAtFirst(topic: string, partition: number): Problem {
  return {
    code: 'LEADER_NOT_AVAILABLE',
    message: `${topic}-${partition} could not be read when the view was opened`,
    remedy: 'Open the view again to have it in it.',
  }
}

const nothingToRead = new ContractError({
  code: 'INVALID_INPUT',
  message: 'a view of no topic',
  remedy: 'Choose at least one topic.',
})
