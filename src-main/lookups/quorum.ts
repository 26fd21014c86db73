/** The quorum as its leader describes it: DescribeQuorum. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
  type DescribeQuorumResponse,
} from '../../engine/protocol/messages/describe-quorum.ts'
import { ContractError } from '../contract/define.ts'
import type { QuorumDescription, QuorumMember } from '../contract/model/replication.ts'
import { codeProblem } from './cluster-topics.ts'
import { PatientQuestion } from './patience.ts'

const quorumApi = { request: describeQuorumRequest, response: describeQuorumResponse }
const TIMEOUT_MS = 2_500
const METADATA_TOPIC = '__cluster_metadata'

export async function describeQuorum(client: Client): Promise<QuorumDescription> {
  const answer = await client.aside.request(
    { type: 'any' },
    quorumApi,
    { topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }] },
    { timeoutMs: TIMEOUT_MS },
  )
  const found = answer.topics[0]?.partitions[0]
  const problem =
    codeProblem(answer.errorCode, 'the quorum', answer.errorMessage) ??
    codeProblem(found?.errorCode ?? 3, METADATA_TOPIC, found?.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  return quorumOf(answer, found!)
}

type QuorumPartition = DescribeQuorumResponse['topics'][number]['partitions'][number]

const lookAtQuorum = new PatientQuestion(describeQuorum)

/** As it describes itself, or last did: see `PatientQuestion`. Throws as `describeQuorum` does. */
export function quorumAsTold(client: Client): Promise<QuorumDescription> {
  return lookAtQuorum.answer(client)
}

interface Sight {
  readonly quorum: QuorumDescription
  readonly atMs: number
}

const sights = new WeakMap<Client, Sight>()
/** An election, or a slow answer, is not yet a quorum without a leader. */
const STILL_TRUE_MS = 6_000

/** Null where nobody leads the quorum, or nobody answers for it for some seconds. */
export async function quorumNow(client: Client, nowMs: number): Promise<QuorumDescription | null> {
  try {
    const quorum = await quorumAsTold(client)
    if (sights.get(client)?.quorum !== quorum) sights.set(client, { quorum, atMs: nowMs })
    return quorum
  } catch {
    // A quorum without a leader describes itself to nobody: that it is silent is the answer.
    const sight = sights.get(client)
    return sight !== undefined && nowMs - sight.atMs < STILL_TRUE_MS ? sight.quorum : null
  }
}

/** A voter fetches twice a second; one that is silent for longer than this is away. */
const VOTER_SILENT_MS = 5_000

/**
 * Voters that do not fetch from the leader, by the leader's own clock. One that has not fetched since
 * the leader was elected has been silent for as long as it leads. Before version 1 nobody's fetches
 * are told, and nobody is called silent.
 */
export function silentVoters(
  { members }: Pick<QuorumDescription, 'members'>,
  ledForMs: number,
): ReadonlySet<number> {
  const fetches = members.flatMap(({ lastFetchMs }) => lastFetchMs ?? [])
  if (fetches.length === 0) return new Set()
  const newest = fetches.reduce((last, each) => (each > last ? each : last), 0n)
  const silent = members.filter(({ voter, role, lastFetchMs }) => {
    if (!voter || role === 'leader') return false
    const silentForMs = lastFetchMs === null ? ledForMs : Number(newest - lastFetchMs)
    return silentForMs > VOTER_SILENT_MS
  })
  return new Set(silent.map(({ id }) => id))
}

const leaderships = new WeakMap<
  Client,
  { readonly leaderEpoch: number; readonly sinceMs: number }
>()

/** For how long the leader has been seen to lead; it may have led before. */
export function ledForMs(
  client: Client,
  { leaderEpoch }: Pick<QuorumDescription, 'leaderEpoch'>,
  nowMs: number,
): number {
  const known = leaderships.get(client)
  if (known?.leaderEpoch === leaderEpoch) return nowMs - known.sinceMs
  leaderships.set(client, { leaderEpoch, sinceMs: nowMs })
  return 0
}

export function quorumOf(
  { nodes }: Pick<DescribeQuorumResponse, 'nodes'>,
  partition: QuorumPartition,
): QuorumDescription {
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = partition
  const leaderEnd = currentVoters.find(({ replicaId }) => replicaId === leaderId)?.logEndOffset
  const addresses = new Map(
    nodes.flatMap(({ nodeId, listeners }) =>
      listeners.slice(0, 1).map(({ host, port }) => [nodeId, `${host}:${port}`] as const),
    ),
  )
  const memberOf = (voter: boolean) => (state: QuorumPartition['currentVoters'][number]) => {
    const { replicaId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp } = state
    const isLeader = replicaId === leaderId
    const member: QuorumMember = {
      id: replicaId,
      role: isLeader ? 'leader' : voter ? 'follower' : 'observer',
      voter,
      kind: voter ? 'controller' : 'broker',
      address: addresses.get(replicaId) ?? null,
      logEndOffset: logEndOffset < 0n ? null : logEndOffset,
      lag:
        leaderEnd === undefined || leaderEnd < 0n || logEndOffset < 0n
          ? null
          : leaderEnd - logEndOffset,
      lastFetchMs: isLeader || lastFetchTimestamp < 0n ? null : lastFetchTimestamp,
      lastCaughtUpMs: isLeader || lastCaughtUpTimestamp < 0n ? null : lastCaughtUpTimestamp,
    }
    return member
  }
  return {
    leaderId: leaderId < 0 ? null : leaderId,
    leaderEpoch,
    highWatermark: highWatermark < 0n ? null : highWatermark,
    members: [
      ...currentVoters.map(memberOf(true)).sort(byNode),
      ...observers.map(memberOf(false)).sort(byNode),
    ],
  }
}

function byNode(a: { readonly id: number }, b: { readonly id: number }): number {
  return a.id - b.id
}
