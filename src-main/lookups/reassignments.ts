/** Moves of replicas as the controller has them: which are under way, beginning, and cancelling. */
import type { Client } from '../../engine/client/client.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../engine/protocol/messages/alter-partition-reassignments.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../engine/protocol/messages/list-partition-reassignments.ts'
import { errorTable } from '../../engine/protocol/errors.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { TopicPartition } from '../contract/model/replication.ts'
import { codeProblem } from './cluster-topics.ts'
import { PatientQuestion } from './patience.ts'

const listApi = {
  request: listPartitionReassignmentsRequest,
  response: listPartitionReassignmentsResponse,
}
const alterApi = {
  request: alterPartitionReassignmentsRequest,
  response: alterPartitionReassignmentsResponse,
}
const TIMEOUT_MS = 2_500
const ALTER_TIMEOUT_MS = 30_000

export interface ListedReassignment extends TopicPartition {
  /** All of them: those that come, stay and go. */
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

const lookAtMoves = new PatientQuestion(client => listReassignments(client, null))

/** All of them, as the controller tells or last told; see `PatientQuestion`. Throws as it did. */
export function reassignmentsAsTold(client: Client): Promise<readonly ListedReassignment[]> {
  return lookAtMoves.answer(client)
}

/** Of these topics; null for all. */
export async function listReassignments(
  client: Client,
  topics: readonly string[] | null,
): Promise<readonly ListedReassignment[]> {
  const ask = (type: 'any' | 'controller') =>
    client.aside.request(
      { type },
      listApi,
      { topics: null, timeoutMs: TIMEOUT_MS },
      { timeoutMs: TIMEOUT_MS },
    )
  const first = await ask('any')
  // In KRaft any broker asks the controller; before it, the controller alone answers.
  const answer =
    first.errorCode === errorTable.NOT_CONTROLLER.code ? await ask('controller') : first
  const problem = codeProblem(answer.errorCode, 'the list of reassignments', answer.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  return answer.topics.flatMap(({ name, partitions }) =>
    topics === null || topics.includes(name)
      ? partitions.map(each => ({
          topic: name,
          partition: each.partitionIndex,
          replicas: each.replicas,
          adding: each.addingReplicas,
          removing: each.removingReplicas,
        }))
      : [],
  )
}

/** `replicas`: where it shall be, the preferred leader first; null to leave it where it was. */
export interface WantedReplicas extends TopicPartition {
  readonly replicas: readonly number[] | null
}

/** One answer each. Throws where none of them was looked at. */
export async function alterReassignments(
  client: Client,
  wanted: readonly WantedReplicas[],
): Promise<readonly (TopicPartition & { readonly problem: Problem | null })[]> {
  const byTopic = Map.groupBy(wanted, ({ topic }) => topic)
  const answer = await client.aside.request({ type: 'controller' }, alterApi, {
    timeoutMs: ALTER_TIMEOUT_MS,
    topics: [...byTopic].map(([name, share]) => ({
      name,
      partitions: share.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
    })),
  })
  const whole = codeProblem(answer.errorCode, 'the reassignment', answer.errorMessage)
  if (whole !== null) throw new ContractError(whole)
  return answer.responses.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, errorMessage }) => ({
      topic: name,
      partition: partitionIndex,
      problem: codeProblem(errorCode, `${name}-${partitionIndex}`, errorMessage),
    })),
  )
}
