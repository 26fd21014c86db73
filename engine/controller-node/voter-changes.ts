/**
 * Who votes, changed one voter at a time (KIP-853): a change begins when the one before it is
 * committed, and when the leader has committed something itself. Its answer waits until the new
 * voters are committed, by a majority of themselves.
 */
import { KafkaError } from '../protocol/errors.ts'
import type { Leader } from '../raft/raft-state.ts'
import { isDynamic, voterSetOf, type Voter, type VoterSet } from '../raft/voter-set.ts'
import { NO_DIRECTORY } from './election-file.ts'
import { CONTROLLER_LISTENER } from './quorum-messages.ts'
import type { QuorumNode } from './quorum-node.ts'
import type { ReplicatedController } from './replicated-controller.ts'

/** As in Kafka: a replica that was level with the leader within it may become a voter. */
const CAUGHT_UP_WITHIN_MS = 3_600_000

export class VoterChanges {
  readonly #quorum: QuorumNode
  readonly #controller: ReplicatedController

  constructor(quorum: QuorumNode, controller: ReplicatedController) {
    this.#quorum = quorum
    this.#controller = controller
  }

  /**
   * Throws DUPLICATE_VOTER, INVALID_REQUEST for a voter that is none, and REQUEST_TIMED_OUT for a
   * replica that is not level with the leader.
   */
  async add(
    voter: Voter & { readonly directoryId: string },
    options: { readonly nowMs: number; readonly waitsForCommit: boolean },
  ): Promise<void> {
    const { role, voters } = this.#ready(() => {
      refuseNobody(voter)
      refuseUnreachable(voter)
    })
    if (voters.has(voter.id))
      throw new KafkaError('DUPLICATE_VOTER', `node ${voter.id} is a voter already`)
    const observer = role.observers.get(voter.id)
    const isLevel =
      observer !== undefined &&
      observer.key.directoryId === voter.directoryId &&
      observer.lastCaughtUpMs >= 0 &&
      options.nowMs - observer.lastCaughtUpMs <= CAUGHT_UP_WITHIN_MS
    if (!isLevel)
      throw new KafkaError(
        'REQUEST_TIMED_OUT',
        `node ${voter.id} with directory ${voter.directoryId} has not caught up with the leader`,
      )
    await this.#change(voterSetOf([...voters.values(), voter]), options)
  }

  /**
   * Throws VOTER_NOT_FOUND, also for the last voter: a quorum has at least one. INVALID_REQUEST for a
   * voter that is none.
   */
  async remove(voter: { readonly id: number; readonly directoryId: string }): Promise<void> {
    const { voters } = this.#ready(() => refuseNobody(voter))
    if (voters.get(voter.id)?.directoryId !== voter.directoryId)
      throw new KafkaError(
        'VOTER_NOT_FOUND',
        `node ${voter.id} with directory ${voter.directoryId} is no voter`,
      )
    if (voters.size === 1)
      throw new KafkaError('VOTER_NOT_FOUND', `node ${voter.id} is the last voter, and stays`)
    const rest = [...voters.values()].filter(({ id }) => id !== voter.id)
    await this.#change(voterSetOf(rest), { waitsForCommit: true })
    // A leader that has taken its own vote away leads until that is committed, and no longer.
    if (!this.#quorum.raft.votes) this.#quorum.step({ type: 'resign' })
  }

  /**
   * A voter listens elsewhere. Throws VOTER_NOT_FOUND, INVALID_REQUEST for a voter that is none, and
   * FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH for one that follows in another epoch.
   */
  async update(
    voter: Voter & { readonly directoryId: string },
    { leaderEpoch }: { readonly leaderEpoch: number },
  ): Promise<void> {
    this.#refuseOtherEpoch(leaderEpoch)
    const { voters } = this.#ready(() => {
      refuseNobody(voter)
      refuseUnreachable(voter)
    })
    if (voters.get(voter.id)?.directoryId !== voter.directoryId)
      throw new KafkaError('VOTER_NOT_FOUND', `node ${voter.id} is no voter with that directory`)
    const rest = [...voters.values()].filter(({ id }) => id !== voter.id)
    await this.#change(voterSetOf([...rest, voter]), { waitsForCommit: true })
  }

  /**
   * Fixed voters, which the nodes were started with, are written into the log as soon as the leader
   * knows their directories: from then on they can be changed (kraft.version 1).
   */
  nameFixedVoters(endpointsOf: (id: number) => Voter['endpoints']): void {
    const { raft, log } = this.#quorum
    const { role, state } = raft
    if (role.type !== 'leader' || isDynamic(log.voters)) return
    if (!this.#hasCommittedOwn(role)) return
    const named: Voter[] = []
    for (const { id } of log.voters.values()) {
      const key = id === state.local.id ? state.local : role.replicas.get(id)?.key
      if (key === undefined || key.directoryId === null) return
      named.push({ id, directoryId: key.directoryId, endpoints: endpointsOf(id) })
    }
    this.#controller.changeVoters(voterSetOf(named))
  }

  #refuseOtherEpoch(leaderEpoch: number): void {
    const { leaderEpoch: current } = this.#quorum.raft
    if (leaderEpoch === current) return
    throw new KafkaError(
      leaderEpoch < current ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH',
      `the quorum is in epoch ${current}, not in ${leaderEpoch}`,
    )
  }

  /** `check` is what has to be right of the request itself, which only a leader says. */
  #ready(check: () => void): { readonly role: Leader; readonly voters: VoterSet } {
    const { raft, log } = this.#quorum
    const { role } = raft
    if (role.type !== 'leader')
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', 'this node does not lead the quorum')
    check()
    if (!isDynamic(log.voters))
      throw new KafkaError('UNSUPPORTED_VERSION', 'the voters of this quorum are fixed')
    if (!this.#hasCommittedOwn(role) || (raft.highWatermark ?? -1n) <= log.votersOffset)
      throw new KafkaError('REQUEST_TIMED_OUT', 'another change of the voters is under way')
    return { role, voters: log.voters }
  }

  #hasCommittedOwn({ epochStartOffset }: Leader): boolean {
    return (this.#quorum.raft.highWatermark ?? -1n) > epochStartOffset
  }

  async #change(voters: VoterSet, { waitsForCommit }: { readonly waitsForCommit: boolean }) {
    this.#controller.changeVoters(voters)
    if (!waitsForCommit) return
    try {
      await this.#controller.whenCommitted(this.#quorum.log.endOffset)
    } catch (error) {
      // Waiting for another leader, who may have the change, or not: Kafka's quorum says it so.
      if (!(error instanceof KafkaError)) throw error
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', error.reason, { cause: error })
    }
  }
}

/** Fails with INVALID_REQUEST unless it is named as voters are: by an id and a directory. */
function refuseNobody({ id, directoryId }: { readonly id: number; readonly directoryId: string }) {
  if (id < 0 || directoryId === NO_DIRECTORY)
    throw new KafkaError('INVALID_REQUEST', `node ${id} with directory ${directoryId} is no voter`)
}

/** Fails with INVALID_REQUEST for a voter that does not say where the others find it. */
function refuseUnreachable({ id, endpoints }: Voter): void {
  if (!endpoints.some(({ name }) => name === CONTROLLER_LISTENER))
    throw new KafkaError('INVALID_REQUEST', `node ${id} has no listener ${CONTROLLER_LISTENER}`)
}
