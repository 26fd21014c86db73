/**
 * What a controller tells the active one about itself, until the cluster's metadata says so: that
 * this life of it runs and where it listens (ControllerRegistration), and, for a voter, where the
 * others find it (UpdateRaftVoter).
 */
import { supportedFeatures } from '../controller/bootstrap.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { Clock } from '../ports/clock.ts'
import type { Address } from '../ports/network.ts'
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../protocol/messages/controller-registration.ts'
import {
  updateRaftVoterRequest,
  updateRaftVoterResponse,
} from '../protocol/messages/update-raft-voter.ts'
import { isDynamic } from '../raft/voter-set.ts'
import { endpointsOf } from './quorum-messages.ts'
import type { QuorumNode } from './quorum-node.ts'
import type { QuorumPeers } from './quorum-peers.ts'
import { KRAFT_VERSION_DYNAMIC } from './voter-records.ts'

const registration = {
  request: controllerRegistrationRequest,
  response: controllerRegistrationResponse,
}
const update = { request: updateRaftVoterRequest, response: updateRaftVoterResponse }
const RETRY_MS = 250
/** Where a whole cluster starts, elections and brokers come first: nobody waits for a description. */
const TELL_AFTER_MS = 100
const SECURITY_PLAINTEXT = 0

export interface SelfDescriptionOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly directoryId: string
  readonly incarnationId: string
  readonly quorum: QuorumNode
  readonly peers: QuorumPeers
  readonly clock: Clock
  readonly address: () => Address
  readonly image: () => MetadataImage
}

export class SelfDescription {
  readonly #options: SelfDescriptionOptions
  /** It is telling, or is about to. */
  #telling = false
  #closed = false
  #cancelTimer: () => void = () => {}

  constructor(options: SelfDescriptionOptions) {
    this.#options = options
  }

  /** To be called when the leader or the metadata has changed. */
  consider(): void {
    if (this.#telling || this.#closed || this.#leaderToTell() === null) return
    this.#telling = true
    this.#after(TELL_AFTER_MS, () => {
      const leaderId = this.#leaderToTell()
      const told = leaderId === null ? Promise.resolve() : this.#tell(leaderId)
      void told.finally(() => {
        this.#telling = false
        if (!this.#closed) this.#after(RETRY_MS, () => this.consider())
      })
    })
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer()
  }

  /** Null where there is none, and where the metadata says all. */
  #leaderToTell(): number | null {
    const { leaderId } = this.#options.quorum.raft
    return this.#isUnregistered() || this.#isElsewhere() ? leaderId : null
  }

  #after(ms: number, work: () => void): void {
    const { clock } = this.#options
    this.#cancelTimer()
    this.#cancelTimer = clock.at(clock.nowMs() + ms, work)
  }

  #isUnregistered(): boolean {
    const { nodeId, incarnationId, image } = this.#options
    return image().controllers.get(nodeId)?.incarnationId !== incarnationId
  }

  #isElsewhere(): boolean {
    const { nodeId, quorum, address } = this.#options
    const { voters } = quorum.log
    const voter = voters.get(nodeId)
    if (voter === undefined || !isDynamic(voters) || !quorum.raft.votes) return false
    const { host, port } = address()
    return !voter.endpoints.some(each => each.host === host && each.port === port)
  }

  async #tell(leaderId: number): Promise<void> {
    const { nodeId, clusterId, directoryId, incarnationId, quorum, peers } = this.#options
    const listeners = endpointsOf(this.#options.address())
    if (this.#isUnregistered()) {
      await peers.request(leaderId, registration, {
        controllerId: nodeId,
        incarnationId,
        zkMigrationReady: false,
        listeners: listeners.map(each => ({ ...each, securityProtocol: SECURITY_PLAINTEXT })),
        features: supportedFeatures,
      })
    }
    if (!this.#isElsewhere()) return
    await peers.request(leaderId, update, {
      clusterId,
      currentLeaderEpoch: quorum.raft.leaderEpoch,
      voterId: nodeId,
      voterDirectoryId: directoryId,
      listeners,
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: KRAFT_VERSION_DYNAMIC },
    })
  }
}
