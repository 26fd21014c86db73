/**
 * What a controller that leads is asked by other nodes, by those that mistake it, and by those that
 * lie: a quorum of one voter, and a broker. Not that another node leads in its epoch: by that Apache
 * Kafka's controller ends (ours refuses it).
 */
import * as addVoter from '../../../engine/protocol/messages/add-raft-voter.ts'
import * as beginEpoch from '../../../engine/protocol/messages/begin-quorum-epoch.ts'
import * as heartbeat from '../../../engine/protocol/messages/broker-heartbeat.ts'
import * as brokers from '../../../engine/protocol/messages/broker-registration.ts'
import * as describeCluster from '../../../engine/protocol/messages/describe-cluster.ts'
import * as describeQuorum from '../../../engine/protocol/messages/describe-quorum.ts'
import * as endEpoch from '../../../engine/protocol/messages/end-quorum-epoch.ts'
import * as fetchSnapshot from '../../../engine/protocol/messages/fetch-snapshot.ts'
import * as fetch from '../../../engine/protocol/messages/fetch.ts'
import * as removeVoter from '../../../engine/protocol/messages/remove-raft-voter.ts'
import * as unregister from '../../../engine/protocol/messages/unregister-broker.ts'
import * as updateVoter from '../../../engine/protocol/messages/update-raft-voter.ts'
import * as vote from '../../../engine/protocol/messages/vote.ts'
import { requestCase, type Case, type Context } from './cases.ts'

export const QUORUM_VOTER_ID = 3000
const LOG = '__cluster_metadata'
const LOG_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const NO_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAA'
const DIRECTORY = 'c29tZSBkaXJlY3RvcnkhIQ'
const OTHER_DIRECTORY = 'b3RoZXIgZGlyZWN0b3J5IQ'
const THIRD_DIRECTORY = 'dGhpcmQgZGlyZWN0b3J5IQ'
const listeners = [{ name: 'CONTROLLER', host: '127.0.0.1', port: 9 }]

const epochOf = (context: Context) => Number(context.kept('epoch'))
const clusterOf = (context: Context) => context.kept('cluster')
const inLog = <P>(partition: P) => [{ topicName: LOG, partitions: [partition] }]

const cluster = requestCase('DescribeCluster: of the controllers', {
  request: describeCluster.describeClusterRequest,
  response: describeCluster.describeClusterResponse,
  from: 1,
  body: () => ({ includeClusterAuthorizedOperations: false, endpointType: 2 }),
  after: ({ clusterId }, context) => context.keep('cluster', clusterId),
})

const state = (name: string): Case =>
  requestCase(`DescribeQuorum: ${name}`, {
    request: describeQuorum.describeQuorumRequest,
    response: describeQuorum.describeQuorumResponse,
    from: 2,
    body: () => ({ topics: inLog({ partitionIndex: 0 }) }),
    after: ({ topics }, context) => {
      const partition = topics[0]!.partitions[0]!
      context.keep('epoch', String(partition.leaderEpoch))
      context.keep('directory', partition.currentVoters[0]?.replicaDirectoryId ?? '')
    },
  })

interface Overrides {
  readonly clusterId?: string | null
  readonly topicName?: string
}

const askVote = (name: string, over: object, top: Overrides & { voterId?: number } = {}): Case =>
  requestCase(`Vote: ${name}`, {
    request: vote.voteRequest,
    response: vote.voteResponse,
    from: 2,
    body: (_version, context) => ({
      clusterId: top.clusterId === undefined ? clusterOf(context) : top.clusterId,
      voterId: top.voterId ?? QUORUM_VOTER_ID,
      topics: [
        {
          topicName: top.topicName ?? LOG,
          partitions: [
            {
              partitionIndex: 0,
              replicaEpoch: epochOf(context),
              replicaId: 3009,
              replicaDirectoryId: DIRECTORY,
              voterDirectoryId: NO_DIRECTORY,
              lastOffsetEpoch: epochOf(context),
              lastOffset: 1_000_000n,
              preVote: true,
              ...over,
            },
          ],
        },
      ],
    }),
  })

