/** APIs by which controllers come and go: their registration, and who of them votes (KIP-853). */
import { registerController } from '../controller/register-controller.ts'
import type { Handled } from '../controller/handled.ts'
import { KafkaError } from '../protocol/errors.ts'
import { addRaftVoterRequest, addRaftVoterResponse } from '../protocol/messages/add-raft-voter.ts'
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../protocol/messages/controller-registration.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../protocol/messages/remove-raft-voter.ts'
import {
  updateRaftVoterRequest,
  updateRaftVoterResponse,
} from '../protocol/messages/update-raft-voter.ts'
import { servedApi, type RequestContext, type ServedApi } from '../server/dispatcher.ts'
import { checkCluster, type QuorumServices } from './quorum-apis.ts'
import { nodeIdOf } from './quorum-messages.ts'
import type { VoterChanges } from './voter-changes.ts'
import { KRAFT_VERSION_DYNAMIC } from './voter-records.ts'

export interface MembershipServices extends QuorumServices {
  readonly voterChanges: VoterChanges
  readonly handle: <R>(context: RequestContext, run: () => Handled<R>) => R | Promise<R>
}

export function membershipApis(services: MembershipServices): ServedApi[] {
  const { voterChanges, quorum, addresses, handle } = services
  return [
    servedApi({
      request: controllerRegistrationRequest,
      response: controllerRegistrationResponse,
      handle: (request, from) => handle(from, () => registerController(request)),
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
    servedApi({
      request: addRaftVoterRequest,
      response: addRaftVoterResponse,
      async handle(request, { nowMs }) {
        checkCluster(services, request.clusterId)
        const { voterId, voterDirectoryId, listeners, ackWhenCommitted } = request
        await voterChanges.add(
          { id: voterId, directoryId: voterDirectoryId, endpoints: listeners },
          { nowMs, waitsForCommit: ackWhenCommitted },
        )
        return { throttleTimeMs: 0, errorCode: 0, errorMessage: null }
      },
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
    servedApi({
      request: removeRaftVoterRequest,
      response: removeRaftVoterResponse,
      async handle(request) {
        checkCluster(services, request.clusterId)
        const { voterId, voterDirectoryId } = request
        await voterChanges.remove({ id: voterId, directoryId: voterDirectoryId })
        return { throttleTimeMs: 0, errorCode: 0, errorMessage: null }
      },
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
    servedApi({
      request: updateRaftVoterRequest,
      response: updateRaftVoterResponse,
      async handle(request) {
        checkCluster(services, request.clusterId)
        const { voterId, voterDirectoryId, listeners, currentLeaderEpoch } = request
        refuseOldVoter(request.kRaftVersionFeature)
        await voterChanges.update(
          { id: voterId, directoryId: voterDirectoryId, endpoints: listeners },
          { leaderEpoch: currentLeaderEpoch },
        )
        return { throttleTimeMs: 0, errorCode: 0, currentLeader: leader() }
      },
      failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, currentLeader: leader() }),
    }),
  ]

  function leader() {
    const { leaderId, leaderEpoch } = quorum.raft
    const address = addresses().get(nodeIdOf(leaderId)) ?? { host: '', port: 0 }
    return { leaderId: nodeIdOf(leaderId), leaderEpoch, ...address }
  }
}

/** Fails with INVALID_REQUEST for one that does not support what the quorum is at. */
function refuseOldVoter(range: {
  readonly minSupportedVersion: number
  readonly maxSupportedVersion: number
}): void {
  const { minSupportedVersion: first, maxSupportedVersion: last } = range
  if (first < 0 || first > KRAFT_VERSION_DYNAMIC || last < KRAFT_VERSION_DYNAMIC)
    throw new KafkaError(
      'INVALID_REQUEST',
      `a voter that supports kraft.version ${first} to ${last} does not fit this quorum`,
    )
}
