import { describe, expect, test } from 'vitest'
import { errorCode, errorName } from '../../../engine/protocol/errors.ts'
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../../../engine/protocol/messages/add-raft-voter.ts'
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../../../engine/protocol/messages/begin-quorum-epoch.ts'
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../../../engine/protocol/messages/controller-registration.ts'
import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../../../engine/protocol/messages/end-quorum-epoch.ts'
import { fetchRequest, fetchResponse } from '../../../engine/protocol/messages/fetch.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../../engine/protocol/messages/remove-raft-voter.ts'
import {
  updateRaftVoterRequest,
  updateRaftVoterResponse,
} from '../../../engine/protocol/messages/update-raft-voter.ts'
import { voteRequest, voteResponse } from '../../../engine/protocol/messages/vote.ts'
import {
  array,
  boolean,
  bytes,
  int16,
  int32,
  message,
  string,
  struct,
  uint16,
  uuid,
} from '../../../engine/protocol/schema.ts'
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../../../engine/controller/topic-names.ts'
import { NO_DIRECTORY } from '../../../engine/controller-node/election-file.ts'
import { Controllers } from './controllers.ts'

const vote = { request: voteRequest, response: voteResponse }
const begin = { request: beginQuorumEpochRequest, response: beginQuorumEpochResponse }
const end = { request: endQuorumEpochRequest, response: endQuorumEpochResponse }
const add = { request: addRaftVoterRequest, response: addRaftVoterResponse }
const remove = { request: removeRaftVoterRequest, response: removeRaftVoterResponse }
const update = { request: updateRaftVoterRequest, response: updateRaftVoterResponse }
const fetch = { request: fetchRequest, response: fetchResponse }

/** As ControllerRegistration, whose host is any bytes. */
const registration = {
  request: message({
    name: controllerRegistrationRequest.name,
    apiKey: controllerRegistrationRequest.apiKey!,
    versions: [0, 0],
    flexibleSince: 0,
    fields: {
      controllerId: int32(),
      incarnationId: uuid(),
      zkMigrationReady: boolean(),
      listeners: array(
        struct({ name: string(), host: bytes(), port: uint16(), securityProtocol: int16() }),
      ),
      features: array(
        struct({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
      ),
    },
  }),
  response: controllerRegistrationResponse,
}

/** From wherever: nobody of the quorum says such things. */
describe('a controller that is told nonsense answers and goes on', () => {
  test('of a name that no record holds once it was read as UTF-8', async () => {
    const controllers = await started([3000])
    const { endOffset } = controllers.node(3000).quorum.log
    const answer = await controllers.answer(3000, registration, {
      controllerId: 7,
      incarnationId: controllers.random.uuid(),
      zkMigrationReady: false,
      listeners: [{ name: 'L', host: Buffer.alloc(20_000, 0xff), port: 1, securityProtocol: 0 }],
      features: [],
    })
    expect(answer.errorCode).not.toBe(0)
    expect(controllers.node(3000).image.controllers.has(7)).toBe(false)
    expect(controllers.node(3000).quorum.log.endOffset).toBe(endOffset)
    expect(await controllers.outcome(controllers.register(3000, 8))).toBe(0)
  })

  test.each([
    ['another leader of the epoch', 3009, 0],
    ['nobody', -1, 0],
    ['nobody in a later epoch', -1, 1],
    ['this very one, which follows', 3001, 0],
    ['this very one in a later epoch', 3001, 1],
  ])('of an epoch that %s begins or ends', async (_, leaderId, later) => {
    const controllers = await started([3000, 3001, 3002])
    const leaderEpoch = controllers.node(3001).quorum.raft.leaderEpoch + later
    const partition = { partitionIndex: 0, leaderId, leaderEpoch }
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }]
    const asked = { clusterId: null, topics, leaderEndpoints: [] }
    const answers = [
      await controllers.answer(3001, begin, asked),
      await controllers.answer(3001, end, asked),
    ]
    for (const answer of answers)
      expect(errorName(answer.topics[0]!.partitions[0]!.errorCode)).toBe('INVALID_REQUEST')
    await controllers.run(100)
    expect(controllers.leaderId).toBe(3000)
    expect(controllers.node(3001).quorum.raft.leaderEpoch).toBe(leaderEpoch - later)
  })

  test.each([
    ['nobody', { replicaId: -1, lastOffsetEpoch: 0 }],
    ['one with less than nothing', { lastOffset: -1n, lastOffsetEpoch: 0 }],
    ['one with records of no epoch', { lastOffsetEpoch: -1 }],
    ['one that has written in an epoch before it leads', { lastOffsetEpoch: 9 }],
  ])('of %s as a candidate', async (_, over) => {
    const controllers = await started([3000, 3001, 3002])
    const partition = { partitionIndex: 0, replicaEpoch: 9, replicaId: 3002, lastOffset: 1_000n }
    const topics = [
      { topicName: METADATA_TOPIC, partitions: [{ ...partition, preVote: false, ...over }] },
    ]
    const answer = await controllers.answer(3001, vote, { clusterId: null, topics })
    const { errorCode: code, voteGranted } = answer.topics[0]!.partitions[0]!
    expect(code).toBe(errorCode('INVALID_REQUEST'))
    expect(voteGranted).toBe(false)
    expect(controllers.node(3001).quorum.raft.leaderEpoch).toBeLessThan(9)
  })

  test.each([
    ['below the log', { fetchOffset: -1n }],
    ['after records of no epoch', { lastFetchedEpoch: -1 }],
    ['after records of an epoch to come', { lastFetchedEpoch: 9, currentLeaderEpoch: 8 }],
  ])('of a place %s', async (_, over) => {
    const controllers = await started([3000])
    const partition = { partition: 0, fetchOffset: 0n, lastFetchedEpoch: 0, partitionMaxBytes: 1 }
    const answer = await controllers.answer(3000, fetch, {
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel: 0,
      topics: [{ topicId: METADATA_TOPIC_ID, partitions: [{ ...partition, ...over }] }],
      forgottenTopicsData: [],
    })
    expect(errorName(answer.responses[0]!.partitions[0]!.errorCode)).toBe('INVALID_REQUEST')
  })
})