const begin = (name: string, over: object, top: Overrides & { voterId?: number } = {}): Case =>
  requestCase(`BeginQuorumEpoch: ${name}`, {
    request: beginEpoch.beginQuorumEpochRequest,
    response: beginEpoch.beginQuorumEpochResponse,
    from: 1,
    body: (_version, context) => ({
      clusterId: top.clusterId === undefined ? clusterOf(context) : top.clusterId,
      voterId: top.voterId ?? QUORUM_VOTER_ID,
      topics: [
        {
          topicName: top.topicName ?? LOG,
          partitions: [
            {
              partitionIndex: 0,
              voterDirectoryId: NO_DIRECTORY,
              leaderId: QUORUM_VOTER_ID,
              leaderEpoch: epochOf(context),
              ...over,
            },
          ],
        },
      ],
      leaderEndpoints: listeners,
    }),
  })

const end = (name: string, over: object, top: Overrides = {}): Case =>
  requestCase(`EndQuorumEpoch: ${name}`, {
    request: endEpoch.endQuorumEpochRequest,
    response: endEpoch.endQuorumEpochResponse,
    from: 1,
    body: (_version, context) => ({
      clusterId: top.clusterId === undefined ? clusterOf(context) : top.clusterId,
      topics: [
        {
          topicName: top.topicName ?? LOG,
          partitions: [
            {
              partitionIndex: 0,
              leaderId: QUORUM_VOTER_ID,
              leaderEpoch: epochOf(context),
              preferredCandidates: [],
              ...over,
            },
          ],
        },
      ],
      leaderEndpoints: listeners,
    }),
  })

const readLog = (name: string, over: object, top: object = {}, topicId = LOG_ID): Case =>
  requestCase(`Fetch: ${name}`, {
    request: fetch.fetchRequest,
    response: fetch.fetchResponse,
    from: 17,
    body: (_version, context) => ({
      clusterId: clusterOf(context),
      replicaState: { replicaId: -1, replicaEpoch: -1n },
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel: 0,
      topics: [
        {
          topicId,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: epochOf(context),
              fetchOffset: 1_000_000n,
              lastFetchedEpoch: epochOf(context),
              partitionMaxBytes: 1,
              ...over,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
      ...top,
    }),
  })

const readSnapshot = (name: string, over: object, top: object = {}): Case =>
  requestCase(`FetchSnapshot: ${name}`, {
    request: fetchSnapshot.fetchSnapshotRequest,
    response: fetchSnapshot.fetchSnapshotResponse,
    body: (_version, context) => ({
      clusterId: clusterOf(context),
      replicaId: 3009,
      topics: [
        {
          name: LOG,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: epochOf(context),
              snapshotId: { endOffset: 0n, epoch: 0 },
              position: 0n,
              ...over,
            },
          ],
        },
      ],
      ...top,
    }),
  })

const add = (name: string, over: object): Case =>
  requestCase(`AddRaftVoter: ${name}`, {
    request: addVoter.addRaftVoterRequest,
    response: addVoter.addRaftVoterResponse,
    to: 0,
    body: (_version, context) => ({
      clusterId: clusterOf(context),
      timeoutMs: 1_000,
      voterId: 3009,
      voterDirectoryId: DIRECTORY,
      listeners,
      ...over,
    }),
  })

const remove = (name: string, over: (context: Context) => object): Case =>
  requestCase(`RemoveRaftVoter: ${name}`, {
    request: removeVoter.removeRaftVoterRequest,
    response: removeVoter.removeRaftVoterResponse,
    body: (_version, context) => ({
      clusterId: clusterOf(context),
      voterId: 3009,
      voterDirectoryId: DIRECTORY,
      ...over(context),
    }),
  })

const update = (name: string, over: (context: Context) => object): Case =>
  requestCase(`UpdateRaftVoter: ${name}`, {
    request: updateVoter.updateRaftVoterRequest,
    response: updateVoter.updateRaftVoterResponse,
    body: (_version, context) => ({
      clusterId: clusterOf(context),
      currentLeaderEpoch: epochOf(context),
      voterId: QUORUM_VOTER_ID,
      voterDirectoryId: context.kept('directory'),
      listeners,
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
      ...over(context),
    }),
  })

