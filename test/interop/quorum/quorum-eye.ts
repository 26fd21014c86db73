/** Asks one controller, with our client, who leads and who votes, and to change that. */
import { ClientConnection } from '../../../engine/client/client-connection.ts'
import { errorName } from '../../../engine/protocol/errors.ts'
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../../../engine/protocol/messages/add-raft-voter.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../../engine/protocol/messages/describe-quorum.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../../engine/protocol/messages/remove-raft-voter.ts'
import type { Fields, InputOf, Message, ValueOf } from '../../../engine/protocol/schema.ts'
import { nodeClock } from '../../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../../engine/runtime/node-network.ts'

const ANSWER_MS = 1_000

export interface QuorumSeen {
  readonly error: string
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: bigint
  readonly voters: readonly number[]
  readonly observers: readonly number[]
}

/** As that node says; null where it does not answer. */
export async function quorumAt(address: string): Promise<QuorumSeen | null> {
  const api = { request: describeQuorumRequest, response: describeQuorumResponse }
  try {
    const answer = await ask(address, api, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    })
    const found = answer.topics[0]!.partitions[0]!
    return {
      error: errorName(found.errorCode),
      leaderId: found.leaderId,
      leaderEpoch: found.leaderEpoch,
      highWatermark: found.highWatermark,
      voters: found.currentVoters.map(({ replicaId }) => replicaId).sort((a, b) => a - b),
      observers: found.observers.map(({ replicaId }) => replicaId).sort((a, b) => a - b),
    }
  } catch {
    // It is down, or stands still, which is an answer here.
    return null
  }
}

export interface VoterNamed {
  readonly id: number
  readonly directoryId: string
}

/** The name of the error, with its message. */
export async function removeVoter(
  address: string,
  { id, directoryId }: VoterNamed,
  timeoutMs = ANSWER_MS,
): Promise<string> {
  const api = { request: removeRaftVoterRequest, response: removeRaftVoterResponse }
  const body = { clusterId: null, voterId: id, voterDirectoryId: directoryId }
  const answer = await ask(address, api, body, timeoutMs)
  return wordsOf(answer)
}

export async function addVoter(
  address: string,
  { id, directoryId, listensOn }: VoterNamed & { readonly listensOn: string },
  timeoutMs = ANSWER_MS,
): Promise<string> {
  const api = { request: addRaftVoterRequest, response: addRaftVoterResponse }
  const [host = '', port] = listensOn.split(':')
  const listeners = [{ name: 'CONTROLLER', host, port: Number(port) }]
  const body = { clusterId: null, timeoutMs, voterId: id, voterDirectoryId: directoryId, listeners }
  return wordsOf(await ask(address, api, { ...body, ackWhenCommitted: true }, timeoutMs))
}

function wordsOf(answer: { readonly errorCode: number; readonly errorMessage: string | null }) {
  const name = errorName(answer.errorCode)
  return answer.errorMessage ? `${name}: ${answer.errorMessage}` : name
}

export async function ask<Q extends Fields, S extends Fields>(
  address: string,
  api: { readonly request: Message<Q>; readonly response: Message<S> },
  body: InputOf<Q>,
  timeoutMs = ANSWER_MS,
): Promise<ValueOf<S>> {
  const [host = '', port] = address.split(':')
  const connection = await ClientConnection.open({
    network: nodeNetwork,
    clock: nodeClock,
    address: { host, port: Number(port) },
    clientId: 'quorum-eye',
    software: { name: 'quorum-eye', version: '1' },
    connectTimeoutMs: ANSWER_MS,
  })
  try {
    return await connection.request(api, body, { timeoutMs })
  } finally {
    connection.close()
  }
}