/** As Apache Kafka's controller answers them. */
describe('a change of the voters is refused', () => {
  const listeners = [{ name: 'CONTROLLER', host: 'host', port: 9 }]
  const directory = 'c29tZSBkaXJlY3RvcnkhIQ'
  const stranger = { voterId: 3009, voterDirectoryId: directory }

  test.each([
    ['nobody', { voterId: -1 }],
    ['one without a directory', { voterDirectoryId: NO_DIRECTORY }],
    ['one without a listener', { listeners: [] }],
    ['one that listens to brokers', { listeners: [{ ...listeners[0]!, name: 'PLAINTEXT' }] }],
  ])('that adds %s', async (_, over) => {
    const controllers = await started([3000])
    const wanted = { clusterId: null, timeoutMs: 1_000, ...stranger, listeners, ...over }
    const { errorCode: code } = await controllers.answer(3000, add, wanted)
    expect(errorName(code)).toBe('INVALID_REQUEST')
  })

  test('that takes away nobody, one without a directory, and the last', async () => {
    const controllers = await started([3000])
    const { directoryId } = controllers.node(3000)
    const removal = async (voterId: number, voterDirectoryId: string) => {
      const wanted = { clusterId: null, voterId, voterDirectoryId }
      return errorName((await controllers.answer(3000, remove, wanted)).errorCode)
    }
    expect(await removal(-1, directory)).toBe('INVALID_REQUEST')
    expect(await removal(3000, NO_DIRECTORY)).toBe('INVALID_REQUEST')
    expect(await removal(3000, directoryId)).toBe('VOTER_NOT_FOUND')
    expect([...controllers.node(3000).quorum.log.voters.keys()]).toEqual([3000])
  })

  test.each([
    ['of an earlier epoch', { currentLeaderEpoch: 0 }, 'FENCED_LEADER_EPOCH'],
    ['of an epoch to come', { currentLeaderEpoch: 9 }, 'UNKNOWN_LEADER_EPOCH'],
    ['who says no more where it listens', { listeners: [] }, 'INVALID_REQUEST'],
    ['who cannot change its voters', { kRaftVersionFeature: versions(0, 0) }, 'INVALID_REQUEST'],
    ['who supports no version', { kRaftVersionFeature: versions(1, 0) }, 'INVALID_REQUEST'],
    ['who is another', { voterDirectoryId: directory }, 'VOTER_NOT_FOUND'],
  ])('of one %s', async (_, over, error) => {
    const controllers = await started([3000])
    const { directoryId, quorum } = controllers.node(3000)
    const { endOffset } = quorum.log
    const { errorCode: code } = await controllers.answer(3000, update, {
      clusterId: null,
      currentLeaderEpoch: quorum.raft.leaderEpoch,
      voterId: 3000,
      voterDirectoryId: directoryId,
      listeners,
      kRaftVersionFeature: versions(0, 1),
      ...over,
    })
    expect(errorName(code)).toBe(error)
    expect(quorum.log.endOffset).toBe(endOffset)
  })
})

function versions(minSupportedVersion: number, maxSupportedVersion: number) {
  return { minSupportedVersion, maxSupportedVersion }
}

async function started(voters: readonly number[]): Promise<Controllers> {
  const controllers = new Controllers({ voters })
  controllers.start()
  await controllers.until(() => controllers.leaderId === 3000)
  await controllers.run(400)
  return controllers
}
