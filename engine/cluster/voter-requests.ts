/**
 * Gives a controller a vote in its quorum, and takes it away (KIP-853): over the Kafka protocol, as
 * Apache Kafka's own tool does it. Whoever leads is looked for again until the time is up.
 */
import { ClientConnection } from '../client/client-connection.ts'
import type { Address } from '../ports/network.ts'
import { errorName, KafkaError, type ErrorName } from '../protocol/errors.ts'
import { addRaftVoterRequest, addRaftVoterResponse } from '../protocol/messages/add-raft-voter.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../protocol/messages/describe-quorum.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../protocol/messages/remove-raft-voter.ts'
import { nodeClock } from '../runtime/node-clock.ts'
import { nodeNetwork } from '../runtime/node-network.ts'
import { OperationalError } from '../support/operational-error.ts'

const quorumApi = { request: describeQuorumRequest, response: describeQuorumResponse }
const addApi = { request: addRaftVoterRequest, response: addRaftVoterResponse }
const removeApi = { request: removeRaftVoterRequest, response: removeRaftVoterResponse }
const METADATA_TOPIC = '__cluster_metadata'
const ANSWER_MS_MAX = 2_000
const CHANGE_MS_MAX = 30_000
const RETRY_MS = 100
/** What passes: the quorum elects, is busy with another change, or the new one has to catch up. */
const PASSING: readonly ErrorName[] = [
  'NOT_LEADER_OR_FOLLOWER',
  'NOT_CONTROLLER',
  'REQUEST_TIMED_OUT',
  'UNSUPPORTED_VERSION',
]

interface Quorum {
  readonly leader: ClientConnection
  readonly leaderId: number
  /** Directories of the voters. */
  readonly voters: ReadonlyMap<number, string>
}

export type ControllerAddresses = () => readonly Address[]

/** Rejects with an `OperationalError` when it has no vote in the end. */
export async function giveVote(
  addresses: ControllerAddresses,
  voter: { readonly id: number; readonly directoryId: string; readonly address: Address },
): Promise<void> {
  const { id, directoryId, address } = voter
  await untilDone(addresses, `controller ${id} gets no vote`, async ({ leader, voters }) => {
    if (voters.get(id) === directoryId) return true
    const answer = await leader.request(
      addApi,
      {
        clusterId: null,
        timeoutMs: ANSWER_MS_MAX,
        voterId: id,
        voterDirectoryId: directoryId,
        listeners: [{ name: 'CONTROLLER', ...address }],
        ackWhenCommitted: true,
      },
      { timeoutMs: ANSWER_MS_MAX },
    )
    return isDone(answer)
  })
}

/** Rejects with an `OperationalError` when it still has one. Others lead when it resolves. */
export async function takeVote(addresses: ControllerAddresses, id: number): Promise<void> {
  await untilDone(
    addresses,
    `controller ${id} keeps its vote`,
    async ({ leader, leaderId, voters }) => {
      const directoryId = voters.get(id)
      if (directoryId === undefined) return leaderId !== id
      const request = { clusterId: null, voterId: id, voterDirectoryId: directoryId }
      isDone(await leader.request(removeApi, request, { timeoutMs: ANSWER_MS_MAX }))
      return false
    },
  )
}

function isDone(answer: { readonly errorCode: number; readonly errorMessage: string | null }) {
  if (answer.errorCode === 0) return true
  const name = errorName(answer.errorCode)
  if (PASSING.includes(name)) return false
  throw new OperationalError(answer.errorMessage ?? name)
}

async function untilDone(
  addresses: ControllerAddresses,
  complaint: string,
  step: (quorum: Quorum) => Promise<boolean>,
): Promise<void> {
  const deadlineMs = nodeClock.nowMs() + CHANGE_MS_MAX
  let why = 'no controller leads'
  while (nodeClock.nowMs() < deadlineMs) {
    for (const address of addresses()) {
      try {
        if (await withLeader(address, step)) return
      } catch (error) {
        // Waiting for a quorum that answers; what it refuses for good is told.
        const isPassing = error instanceof KafkaError || isUnreachable(error)
        if (!isPassing) throw new OperationalError(`${complaint}: ${(error as Error).message}`)
        why = (error as Error).message
      }
    }
    await new Promise<void>(resolve => nodeClock.at(nodeClock.nowMs() + RETRY_MS, resolve))
  }
  throw new OperationalError(`${complaint} within ${CHANGE_MS_MAX / 1_000} s: ${why}`)
}

class Unreachable extends OperationalError {}

function isUnreachable(error: unknown): boolean {
  return error instanceof Unreachable
}

/** False where the node there does not lead. */
async function withLeader(
  address: Address,
  step: (quorum: Quorum) => Promise<boolean>,
): Promise<boolean> {
  const leader = await open(address)
  try {
    const { topics } = await leader.request(
      quorumApi,
      { topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }] },
      { timeoutMs: ANSWER_MS_MAX },
    )
    const partition = topics[0]?.partitions[0]
    if (partition === undefined || partition.errorCode !== 0) return false
    const { leaderId, currentVoters } = partition
    const voters = new Map(
      currentVoters.map(each => [each.replicaId, each.replicaDirectoryId] as const),
    )
    return await step({ leader, leaderId, voters })
  } finally {
    leader.close()
  }
}

async function open(address: Address): Promise<ClientConnection> {
  const software = { name: 'odradek', version: '1' }
  const common = { network: nodeNetwork, clock: nodeClock, clientId: 'odradek', software }
  return ClientConnection.open({ ...common, address, connectTimeoutMs: ANSWER_MS_MAX }).catch(
    (error: Error) => {
      throw new Unreachable(error.message, { cause: error })
    },
  )
}
