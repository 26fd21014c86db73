/** The partitions that a plan is about, and what has to be asked of their brokers for it. */
import type { Client } from '../../engine/client/client.ts'
import type { OffsetScope } from '../contract/api/offset.ts'
import type { Problem } from '../contract/define.ts'
import { kafkaProblem } from '../contract/problem.ts'
import { codeProblem, leadersOf, noLeader, type TopicLeaders } from '../lookups/cluster-topics.ts'
import {
  EARLIEST,
  LATEST,
  listOffsets,
  type FoundOffset,
  type OffsetTable,
} from '../lookups/list-offsets.ts'
import { topicConfigValues } from '../topics/topic-configurations.ts'

export interface Place {
  readonly topic: string
  readonly partition: number
}

export interface PlaceOnBroker extends Place {
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  readonly problem: Problem | null
  readonly sparse: boolean
}

export interface GatheredPlaces {
  /** In the order of topics' names and partitions. */
  readonly places: readonly PlaceOnBroker[]
  /** Topics of the scope that cannot be described. */
  readonly problems: readonly Problem[]
  readonly partitionCounts: ReadonlyMap<string, number>
  /** Who leads what, for more questions. */
  readonly leaders: readonly TopicLeaders[]
}

const NO_POLICIES: ReadonlyMap<string, string> = new Map()

/** `named` is what the group or the strategy's source says where there is no scope. */
export async function gatherPlaces(
  client: Client,
  scope: OffsetScope,
  named: readonly Place[],
): Promise<GatheredPlaces> {
  const wanted = scope === null ? wantedOf(named) : wantedIn(scope)
  if (wanted.size === 0)
    return { places: [], problems: [], partitionCounts: new Map(), leaders: [] }
  const { topics } = await client.metadata([...wanted.keys()])
  const problems: Problem[] = []
  const partitionCounts = new Map<string, number>()
  const leaders = new Map<string, TopicLeaders>()
  const broken = new Map<string, Problem>()
  for (const topic of topics) {
    const name = topic.name ?? ''
    const problem = codeProblem(topic.errorCode, `topic ${name}`)
    if (problem === null) {
      leaders.set(name, leadersOf(topic))
      partitionCounts.set(name, topic.partitions.length)
    } else {
      broken.set(name, problem)
      // With partitions named it is said at each of them.
      if (wanted.get(name) === null) problems.push(problem)
    }
  }
  const asked = chosenLeaders(wanted, leaders)
  const [starts, ends, policies] = await Promise.all([
    listOffsets(client, asked, EARLIEST),
    listOffsets(client, asked, LATEST),
    // Who may not read configurations still gets a plan; its counts are then the most there can be.
    topicConfigValues(client, [...leaders.keys()], 'cleanup.policy').catch(() => NO_POLICIES),
  ])
  const places = listPlaces(wanted, leaders).map(place =>
    placeOnBroker(place, {
      broken: broken.get(place.topic) ?? null,
      leader: leaders.get(place.topic)?.leaders.get(place.partition),
      start: found(starts, place),
      end: found(ends, place),
      sparse: policies.get(place.topic)?.includes('compact') === true,
    }),
  )
  return { places, problems, partitionCounts, leaders: asked }
}

/** Null stands for all partitions of a topic. */
type Wanted = ReadonlyMap<string, ReadonlySet<number> | null>

function wantedIn(scope: NonNullable<OffsetScope>): Wanted {
  const wanted = new Map<string, Set<number> | null>()
  for (const { topic, partitions } of scope) {
    const known = wanted.get(topic)
    if (partitions === null || known === null) wanted.set(topic, null)
    else wanted.set(topic, new Set([...(known ?? []), ...partitions]))
  }
  return wanted
}

function wantedOf(places: readonly Place[]): Wanted {
  const wanted = new Map<string, Set<number>>()
  for (const { topic, partition } of places) {
    const known = wanted.get(topic)
    if (known === undefined) wanted.set(topic, new Set([partition]))
    else known.add(partition)
  }
  return wanted
}

function chosenLeaders(wanted: Wanted, leaders: ReadonlyMap<string, TopicLeaders>): TopicLeaders[] {
  return [...leaders.values()].map(({ topic, leaders: all }) => {
    const partitions = wanted.get(topic)
    const chosen = [...all].filter(([partition]) => partitions?.has(partition) !== false)
    return { topic, leaders: new Map(chosen) }
  })
}

function listPlaces(wanted: Wanted, leaders: ReadonlyMap<string, TopicLeaders>): Place[] {
  return [...wanted.keys()].sort().flatMap(topic => {
    const partitions = wanted.get(topic) ?? leaders.get(topic)?.leaders.keys() ?? []
    return [...partitions].sort((a, b) => a - b).map(partition => ({ topic, partition }))
  })
}

interface PlaceAnswers {
  readonly broken: Problem | null
  /** Undefined where the topic has no such partition. */
  readonly leader: number | undefined
  readonly start: FoundOffset | undefined
  readonly end: FoundOffset | undefined
  readonly sparse: boolean
}

function placeOnBroker(place: Place, answers: PlaceAnswers): PlaceOnBroker {
  const { start, end, sparse } = answers
  const problem = problemOf(place, answers)
  if (problem !== null || start?.type !== 'found' || end?.type !== 'found')
    return { ...place, logStartOffset: null, highWatermark: null, problem, sparse }
  return { ...place, logStartOffset: start.offset, highWatermark: end.offset, problem, sparse }
}

function problemOf(
  { topic, partition }: Place,
  { broken, leader, start, end }: PlaceAnswers,
): Problem | null {
  if (broken !== null) return broken
  if (leader === undefined)
    return kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition} does not exist`)
  for (const answer of [start, end]) {
    if (answer === undefined) return noLeader(topic, partition)
    if (answer.type === 'problem') return answer.problem
  }
  return null
}

export function found(table: OffsetTable, { topic, partition }: Place): FoundOffset | undefined {
  return table.get(topic)?.get(partition)
}