const features = [
  { name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 30 },
  { name: 'kraft.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'eligible.leader.replicas.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'group.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'transaction.version', minSupportedVersion: 0, maxSupportedVersion: 2 },
  { name: 'share.version', minSupportedVersion: 0, maxSupportedVersion: 2 },
  { name: 'streams.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
]

const register = (name: string, over: object): Case =>
  requestCase(`BrokerRegistration: ${name}`, {
    request: brokers.brokerRegistrationRequest,
    response: brokers.brokerRegistrationResponse,
    from: 4,
    body: (_version, context) => ({
      brokerId: 9,
      clusterId: clusterOf(context),
      incarnationId: DIRECTORY,
      listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9, securityProtocol: 0 }],
      features,
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [DIRECTORY],
      previousBrokerEpoch: -1n,
      ...over,
    }),
    after: ({ errorCode, brokerEpoch }, context) => {
      if (errorCode === 0) context.keep('broker', String(brokerEpoch))
    },
  })

const beat = (name: string, over: (epoch: bigint) => object): Case =>
  requestCase(`BrokerHeartbeat: ${name}`, {
    request: heartbeat.brokerHeartbeatRequest,
    response: heartbeat.brokerHeartbeatResponse,
    from: 1,
    to: 1,
    body: (_version, context) => {
      const brokerEpoch = BigInt(context.kept('broker') || '-1')
      return {
        brokerId: 9,
        brokerEpoch,
        currentMetadataOffset: 0n,
        wantFence: false,
        wantShutDown: false,
        offlineLogDirs: [],
        ...over(brokerEpoch),
      }
    },
  })

const goes = (brokerId: number): Case =>
  requestCase(`UnregisterBroker: ${brokerId}`, {
    request: unregister.unregisterBrokerRequest,
    response: unregister.unregisterBrokerResponse,
    body: () => ({ brokerId }),
  })

