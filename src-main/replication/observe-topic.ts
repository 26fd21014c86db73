/** `replication.topic`: leaders, ISR, ELR and each replica's end, and what is wrong with them. */
import type { BrokerAnswers } from '../../engine/cluster/node-messages.ts'
import type { Client } from '../../engine/client/client.ts'
import type {
  PartitionReplication,
  ReplicaBroker,
  ReplicaProgress,
} from '../contract/model/replication.ts'
import { isSilence } from '../contract/problem.ts'
import { listIn } from '../lookups/list-in.ts'
import { describeLogDirs } from '../lookups/log-dirs.ts'
import { inSlices, Turns } from '../lookups/unread-answer.ts'
import { someOfTopics } from '../topics/topic-configurations.ts'
import { listBrokers } from './broker-states.ts'
import { explainPartition } from './explain-partition.ts'
import { highWatermarks, replicaEnds, type EndsByBroker } from './replica-ends.ts'
import type { LocalCluster } from '../clusters/local-cluster.ts'
import type { PartitionPast, ReplicationMemory } from './replication-memory.ts'
import { reassignmentsAsTold } from '../lookups/reassignments.ts'
import { assignmentOf, type Assigned } from './topic-assignment.ts'

const MIN_ISR = 'min.insync.replicas'
/** What a row takes to make, in entries that are read from an answer. */
const ELEMENTS_PER_ROW = 4
const UNCLEAN = 'unclean.leader.election.enable'

export interface ObserveOptions {
  readonly memory: ReplicationMemory
  readonly nowMs: () => number
  /** Null for a cluster that runs elsewhere: its brokers tell no exact times. */
  readonly local: LocalCluster | null
  readonly ownEngine: boolean
  /** Those that are wanted, when not all are. */
  readonly partitions?: readonly number[]
}

export interface TopicObservation {
  readonly topic: string
  readonly minInSyncReplicas: number | null
  readonly uncleanElection: boolean | null
  /** In order; those that were wanted and do not exist are left out. */
  readonly partitions: readonly PartitionReplication[]
  readonly observedAtMs: bigint
}

interface Facts {
  readonly assigned: readonly Assigned[]
  readonly states: ReadonlyMap<number, ReplicaBroker>
  readonly ends: EndsByBroker
  readonly committed: ReadonlyMap<number, bigint>
  readonly sizes: ReadonlyMap<string, number>
  /** By broker and partition. */
  readonly reports: ReadonlyMap<string, ReplicaReport>
  readonly moving: ReadonlyMap<number, { adding: readonly number[]; removing: readonly number[] }>
  readonly minInSyncReplicas: number | null
}

export async function observeTopic(
  client: Client,
  topic: string,
  options: ObserveOptions,
): Promise<TopicObservation> {
  const { memory, nowMs, local, ownEngine, partitions = null } = options
  const [assigned, listed, configurations, moves] = await Promise.all([
    assignmentOf(client, topic, partitions),
    listBrokers(client),
    someOfTopics(client, { topics: [topic], names: [MIN_ISR, UNCLEAN] }, ownEngine),
    // Who may not ask for moves sees the rest.
    reassignmentsAsTold(client).catch(() => []),
  ])
  const silent: ReadonlySet<number> = local?.nodes.silentBrokers() ?? new Set<number>()
  for (const id of silent) memory.hear(id, false)
  const unfenced = listed.flatMap(({ id, fenced }) => (fenced === true ? [] : [id]))
  const online = new Set(unfenced.filter(id => !silent.has(id)))
  const wanted = new Map<number, number[]>()
  for (const { partition, replicas } of assigned)
    for (const id of replicas) if (online.has(id)) listIn(wanted, id).push(partition)
  const led = new Map<number, number[]>()
  for (const { partition, leader } of assigned)
    if (leader !== null && online.has(leader)) listIn(led, leader).push(partition)
  const patienceMs = (broker: number) => memory.patienceMs(broker)
  const turns = new Turns()
  const [ends, committed] = await Promise.all([
    replicaEnds(client, topic, { byBroker: wanted, patienceMs, turns }),
    highWatermarks(client, topic, { byBroker: led, patienceMs, turns }),
  ])
  for (const [id, { problem }] of ends) memory.hear(id, problem === null || !isSilence(problem))
  // A paused broker would keep these waiting for half a minute.
  const answering = new Map([...wanted].filter(([id]) => ends.get(id)?.problem === null))
  const [sizes, reports] = await Promise.all([
    sizesOf(client, topic, answering),
    reportsOf(topic, { wanted: answering, all: partitions === null }, local),
  ])
  const states = new Map<number, ReplicaBroker>(
    listed.map(({ id, fenced }) => {
      if (fenced === true) return [id, 'fenced']
      const problem = ends.get(id)?.problem ?? null
      const unreachable = silent.has(id) || (problem !== null && isSilence(problem))
      return [id, unreachable ? 'unreachable' : 'online']
    }),
  )
  memory.seeBrokers(nowMs(), unfenced)
  const values = new Map(configurations.get(topic)?.map(({ name, value }) => [name, value]))
  const facts: Facts = {
    assigned,
    states,
    ends,
    committed,
    sizes,
    reports,
    moving: new Map(
      moves.flatMap(move => (move.topic === topic ? [[move.partition, move] as const] : [])),
    ),
    minInSyncReplicas: values.has(MIN_ISR) ? Number(values.get(MIN_ISR)) : null,
  }
  const rows: PartitionReplication[] = []
  await inSlices(assigned.length, place => {
    rows.push(partitionOf(topic, assigned[place]!, facts, memory, nowMs()))
    return ELEMENTS_PER_ROW
  })
  return {
    topic,
    minInSyncReplicas: facts.minInSyncReplicas,
    uncleanElection: values.has(UNCLEAN) ? values.get(UNCLEAN) === 'true' : null,
    partitions: rows,
    observedAtMs: BigInt(nowMs()),
  }
}

