/** `replication.cluster`: the quorum, the nodes, how leadership is spread, and what moves. */
import type { Client } from '../../engine/client/client.ts'
import type { Problem } from '../contract/define.ts'
import type {
  ClusterReplication,
  Leadership,
  NodeState,
  NodeSummary,
  QuorumDescription,
  QuorumMember,
} from '../contract/model/replication.ts'
import { problemOf } from '../contract/problem.ts'
import { readCatalogue, type Catalogue } from '../lookups/catalogue.ts'
import type { Wait } from '../lookups/watch.ts'
import { listBrokers, type ListedBroker } from './broker-states.ts'
import { copyProgress } from './copy-progress.ts'
import type { LocalNode, LocalNodes } from '../clusters/local-nodes.ts'
import { actsOf } from '../clusters/local-nodes.ts'
import { ledForMs, quorumAsTold, silentVoters } from '../lookups/quorum.ts'
import { reassignmentsAsTold } from '../lookups/reassignments.ts'
import type { ReplicationMemory } from './replication-memory.ts'

export interface ClusterObservation {
  readonly client: Client
  readonly nodes: LocalNodes | null
  readonly memory: ReplicationMemory
  readonly nowMs: () => number
  readonly wait: Wait
}

export async function observeCluster(about: ClusterObservation): Promise<ClusterReplication> {
  const { client, nodes, memory, nowMs, wait } = about
  const [quorum, listed, catalogue, moves] = await Promise.all([
    orProblem(quorumAsTold(client)),
    listBrokers(client),
    readCatalogue(client),
    orProblem(reassignmentsAsTold(client)),
  ])
  memory.seeBrokers(
    nowMs(),
    listed.flatMap(({ id, fenced }) => (fenced === true ? [] : [id])),
  )
  const local = nodes === null ? null : await nodes.list()
  const brokerIds = new Set(listed.map(({ id }) => id))
  const leadMs = quorum.value === null ? 0 : ledForMs(client, quorum.value, nowMs())
  return {
    quorum: quorum.value === null ? null : withCombined(quorum.value, brokerIds),
    quorumProblem: quorum.problem,
    nodes: nodesOf({ listed, catalogue, quorum: quorum.value, leadMs, local }),
    leadership: leadershipOf(catalogue),
    reassignments: moves.value === null ? [] : await copyProgress(client, moves.value, wait),
    reassignmentsProblem: moves.problem,
    observedAtMs: BigInt(nowMs()),
  }
}

type Told<T> =
  | { readonly value: T; readonly problem: null }
  | { readonly value: null; readonly problem: Problem }

/** A part that an old cluster or a careful one does not tell leaves the other parts readable. */
async function orProblem<T>(asking: Promise<T>): Promise<Told<T>> {
  return asking.then(
    value => ({ value, problem: null }),
    (error: unknown) => ({ value: null, problem: problemOf(error) }),
  )
}

/** A voter that is listed as a broker too is both in one. */
function withCombined(quorum: QuorumDescription, brokerIds: ReadonlySet<number>) {
  const members = quorum.members.map((member): QuorumMember =>
    member.voter && brokerIds.has(member.id) ? { ...member, kind: 'combined' } : member,
  )
  return { ...quorum, members }
}

interface NodeFacts {
  readonly listed: readonly ListedBroker[]
  readonly catalogue: Catalogue
  readonly quorum: QuorumDescription | null
  /** For how long its leader has been seen to lead. */
  readonly leadMs: number
  readonly local: readonly LocalNode[] | null
}

/** Brokers that are listed, that hold replicas, or that run here; then the controllers. */
function nodesOf(facts: NodeFacts): readonly NodeSummary[] {
  const { listed, catalogue, quorum, local } = facts
  const ownBrokers = (local ?? []).filter(({ kind }) => kind !== 'controller')
  const brokerIds = new Set([
    ...listed.map(({ id }) => id),
    ...catalogue.tallies.keys(),
    ...ownBrokers.map(({ id }) => id),
  ])
  const voters = quorum?.members.filter(({ voter }) => voter) ?? []
  const voterIds = new Set(voters.map(({ id }) => id))
  const brokers = [...brokerIds].map((id): NodeSummary => {
    const own = ownBrokers.find(each => each.id === id)
    const broker = listed.find(each => each.id === id)
    const tally = catalogue.preferred.get(id)
    return {
      id,
      kind: own?.kind ?? (voterIds.has(id) ? 'combined' : 'broker'),
      state: brokerState(own, broker),
      reason: own?.reason ?? null,
      brokerEpoch: own?.brokerEpoch ?? null,
      fenced: broker?.fenced ?? null,
      preferredCount: tally?.count ?? 0,
      preferredLedCount: tally?.ledCount ?? 0,
      acts: own === undefined ? [] : actsOf(own),
    }
  })
  const ownControllers = (local ?? []).filter(({ kind }) => kind === 'controller')
  const controllerIds = new Set([
    ...[...voterIds].filter(id => !brokerIds.has(id)),
    ...ownControllers.map(({ id }) => id),
  ])
  const controllers = [...controllerIds].map((id): NodeSummary => {
    const own = ownControllers.find(each => each.id === id)
    return {
      id,
      kind: 'controller',
      state: own?.state ?? controllerState(id, facts),
      reason: own?.reason ?? null,
      brokerEpoch: null,
      fenced: null,
      preferredCount: 0,
      preferredLedCount: 0,
      acts: own === undefined ? [] : actsOf(own),
    }
  })
  return [...brokers.sort(byNode), ...controllers.sort(byNode)]
}

/** What runs here is known best by who runs it; that it is fenced is for the controller to say. */
function brokerState(own: LocalNode | undefined, listed: ListedBroker | undefined): NodeState {
  if (own !== undefined && own.state !== 'running') return own.state
  if (listed?.fenced === true) return 'fenced'
  if (listed === undefined) return own === undefined ? 'offline' : 'starting'
  return 'running'
}

/** What its fetches tell of a controller that runs elsewhere; the leader has just answered. */
function controllerState(id: number, { quorum, leadMs }: NodeFacts): NodeState {
  const member = quorum?.members.find(each => each.id === id && each.voter)
  if (quorum === null || member === undefined) return 'unknown'
  if (member.role === 'leader') return 'running'
  if (silentVoters(quorum, leadMs).has(id)) return 'unreachable'
  return member.lastFetchMs === null ? 'unknown' : 'running'
}

function byNode(a: { readonly id: number }, b: { readonly id: number }): number {
  return a.id - b.id
}

function leadershipOf({ topics, preferred, partitionCount }: Catalogue): Leadership {
  let preferredCount = 0
  for (const { ledCount } of preferred.values()) preferredCount += ledCount
  return {
    partitionCount,
    preferredCount,
    leaderlessCount: topics.reduce((sum, { offline }) => sum + offline.length, 0),
  }
}
