/** Which brokers the cluster lists, and which of them it has fenced: DescribeCluster. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../engine/protocol/messages/describe-cluster.ts'
import { ContractError } from '../contract/define.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const api = { request: describeClusterRequest, response: describeClusterResponse }
/** Fenced brokers are told from this version on (KIP-1073). */
const FENCED_SINCE = 2
export const TIMEOUT_MS = 2_500

export interface ListedBroker {
  readonly id: number
  readonly rack: string | null
  /** Null where the cluster is too old to tell. */
  readonly fenced: boolean | null
}

/** All that are registered where the cluster tells of fenced ones, else those that are there. */
export async function listBrokers(client: Client): Promise<readonly ListedBroker[]> {
  const connection = await client.connection({ type: 'any' })
  const [, newest] = connection.versionsOf(describeClusterRequest.apiKey!) ?? [0, -1]
  if (newest < 0) {
    const { brokers } = await client.metadata([])
    return brokers.map(({ nodeId, rack }) => ({ id: nodeId, rack, fenced: null }))
  }
  const tells = newest >= FENCED_SINCE
  const answer = await client.request(
    { type: 'any' },
    api,
    {
      includeClusterAuthorizedOperations: false,
      ...(tells ? { includeFencedBrokers: true } : {}),
    },
    { timeoutMs: TIMEOUT_MS },
  )
  const problem = codeProblem(answer.errorCode, 'the cluster', answer.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  return answer.brokers.map(({ brokerId, rack, isFenced }) => ({
    id: brokerId,
    rack,
    fenced: tells ? isFenced : null,
  }))
}