export const quorumCases: readonly Case[] = [
  cluster,
  state('as it is'),
  askVote('before a leader is deposed', {}),
  askVote('by nobody', { replicaId: -1 }),
  askVote('with a negative offset', { lastOffset: -1n }),
  askVote('with a negative last epoch', { lastOffsetEpoch: -1 }),
  askVote('with records of a later epoch', { lastOffsetEpoch: 1_000 }),
  askVote('in an earlier epoch', { replicaEpoch: 0, lastOffsetEpoch: 0 }),
  askVote('in this epoch', { preVote: false, lastOffsetEpoch: 0 }),
  askVote('in this epoch with its records', { preVote: false }),
  askVote('of another voter', {}, { voterId: 3001 }),
  askVote('of no voter', {}, { voterId: -1 }),
  askVote('of its other directory', { voterDirectoryId: OTHER_DIRECTORY }),
  askVote('of another cluster', {}, { clusterId: 'another' }),
  askVote('of any cluster', {}, { clusterId: null }),
  askVote('about another log', {}, { topicName: 'other' }),
  askVote('about another partition', { partitionIndex: 1 }),
  begin('by itself', {}),
  begin('by nobody', { leaderId: -1 }),
  begin('of an earlier epoch', { leaderEpoch: 0, leaderId: 3009 }),
  begin('at another voter', {}, { voterId: 3001 }),
  begin('at its other directory', { voterDirectoryId: OTHER_DIRECTORY }),
  begin('of another cluster', {}, { clusterId: 'another' }),
  begin('about another log', {}, { topicName: 'other' }),
  end('by itself', {}),
  end('by nobody', { leaderId: -1 }),
  end('of an earlier epoch', { leaderEpoch: 0, leaderId: 3009 }),
  end('of another cluster', {}, { clusterId: 'another' }),
  end('about another log', {}, { topicName: 'other' }),
  state('as it was'),
  readLog('behind the end', {}),
  readLog('at a negative offset', { fetchOffset: -1n }),
  readLog('after a negative epoch', { lastFetchedEpoch: -1 }),
  readLog('in no epoch', { currentLeaderEpoch: -1 }),
  readLog('in no epoch after none', { currentLeaderEpoch: -1, lastFetchedEpoch: 0 }),
  readLog('in an earlier epoch', { currentLeaderEpoch: 0, lastFetchedEpoch: 0 }),
  readLog('in a later epoch', { currentLeaderEpoch: 1_000 }),
  readLog('after a later epoch', { lastFetchedEpoch: 1_000 }),
  readLog('for a negative time', {}, { maxWaitMs: -1 }),
  readLog('of another cluster', {}, { clusterId: 'another' }),
  readLog('of another log', {}, {}, OTHER_DIRECTORY),
  readLog('of another partition', { partition: 1 }),
  readSnapshot('that is not there', {}),
  readSnapshot('at a negative position', { position: -1n }),
  readSnapshot('in an earlier epoch', { currentLeaderEpoch: 0 }),
  readSnapshot('in a later epoch', { currentLeaderEpoch: 1_000 }),
  readSnapshot('in no epoch', { currentLeaderEpoch: -1 }),
  readSnapshot('of another partition', { partition: 1 }),
  readSnapshot('of another cluster', {}, { clusterId: 'another' }),
  add('a stranger', {}),
  add('nobody', { voterId: -1 }),
  add('without a directory', { voterDirectoryId: NO_DIRECTORY }),
  add('without a listener', { listeners: [] }),
  add('with another listener', { listeners: [{ ...listeners[0]!, name: 'OTHER' }] }),
  add('to another cluster', { clusterId: 'another' }),
  add('one that votes', { voterId: QUORUM_VOTER_ID }),
  remove('a stranger', () => ({})),
  remove('nobody', () => ({ voterId: -1 })),
  remove('without a directory', () => ({ voterDirectoryId: NO_DIRECTORY })),
  remove('from another cluster', () => ({ clusterId: 'another' })),
  remove('in another directory', () => ({ voterId: QUORUM_VOTER_ID })),
  remove('the last', context => ({
    voterId: QUORUM_VOTER_ID,
    voterDirectoryId: context.kept('directory'),
  })),
  update('a stranger', () => ({ voterId: 3009 })),
  update('nobody', () => ({ voterId: -1 })),
  update('without a directory', () => ({ voterDirectoryId: NO_DIRECTORY })),
  update('without a listener', () => ({ listeners: [] })),
  update('in an earlier epoch', () => ({ currentLeaderEpoch: 0 })),
  update('in a later epoch', () => ({ currentLeaderEpoch: 1_000 })),
  update('in no epoch', () => ({ currentLeaderEpoch: -1 })),
  update('of another cluster', () => ({ clusterId: 'another' })),
  update('with versions that are none', () => ({
    kRaftVersionFeature: { minSupportedVersion: 1, maxSupportedVersion: 0 },
  })),
  update('without the version of the quorum', () => ({
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 0 },
  })),
  beat('of a stranger', () => ({})),
  register('in another cluster', { clusterId: 'another' }),
  register('without a listener', { listeners: [] }),
  register('without a folder', { logDirs: [] }),
  register('twice in a folder', { logDirs: [DIRECTORY, DIRECTORY] }),
  register('in a reserved folder', { logDirs: [LOG_ID] }),
  register('without features', { features: [] }),
  register('of a negative id', { brokerId: -1 }),
  register('in ZooKeeper', { isMigratingZkBroker: true }),
  register('anew', {}),
  register('once more', {}),
  register('beside one that lives', { incarnationId: OTHER_DIRECTORY }),
  register('in the folder of another', { brokerId: 10 }),
  beat('of another life', epoch => ({ brokerEpoch: epoch - 1n })),
  beat('that has not caught up', () => ({})),
  beat('that wants to stay fenced', epoch => ({ currentMetadataOffset: epoch, wantFence: true })),
  beat('that has caught up', epoch => ({ currentMetadataOffset: epoch })),
  beat('that lost a folder that it has not', () => ({ offlineLogDirs: [OTHER_DIRECTORY] })),
  register('beside one that serves', { incarnationId: THIRD_DIRECTORY }),
  beat('that is fenced meanwhile', epoch => ({ currentMetadataOffset: epoch, wantFence: true })),
  beat('that goes on', epoch => ({ currentMetadataOffset: epoch })),
  register('once more while it serves', { incarnationId: OTHER_DIRECTORY }),
  beat('that wants to be fenced', epoch => ({ currentMetadataOffset: epoch, wantFence: true })),
  beat('that is back', epoch => ({ currentMetadataOffset: epoch })),
  beat('that stops', epoch => ({ currentMetadataOffset: epoch, wantShutDown: true })),
  beat('that was let go', epoch => ({ currentMetadataOffset: epoch })),
  beat('that stops once more', epoch => ({ currentMetadataOffset: epoch, wantShutDown: true })),
  register('after a clean stop', { incarnationId: OTHER_DIRECTORY }),
  goes(9),
  goes(9),
  goes(-1),
  beat('that is gone', () => ({})),
  state('as it still is'),
  askVote('in the next epoch', { preVote: false, replicaEpoch: 500, lastOffsetEpoch: 499 }),
]
