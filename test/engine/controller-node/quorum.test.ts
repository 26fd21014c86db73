import { describe, expect, test } from 'vitest'
import { configResourceTypes } from '../../../engine/config/describe.ts'
import { errorCode } from '../../../engine/protocol/errors.ts'
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
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../engine/protocol/messages/incremental-alter-configs.ts'
import { voteRequest, voteResponse } from '../../../engine/protocol/messages/vote.ts'
import { wholeBatches } from '../../../engine/protocol/records/record-batch.ts'
import { imageText } from '../../simulation/image-comparison.ts'
import { Controllers, hostOf, registration } from './controllers.ts'

const three = [3000, 3001, 3002]
const describe_ = { request: describeQuorumRequest, response: describeQuorumResponse }
const metadataTopic = {
  topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
}

describe('a quorum of controllers', () => {
  test('of one leads at once', async () => {
    const controllers = new Controllers({ voters: [3000] })
    controllers.start()
    expect(await controllers.until(() => controllers.leaderId === 3000)).toBeLessThan(5)
  })

  test('of three that start together is led within a few round trips', async () => {
    const controllers = new Controllers({ voters: three })
    controllers.start()
    expect(await controllers.until(() => controllers.leaderId !== null)).toBeLessThan(100)
    expect(controllers.leaderId).toBe(3000)
  })

  test('elects another when the leader is killed, after the fetch time-out and not before', async () => {
    const controllers = await started()
    await controllers.run(1_000)
    controllers.kill(3000)
    const tookMs = await controllers.until(() => controllers.leaderId !== null)
    expect(tookMs).toBeGreaterThan(1_400)
    expect(tookMs).toBeLessThan(6_000)
  })

  test('goes over to another at once when the leader is stopped', async () => {
    const controllers = await started()
    await controllers.run(1_000)
    const stopped = controllers.nodes.get(3000)!.stop()
    const tookMs = await controllers.until(
      () => controllers.leaderId !== null && controllers.leaderId !== 3000,
    )
    expect(tookMs).toBeLessThan(200)
    await controllers.outcome(stopped)
  })

  test('leaves nothing behind of a leader that stops while the others hang', async () => {
    const controllers = await started()
    for (const id of [3001, 3002]) controllers.nodes.get(id)!.pause()
    // By now it opens new connections to them, which are taken, and then nobody says a word.
    await controllers.run(4_000)
    await controllers.outcome(controllers.nodes.get(3000)!.stop())
    expect(controllers.failure).toBeNull()
  })

  test('answers when a majority has what was decided, and not before', async () => {
    const controllers = await started()
    controllers.kill(3001)
    controllers.kill(3002)
    let answered = false
    const code = controllers.register(3000, 7).finally(() => {
      answered = true
    })
    await controllers.run(500)
    expect(answered).toBe(false)
    controllers.start(3001)
    expect(await controllers.outcome(code)).toBe(0)
    const held = () => controllers.node(3001).quorum.log.endOffset
    expect(held()).toBeGreaterThanOrEqual(controllers.node(3000).quorum.raft.highWatermark!)
    await controllers.until(() => controllers.node(3001).image.controllers.has(7))
  })

  test('writes and commits together what arrives together, each decision a batch', async () => {
    const controllers = await started()
    await controllers.run(1_000)
    const { log } = controllers.node(3000).quorum.log
    const flush = log.flush.bind(log)
    let flushes = 0
    log.flush = () => {
      flushes++
      flush()
    }
    const connection = await controllers.outcome(controllers.connect(3000))
    const from = log.logEndOffset
    const codes = Array.from({ length: 20 }, async (_, index) => {
      const request = controllers.registrationOf(100 + index)
      return (await connection.request(registration, request)).errorCode
    })
    const startMs = controllers.time.nowMs
    expect(await controllers.outcome(Promise.all(codes))).toEqual(codes.map(() => 0))
    expect(controllers.time.nowMs - startMs).toBeLessThan(15)
    expect(flushes).toBeLessThan(4)
    const { quorum } = controllers.node(3000)
    const batches = [...wholeBatches(quorum.log.read(from, quorum.log.endOffset, 1_000_000))]
    expect(batches).toHaveLength(20)
    connection.close()
    await controllers.run(1_000)
    expectOneImage(controllers)
  })

  test('says twice a second that it is there, where that is asked for and nothing else is said', async () => {
    const controllers = new Controllers({
      voters: three,
      configs: { 'metadata.max.idle.interval.ms': '500' },
    })
    controllers.start()
    await controllers.until(() => controllers.leaderId !== null)
    await controllers.run(2_000)
    const { log } = controllers.node(3000).quorum
    const from = log.endOffset
    await controllers.run(5_000)
    const records = [...log.records(from, log.endOffset)].map(({ record }) => record.type)
    expect(records.length).toBeGreaterThanOrEqual(9)
    expect(records.length).toBeLessThanOrEqual(10)
    expect(new Set(records)).toEqual(new Set(['NoOpRecord']))
    expectOneImage(controllers)
  })

  test('keeps its log in segments as long as it is told', async () => {
    const controllers = new Controllers({
      voters: [3000],
      configs: { 'metadata.log.segment.ms': '10000' },
    })
    controllers.start()
    for (let round = 0; round < 3; round++) {
      await controllers.until(() => controllers.leaderId !== null)
      expect(await controllers.outcome(controllers.register(3000, 7 + round))).toBe(0)
      await controllers.run(11_000)
    }
    const names = (
      controllers.nodes.get(3000)!.disk.list(`/${hostOf(3000)}/__cluster_metadata-0`) ?? []
    )
      .map(({ name }) => name)
      .filter(name => name.endsWith('.log'))
    expect(names).toHaveLength(3)
  })

  test('a vote taken while decisions wait to be written comes behind them', async () => {
    const controllers = await started()
    await controllers.run(1_000)
    const directoryId = controllers.node(3002).quorum.raft.state.local.directoryId!
    const connection = await controllers.outcome(controllers.connect(3000))
    const decided = Array.from({ length: 20 }, (_, index) =>
      connection.request(registration, controllers.registrationOf(100 + index)),
    )
    const remove = { request: removeRaftVoterRequest, response: removeRaftVoterResponse }
    const request = { clusterId: null, voterId: 3002, voterDirectoryId: directoryId }
    const removed = connection.request(remove, request)
    for (const answer of await controllers.outcome(Promise.all(decided)))
      expect(answer).toMatchObject({ errorCode: 0 })
    expect(await controllers.outcome(removed)).toMatchObject({ errorCode: 0 })
    connection.close()
    await controllers.run(1_000)
    expect([...controllers.node(3001).quorum.log.voters.keys()]).toEqual([3000, 3001])
    expectOneImage(controllers)
  })

  test('refuses what was not decided when its leader is cut off, and forgets it', async () => {
    const controllers = await started()
    controllers.isolate(3000, 8_000)
    const code = controllers.register(3000, 7)
    await controllers.until(() => controllers.leaderId !== 3000 && controllers.leaderId !== null)
    expect(await controllers.outcome(code)).toBe(errorCode('NOT_CONTROLLER'))
    expect(await controllers.outcome(controllers.register(controllers.leaderId!, 8))).toBe(0)
    await controllers.run(15_000)
    for (const { image } of controllers.running) {
      expect(image.controllers.has(7)).toBe(false)
      expect(image.controllers.has(8)).toBe(true)
    }
    expectOneImage(controllers)
  })

  test('refuses what a node is asked that does not lead', async () => {
    const controllers = await started()
    const refused = await controllers.outcome(controllers.register(3001, 7))
    expect(refused).toBe(errorCode('NOT_CONTROLLER'))
  })

  test('keeps all that was answered through kills of each node in turn', async () => {
    const controllers = await started()
    for (const [round, id] of [...three, ...three].entries()) {
      expect(await controllers.outcome(registerAtLeader(controllers, 100 + round))).toBe(0)
      controllers.kill(id)
      await controllers.until(() => controllers.leaderId !== null)
      controllers.start(id)
      await controllers.run(1_000)
    }
    await controllers.run(5_000)
    const expected = Array.from({ length: 6 }, (_, round) => 100 + round)
    for (const { image } of controllers.running)
      expect([...image.controllers.keys()].filter(id => id < 3_000)).toEqual(expected)
    expectOneImage(controllers)
  })

  test('names its voters with their folders, so that they can be changed', async () => {
    const controllers = await started()
    await controllers.run(2_000)
    for (const { quorum } of controllers.running) {
      const voters = [...quorum.log.voters.values()]
      expect(voters.map(({ id }) => id)).toEqual(three)
      expect(voters.every(({ directoryId }) => directoryId !== null)).toBe(true)
      expect(voters.map(({ endpoints }) => endpoints[0]!.host)).toEqual(three.map(hostOf))
    }
  })

  test('refuses a vote that was meant for another folder', async () => {
    const controllers = await started()
    await controllers.run(2_000)
    const partition = {
      partitionIndex: 0,
      replicaEpoch: 99,
      replicaId: 3002,
      voterDirectoryId: 'bm90IHRoZSBvbmUgdGhlcm',
      lastOffsetEpoch: 99,
      lastOffset: 99n,
    }
    const topics = [{ topicName: '__cluster_metadata', partitions: [partition] }]
    const request = { clusterId: null, voterId: 3001, topics }
    const api = { request: voteRequest, response: voteResponse }
    const answer = await controllers.answer(3001, api, request)
    const { errorCode: code, voteGranted } = answer.topics[0]!.partitions[0]!
    expect(code).toBe(errorCode('INVALID_VOTER_KEY'))
    expect(voteGranted).toBe(false)
    expect(controllers.node(3001).quorum.raft.leaderEpoch).toBeLessThan(99)
  })

  test('is described by its leader, and by nobody else', async () => {
    const controllers = await started()
    await controllers.run(3_000)
    controllers.kill(3002)
    expect(await controllers.outcome(controllers.register(3000, 7))).toBe(0)
    await controllers.run(600)
    const answer = await controllers.answer(3000, describe_, metadataTopic)
    const partition = answer.topics[0]!.partitions[0]!
    expect(partition).toMatchObject({ errorCode: 0, leaderId: 3000, observers: [] })
    const lags = partition.currentVoters.map(each => partition.highWatermark - each.logEndOffset)
    expect(lags).toEqual([0n, 0n, 1n])
    expect(partition.currentVoters[2]!.lastCaughtUpTimestamp).toBeGreaterThan(0n)
    expect(answer.nodes.map(({ nodeId }) => nodeId)).toEqual(three)

    const refused = await controllers.answer(3001, describe_, metadataTopic)
    // Nothing else, as in Apache Kafka.
    expect(refused.topics[0]!.partitions[0]).toMatchObject({
      errorCode: errorCode('NOT_LEADER_OR_FOLLOWER'),
      leaderId: 0,
      leaderEpoch: 0,
      highWatermark: 0n,
    })
  })
})

