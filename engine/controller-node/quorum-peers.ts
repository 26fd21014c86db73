/**
 * The ways from one controller to the others: a connection to each, opened when it is first needed
 * and again after it was lost. Every request settles, with an answer or with null for none.
 */
import { ClientConnection, type Api } from '../client/client-connection.ts'
import type { Clock } from '../ports/clock.ts'
import type { Address, Network } from '../ports/network.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { Fields, InputOf, ValueOf } from '../protocol/schema.ts'
import type { RaftAnswer, RaftRequest } from '../raft/raft-messages.ts'
import type { VoterSet } from '../raft/voter-set.ts'
import { assertNever } from '../support/assert.ts'
import { OperationalError } from '../support/operational-error.ts'
import {
  beginQuorumEpochMessage,
  endQuorumEpochMessage,
  epochAnswer,
  fetchAnswer,
  fetchMessage,
  fetchSnapshotAnswer,
  fetchSnapshotMessage,
  quorumApis,
  voteAnswer,
  voteMessage,
  type Sender,
} from './quorum-messages.ts'

export interface QuorumPeersOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly network: Network
  readonly clock: Clock
  /** `controller.quorum.request.timeout.ms`; a fetch may wait for records on top of it. */
  readonly requestTimeoutMs: number
  readonly address: () => Address
  readonly voters: () => VoterSet
}

interface Peer {
  readonly address: Address
  readonly opening: Promise<ClientConnection>
  readonly abandoned: AbortController
}

export class QuorumPeers {
  readonly #options: QuorumPeersOptions
  readonly #peers = new Map<number, Peer>()
  #addresses: ReadonlyMap<number, Address> = new Map()
  #closed = false

  constructor(options: QuorumPeersOptions) {
    this.#options = options
  }

  get addresses(): ReadonlyMap<number, Address> {
    return this.#addresses
  }

  know(addresses: ReadonlyMap<number, Address>): void {
    this.#addresses = addresses
    for (const [id, peer] of this.#peers) {
      const now = this.#addressOf(id)
      if (now?.host !== peer.address.host || now.port !== peer.address.port) this.#drop(id, peer)
    }
  }

  /** Settles within the time-out; null when there was no answer that can be used. */
  async ask(to: number, request: RaftRequest): Promise<RaftAnswer | null> {
    const { clusterId, address, voters, requestTimeoutMs } = this.#options
    const sender: Sender = { clusterId, address: address(), voters: voters(), to }
    switch (request.type) {
      case 'vote': {
        const answer = await this.request(to, quorumApis.vote, voteMessage(request, sender))
        return answer && voteAnswer(answer)
      }
      case 'begin-quorum-epoch': {
        const message = beginQuorumEpochMessage(request, sender)
        const answer = await this.request(to, quorumApis['begin-quorum-epoch'], message)
        return answer && epochAnswer(request.type, answer)
      }
      case 'end-quorum-epoch': {
        const message = endQuorumEpochMessage(request, sender)
        const answer = await this.request(to, quorumApis['end-quorum-epoch'], message)
        return answer && epochAnswer(request.type, answer)
      }
      case 'fetch': {
        const timeoutMs = requestTimeoutMs + request.maxWaitMs
        const message = fetchMessage(request, sender)
        const answer = await this.request(to, quorumApis.fetch, message, timeoutMs)
        return answer && fetchAnswer(answer)
      }
      case 'fetch-snapshot': {
        const message = fetchSnapshotMessage(request, sender)
        const answer = await this.request(to, quorumApis['fetch-snapshot'], message)
        return answer && fetchSnapshotAnswer(answer)
      }
      default:
        return assertNever(request)
    }
  }

  /** Any request to another controller, or to this one. Null when there was no answer in time. */
  request<Q extends Fields, S extends Fields>(
    to: number,
    api: Api<Q, S>,
    message: InputOf<Q>,
    timeoutMs = this.#options.requestTimeoutMs,
  ): Promise<ValueOf<S> | null> {
    const { clock } = this.#options
    const peer = this.#peerOf(to)
    if (peer === null) return Promise.resolve(null)
    return new Promise((resolve, reject) => {
      // The opening of a connection to a node that hangs would take longer than its answer may.
      const cancel = clock.at(clock.nowMs() + timeoutMs, () => {
        this.#drop(to, peer)
        resolve(null)
      })
      const asked = peer.opening.then(connection => connection.request(api, message, { timeoutMs }))
      asked.then(
        answer => {
          cancel()
          resolve(answer)
        },
        (error: unknown) => {
          cancel()
          // Waiting for a node that is away, hangs, or does not talk like one.
          if (!(error instanceof KafkaError) && !(error instanceof OperationalError)) reject(error)
          else {
            this.#drop(to, peer)
            resolve(null)
          }
        },
      )
    })
  }

  close(): void {
    this.#closed = true
    for (const [id, peer] of this.#peers) this.#drop(id, peer)
  }

  #peerOf(id: number): Peer | null {
    if (this.#closed) return null
    const known = this.#peers.get(id)
    if (known !== undefined) return known
    const address = this.#addressOf(id)
    if (address === null) return null
    const { network, clock, nodeId, requestTimeoutMs } = this.#options
    const abandoned = new AbortController()
    const opening = ClientConnection.open({
      network,
      clock,
      address,
      clientId: `controller-${nodeId}`,
      software: { name: 'odradek-controller', version: '0.1.0' },
      connectTimeoutMs: requestTimeoutMs,
      signal: abandoned.signal,
    })
    const peer = { address, opening, abandoned }
    this.#peers.set(id, peer)
    opening.then(
      connection => connection.onClose(() => this.#forget(id, peer)),
      () => this.#forget(id, peer),
    )
    return peer
  }

  /** What this node was told of comes first: the log may name where a voter was before. */
  #addressOf(id: number): Address | null {
    const told = this.#addresses.get(id)
    if (told !== undefined) return told
    return this.#options.voters().get(id)?.endpoints[0] ?? null
  }

  #forget(id: number, peer: Peer): void {
    if (this.#peers.get(id) === peer) this.#peers.delete(id)
  }

  #drop(id: number, peer: Peer): void {
    this.#forget(id, peer)
    peer.abandoned.abort()
    peer.opening.then(
      connection => connection.close(),
      () => {},
    )
  }
}