function partitionOf(
  topic: string,
  assigned: Assigned,
  facts: Facts,
  memory: ReplicationMemory,
  nowMs: number,
): PartitionReplication {
  const { partition, leader, leaderEpoch, elr, lastKnownElr } = assigned
  const past = memory.pastOf(topic, partition)
  const report = leader === null ? undefined : facts.reports.get(`${leader} ${partition}`)
  const leaderEnd = leader === null ? null : endOf(facts, leader, partition)
  if (leaderEnd !== null) past.leaderEnds.see(nowMs, leaderEnd)
  const highWatermark = facts.committed.get(partition) ?? null
  if (highWatermark !== null && highWatermark > (past.highestCommitted ?? -1n))
    past.highestCommitted = highWatermark
  const { adding = [], removing = [] } = facts.moving.get(partition) ?? {}
  const replicas = assigned.replicas.map(broker =>
    progressOf(broker, { assigned, facts, report, leaderEnd, past, nowMs }),
  )
  const known = {
    partition,
    leader,
    leaderEpoch,
    partitionEpoch: report?.partitionEpoch ?? null,
    highWatermark,
    replicas,
    elr,
    lastKnownElr,
    adding,
    removing,
  }
  const findings = explainPartition({
    ...known,
    minInSyncReplicas: facts.minInSyncReplicas,
    awaySinceMs: memory.awaySinceMs,
    highestCommitted: past.highestCommitted,
  })
  return { ...known, findings }
}

interface ProgressFacts {
  readonly assigned: Assigned
  readonly facts: Facts
  readonly report: ReplicaReport | undefined
  readonly leaderEnd: bigint | null
  readonly past: PartitionPast
  readonly nowMs: number
}

function progressOf(broker: number, about: ProgressFacts): ReplicaProgress {
  const { assigned, facts, report, leaderEnd, past, nowMs } = about
  const { partition, leader, isr } = assigned
  const own = facts.ends.get(broker)
  const end = endOf(facts, broker, partition)
  if (end !== null) past.ends.set(broker, end)
  const lag = leaderEnd === null || end === null ? null : larger(leaderEnd - end, 0n)
  const told = report?.followers.find(({ brokerId }) => brokerId === broker)?.lastCaughtUpMs ?? null
  const seen = leader === null || end === null ? null : past.leaderEnds.lagMs(nowMs, end)
  const lagMs = lag === 0n ? 0 : told === null ? seen : Math.max(0, nowMs - told)
  return {
    broker,
    brokerState: facts.states.get(broker) ?? 'offline',
    isLeader: broker === leader,
    inSync: isr.includes(broker),
    logStartOffset:
      own?.byPartition.get(partition)?.logStartOffset ??
      facts.reports.get(`${broker} ${partition}`)?.logStartOffset ??
      null,
    logEndOffset: end,
    seenEndOffset: end === null ? (past.ends.get(broker) ?? null) : null,
    lag,
    lagMs,
    lagSource: lagMs === null ? null : told === null ? 'observed' : 'leader',
    sizeBytes: facts.sizes.get(`${broker} ${partition}`) ?? null,
    problem: own?.problem ?? own?.byPartition.get(partition)?.problem ?? null,
  }
}

async function sizesOf(
  client: Client,
  topic: string,
  wanted: ReadonlyMap<number, readonly number[]>,
): Promise<ReadonlyMap<string, number>> {
  const told = await Promise.all(
    [...wanted].map(([id, partitions]) =>
      describeLogDirs(client, [id], new Map([[topic, partitions]])),
    ),
  )
  const sizes = new Map<string, number>()
  for (const { brokerId, replicas } of told.flat())
    for (const { partition, sizeBytes, isFuture } of replicas)
      if (!isFuture) sizes.set(`${brokerId} ${partition}`, sizeBytes)
  return sizes
}

type ReplicaReport = BrokerAnswers['replicas'][number]

async function reportsOf(
  topic: string,
  { wanted, all }: { wanted: ReadonlyMap<number, readonly number[]>; all: boolean },
  local: LocalCluster | null,
): Promise<ReadonlyMap<string, ReplicaReport>> {
  if (local === null) return new Map()
  const told = await Promise.all(
    [...wanted].map(async ([id, partitions]) => {
      const some = all ? {} : { partitions }
      // A broker that ends or is paused meanwhile leaves the figures without its own.
      const reports = await local.ask(id, { type: 'replicas', topic, ...some }).catch(() => [])
      return reports.map(report => [`${id} ${report.partition}`, report] as const)
    }),
  )
  return new Map(told.flat())
}

/** As it tells anyone, or at least us: without a leader some tell it to nobody else. */
function endOf({ ends, reports }: Facts, broker: number, partition: number): bigint | null {
  const told = ends.get(broker)?.byPartition.get(partition)?.logEndOffset
  return told ?? reports.get(`${broker} ${partition}`)?.logEndOffset ?? null
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