describe('voters', () => {
  const add = { request: addRaftVoterRequest, response: addRaftVoterResponse }
  const remove = { request: removeRaftVoterRequest, response: removeRaftVoterResponse }

  test('are joined by a node that has caught up, which then counts', async () => {
    const controllers = await started({ observers: [3003] })
    await controllers.run(3_000)
    const directoryId = controllers.node(3003).quorum.raft.state.local.directoryId!
    const voter = { voterId: 3003, voterDirectoryId: directoryId }
    const listeners = [{ name: 'CONTROLLER', host: hostOf(3003), port: 9093 }]
    const request = { clusterId: null, timeoutMs: 1_000, ...voter, listeners }
    expect(await controllers.answer(3000, add, request)).toMatchObject({ errorCode: 0 })
    await controllers.run(1_000)
    expect(controllers.node(3003).quorum.raft.votes).toBe(true)
    expect(await controllers.answer(3000, add, request)).toMatchObject({
      errorCode: errorCode('DUPLICATE_VOTER'),
    })
    // Two of four are no majority any more.
    controllers.kill(3001)
    controllers.kill(3002)
    await controllers.until(() => controllers.leaderId === null)
  })

  test('are not joined by one that is not there', async () => {
    const controllers = await started()
    await controllers.run(3_000)
    const voter = { voterId: 3009, voterDirectoryId: 'bm90IHRoZSBvbmUgdGhlcm' }
    const listeners = [{ name: 'CONTROLLER', host: '127.0.0.1', port: 9 }]
    const request = { clusterId: null, timeoutMs: 1_000, ...voter, listeners }
    expect(await controllers.answer(3000, add, request)).toMatchObject({
      errorCode: errorCode('REQUEST_TIMED_OUT'),
    })
  })

  test('are told of another leader by one that could not commit their change', async () => {
    const controllers = await started()
    await controllers.run(3_000)
    controllers.isolate(3000, 20_000)
    const directoryId = controllers.node(3002).quorum.raft.state.local.directoryId!
    const voter = { voterId: 3002, voterDirectoryId: directoryId }
    expect(await controllers.answer(3000, remove, { clusterId: null, ...voter })).toMatchObject({
      errorCode: errorCode('NOT_LEADER_OR_FOLLOWER'),
    })
    expect([...controllers.node(3001).quorum.log.voters.keys()]).toEqual(three)
  })

  test('lose a leader that is removed, once that is committed, and elect another', async () => {
    const controllers = await started()
    await controllers.run(3_000)
    const directoryId = controllers.node(3000).quorum.raft.state.local.directoryId!
    const voter = { voterId: 3000, voterDirectoryId: directoryId }
    const answer = await controllers.answer(3000, remove, { clusterId: null, ...voter })
    expect(answer).toMatchObject({ errorCode: 0 })
    // What was committed last reaches them behind its farewell, and is no sign of life.
    const tookMs = await controllers.until(
      () => controllers.leaderId !== null && controllers.leaderId !== 3000,
    )
    expect(tookMs).toBeLessThan(200)
    await controllers.run(3_000)
    expect(controllers.node(3000).quorum.raft.votes).toBe(false)
    expect(controllers.node(3000).quorum.raft.role.type).toBe('follower')
    expect([...controllers.node(3001).quorum.log.voters.keys()]).toEqual([3001, 3002])
    const again = controllers.answer(controllers.leaderId!, remove, { clusterId: null, ...voter })
    expect(await again).toMatchObject({ errorCode: errorCode('VOTER_NOT_FOUND') })
  })

  test('lose a leader that counts among the observers until its removal is committed', async () => {
    const controllers = await startedWithTwoVoters()
    controllers.nodes.get(3001)!.pause()
    await controllers.run(700)
    removal(controllers).catch(() => {})
    await controllers.run(100)
    const answer = await controllers.answer(3000, describe_, metadataTopic)
    const partition = answer.topics[0]!.partitions[0]!
    const observers = partition.observers.map(({ replicaId }) => replicaId)
    expect(partition.leaderId).toBe(3000)
    expect(partition.currentVoters.map(({ replicaId }) => replicaId)).toEqual([3001])
    expect(observers.toSorted((a, b) => a - b)).toEqual([3000, 3002])
  })

  test('that are two elect nobody when the leader removes itself and ends before that is committed', async () => {
    const controllers = await startedWithTwoVoters()
    controllers.nodes.get(3001)!.pause()
    await controllers.run(700)
    removal(controllers).catch(() => {})
    await controllers.run(100)
    controllers.kill(3000)
    controllers.nodes.get(3001)!.resume()
    controllers.start(3000)
    // The one with a vote has the shorter log, the other one has no vote: so it is in Apache Kafka.
    await controllers.run(30_000)
    expect(controllers.leaderId).toBe(null)
    expect([...controllers.node(3000).quorum.log.voters.keys()]).toEqual([3001])
    expect([...controllers.node(3001).quorum.log.voters.keys()]).toEqual([3000, 3001])
  })

  /** 3000 leads, 3001 votes too, 3002 observes. */
  async function startedWithTwoVoters(): Promise<Controllers> {
    const controllers = await started()
    await controllers.run(3_000)
    await controllers.outcome(removal(controllers, 3002))
    await controllers.run(1_000)
    return controllers
  }

  function removal(controllers: Controllers, id = 3000) {
    const directoryId = controllers.node(id).quorum.raft.state.local.directoryId!
    const request = { clusterId: null, voterId: id, voterDirectoryId: directoryId }
    return controllers.ask(3000, remove, request)
  }

  test('are followed by a leader that was removed and ended before it heard of the next', async () => {
    const controllers = await started()
    await controllers.run(3_000)
    const directoryId = controllers.node(3000).quorum.raft.state.local.directoryId!
    const voter = { voterId: 3000, voterDirectoryId: directoryId }
    const answer = controllers.ask(3000, remove, { clusterId: null, ...voter })
    answer.catch(() => {})
    await controllers.until(() => controllers.node(3000).quorum.raft.role.type === 'resigned')
    controllers.kill(3000)
    controllers.start(3000)
    await controllers.until(() => controllers.leaderId !== null)
    await controllers.run(3_000)
    expect(controllers.node(3000).quorum.raft.leaderId).toBe(controllers.leaderId)
  })
})

