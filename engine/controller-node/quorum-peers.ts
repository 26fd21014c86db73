/**
 * The ways from one controller to the others: a connection to each, opened when it is first needed
 * and again after it was lost. Every request settles, with an answer or with null for none.
 */
import { ClientConnection } from '../client/client-connection.ts'
import type { Clock } from '../ports/clock.ts'
import type { Address, Network } from '../ports/network.ts'
import { KafkaError } from '../protocol/errors.ts'
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
      const now = addresses.get(id)
      if (now?.host !== peer.address.host || now.port !== peer.address.port) this.#drop(id, peer)
    }
  }

  /** Settles within the time-out; null when there was no answer that can be used. */
  async ask(to: number, request: RaftRequest): Promise<RaftAnswer | null> {
    const { clock, requestTimeoutMs } = this.#options
    const waitMs = request.type === 'fetch' ? request.maxWaitMs : 0
    const timeoutMs = requestTimeoutMs + waitMs
    const peer = this.#peerOf(to)
    if (peer === null) return null
    return new Promise((resolve, reject) => {
      // The opening of a connection to a node that hangs would take longer than its answer may.
      const cancel = clock.at(clock.nowMs() + timeoutMs, () => {
        this.#drop(to, peer)
        resolve(null)
      })
      this.#request(peer, to, request, timeoutMs).then(
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
    const address = this.#addresses.get(id)
    if (address === undefined) return null
    const { network, clock, nodeId, requestTimeoutMs } = this.#options
    const opening = ClientConnection.open({
      network,
      clock,
      address,
      clientId: `controller-${nodeId}`,
      software: { name: 'odradek-controller', version: '0.1.0' },
      connectTimeoutMs: requestTimeoutMs,
    })
    const peer = { address, opening }
    this.#peers.set(id, peer)
    opening.then(
      connection => connection.onClose(() => this.#forget(id, peer)),
      () => this.#forget(id, peer),
    )
    return peer
  }

  #forget(id: number, peer: Peer): void {
    if (this.#peers.get(id) === peer) this.#peers.delete(id)
  }

  #drop(id: number, peer: Peer): void {
    this.#forget(id, peer)
    peer.opening.then(
      connection => connection.close(),
      () => {},
    )
  }

  async #request(
    peer: Peer,
    to: number,
    request: RaftRequest,
    timeoutMs: number,
  ): Promise<RaftAnswer | null> {
    const connection = await peer.opening
    const { clusterId, address, voters } = this.#options
    const sender: Sender = { clusterId, address: address(), voters: voters(), to }
    const within = { timeoutMs }
    switch (request.type) {
      case 'vote': {
        const message = voteMessage(request, sender)
        return voteAnswer(await connection.request(quorumApis.vote, message, within))
      }
      case 'begin-quorum-epoch': {
        const message = beginQuorumEpochMessage(request, sender)
        const api = quorumApis['begin-quorum-epoch']
        return epochAnswer(request.type, await connection.request(api, message, within))
      }
      case 'end-quorum-epoch': {
        const message = endQuorumEpochMessage(request, sender)
        const api = quorumApis['end-quorum-epoch']
        return epochAnswer(request.type, await connection.request(api, message, within))
      }
      case 'fetch': {
        const message = fetchMessage(request, sender)
        return fetchAnswer(await connection.request(quorumApis.fetch, message, within))
      }
      case 'fetch-snapshot': {
        const message = fetchSnapshotMessage(request, sender)
        const api = quorumApis['fetch-snapshot']
        return fetchSnapshotAnswer(await connection.request(api, message, within))
      }
      default:
        return assertNever(request)
    }
  }
}