const incrementalAlterConfigs = {
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
}

describe('a snapshot of the metadata', () => {
  const configs = {
    'metadata.log.max.record.bytes.between.snapshots': '500',
    'metadata.max.retention.bytes': '1000',
  }

  test('stands for the records before it, also for one who was away', async () => {
    const controllers = await started({ configs })
    controllers.kill(3002)
    for (let id = 100; id < 150; id++)
      expect(await controllers.outcome(registerAtLeader(controllers, id))).toBe(0)
    const { log } = controllers.node(3000).quorum
    expect(log.startOffset).toBeGreaterThan(20n)
    controllers.start(3002)
    await controllers.run(3_000)
    expect(controllers.node(3002).quorum.log.startOffset).toBeGreaterThan(20n)
    expectOneImage(controllers)
    expect(controllers.node(3002).image.controllers.size).toBe(53)
  })

  test('is taken after some time too, where anything is new', async () => {
    const controllers = await started({
      configs: { 'metadata.log.max.snapshot.interval.ms': '60000' },
    })
    expect(await controllers.outcome(controllers.register(3000, 7))).toBe(0)
    const { log } = controllers.node(3001).quorum
    await controllers.run(50_000)
    expect(log.latestSnapshot).toBe(null)
    await controllers.run(15_000)
    expect(log.latestSnapshot?.endOffset).toBe(log.endOffset)
    const count = log.snapshots.all.length
    await controllers.run(200_000)
    expect(log.snapshots.all.length).toBe(count)
  })

  test('is not needed to replay a long log in many turns, before anything is decided', async () => {
    const controllers = await started({ voters: [3000], isSlow: true })
    for (let id = 100; id < 150; id++)
      expect(await controllers.outcome(controllers.register(3000, id))).toBe(0)
    const before = controllers.node(3000).image.lastOffset
    controllers.kill(3000)
    controllers.start()
    await controllers.until(() => controllers.leaderId === 3000)
    expect(controllers.node(3000).image.lastOffset).toBeLessThan(before)
    expect(await controllers.outcome(controllers.register(3000, 200))).toBe(0)
    const { image } = controllers.node(3000)
    expect(image.lastOffset).toBeGreaterThan(before)
    expect(image.controllers.size).toBe(52)
  })

  test('is taken at a clean stop where the next start would have much to replay', async () => {
    const controllers = await started({ voters: [3000] })
    const set = { name: 'consumer.heartbeat.interval.ms', configOperation: 0, value: '5000' }
    const resources = Array.from({ length: 10_000 }, (_, index) => ({
      resourceType: configResourceTypes.GROUP,
      resourceName: `group-${index}`,
      configs: [set],
    }))
    const request = { resources, validateOnly: false }
    const answer = await controllers.outcome(
      controllers.ask(3000, incrementalAlterConfigs, request),
    )
    expect(new Set(answer.responses.map(each => each.errorCode))).toEqual(new Set([0]))
    const { log } = controllers.node(3000).quorum
    expect(log.latestSnapshot).toBe(null)
    await controllers.outcome(controllers.node(3000).close())
    expect(log.latestSnapshot?.endOffset).toBe(log.endOffset)
  })

  test('is what a node starts from', async () => {
    const controllers = await started({ configs, voters: [3000] })
    for (let id = 100; id < 150; id++)
      expect(await controllers.outcome(controllers.register(3000, id))).toBe(0)
    const before = imageText(controllers.node(3000).image)
    expect(controllers.node(3000).quorum.log.startOffset).toBeGreaterThan(20n)
    controllers.kill(3000)
    controllers.start()
    await controllers.until(() => controllers.leaderId === 3000)
    expect(imageText(controllers.node(3000).image)).toBe(before)
    expect(controllers.node(3000).image.controllers.size).toBe(51)
  })
})

async function started(
  options: Partial<ConstructorParameters<typeof Controllers>[0]> = {},
): Promise<Controllers> {
  const controllers = new Controllers({ voters: three, ...options })
  controllers.start()
  await controllers.until(() => controllers.leaderId === 3000)
  // Voters are named and controllers registered.
  await controllers.run(400)
  return controllers
}

/** Asked again while an election is under way, as brokers do. */
async function registerAtLeader(controllers: Controllers, id: number): Promise<number> {
  const { leaderId } = controllers
  return leaderId === null ? errorCode('NOT_CONTROLLER') : controllers.register(leaderId, id)
}

function expectOneImage(controllers: Controllers): void {
  const texts = controllers.running.map(({ image }) => imageText(image))
  expect(new Set(texts).size).toBe(1)
  const ids = controllers.running.map(({ image }) => [...image.controllers.keys()].join())
  expect(new Set(ids).size).toBe(1)
}
