/**
 * A broker's standing with the controller: it registers, keeps its session alive with heartbeats,
 * and asks leave before it stops (KIP-631, KIP-841).
 */
import { supportedFeatures } from '../controller/bootstrap.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Address } from '../ports/network.ts'
import { errorName, KafkaError } from '../protocol/errors.ts'
import {
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '../protocol/messages/broker-heartbeat.ts'
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../protocol/messages/broker-registration.ts'
import { OperationalError } from '../support/operational-error.ts'
import { CLIENT_LISTENER } from './cluster-view.ts'
import type { ControllerChannel } from './controller-channel.ts'

const registrationApi = { request: brokerRegistrationRequest, response: brokerRegistrationResponse }
const heartbeatApi = { request: brokerHeartbeatRequest, response: brokerHeartbeatResponse }
const RETRY_MS = 100
/** Another process of this broker's id may still have a session; it ends within this. */
const REGISTRATION_TIMEOUT_MS = 60_000
const SHUTDOWN_TIMEOUT_MS = 5_000
/** Of one registration: a controller may have to be found, or elected. */
const REQUEST_TIMEOUT_MS = 5_000
const SECURITY_PLAINTEXT = 0

export interface RegistrationOptions {
  readonly brokerId: number
  readonly clusterId: string
  readonly incarnationId: string
  readonly rack: string | null
  readonly directoryId: string
  /** Broker epoch before the last clean stop; -1 after any other. */
  readonly previousBrokerEpoch: bigint
  readonly advertised: Address
  readonly heartbeatIntervalMs: number
  readonly controller: ControllerChannel
  readonly clock: Clock
  readonly logger: Logger
  /** The last metadata offset that this broker has replayed. */
  readonly currentMetadataOffset: () => bigint
}

export class Registration {
  readonly #options: RegistrationOptions
  #brokerEpoch = -1n
  #stopped = false
  #wantsShutDown = false
  #cancelTimer: () => void = () => {}

  constructor(options: RegistrationOptions) {
    this.#options = options
  }

  get brokerEpoch(): bigint {
    return this.#brokerEpoch
  }

  /** Throws an `OperationalError` when the controller will not have this broker. */
  async register(): Promise<void> {
    const { clock, logger, brokerId } = this.#options
    const giveUpMs = clock.nowMs() + REGISTRATION_TIMEOUT_MS
    let said = false
    while (!this.#stopped) {
      const error = await this.#tryToRegister()
      if (error === null) return
      if (!error.retriable && error.error !== 'DUPLICATE_BROKER_REGISTRATION')
        throw new OperationalError(`broker ${brokerId}: ${error.message}`, { cause: error })
      if (clock.nowMs() > giveUpMs)
        throw new OperationalError(`broker ${brokerId}: not registered in time: ${error.message}`)
      if (!said) logger.warn(`registration: ${error.message}; trying again`)
      said = true
      await this.#pause(RETRY_MS)
    }
  }

  /** Begins to heartbeat, at once and then at an interval. */
  start(): void {
    void this.#heartbeat()
  }

  /** Heartbeats now: something changed that the controller waits for. */
  hurry(): void {
    this.#cancelTimer()
    void this.#heartbeat()
  }

  /** Asks the controller to move leaderships away, and waits until it lets this broker go. */
  async leave(): Promise<void> {
    this.#cancelTimer()
    this.#wantsShutDown = true
    const { clock } = this.#options
    const giveUpMs = clock.nowMs() + SHUTDOWN_TIMEOUT_MS
    while (clock.nowMs() < giveUpMs) {
      const answer = await this.#sendHeartbeat()
      if (answer === null || answer.errorCode !== 0 || answer.shouldShutDown) break
      await this.#pause(10)
    }
    this.#stopped = true
  }

  stop(): void {
    this.#stopped = true
    this.#cancelTimer()
  }

  async #tryToRegister(): Promise<KafkaError | null> {
    const { brokerId, clusterId, incarnationId, rack, advertised, controller } = this.#options
    try {
      const listener = { name: CLIENT_LISTENER, ...advertised }
      const registration = {
        brokerId,
        clusterId,
        incarnationId,
        listeners: [{ ...listener, securityProtocol: SECURITY_PLAINTEXT }],
        features: supportedFeatures,
        rack,
        logDirs: [this.#options.directoryId],
        previousBrokerEpoch: this.#options.previousBrokerEpoch,
      }
      const within = { timeoutMs: REQUEST_TIMEOUT_MS }
      const answer = await controller.request(registrationApi, registration, within)
      if (answer.errorCode !== 0)
        return new KafkaError(errorName(answer.errorCode), `broker ${brokerId} is refused`)
      this.#brokerEpoch = answer.brokerEpoch
      return null
    } catch (error) {
      // Waiting for a controller that is not there yet.
      if (!(error instanceof KafkaError)) throw error
      return error
    }
  }

  async #heartbeat(): Promise<void> {
    if (this.#stopped || this.#wantsShutDown) return
    await this.#sendHeartbeat()
    if (this.#stopped || this.#wantsShutDown) return
    const { clock, heartbeatIntervalMs } = this.#options
    this.#cancelTimer()
    this.#cancelTimer = clock.at(clock.nowMs() + heartbeatIntervalMs, () => void this.#heartbeat())
  }

  async #sendHeartbeat() {
    const { brokerId, controller, currentMetadataOffset, logger } = this.#options
    try {
      const heartbeat = {
        brokerId,
        brokerEpoch: this.#brokerEpoch,
        currentMetadataOffset: currentMetadataOffset(),
        wantFence: false,
        wantShutDown: this.#wantsShutDown,
      }
      const within = { timeoutMs: this.#options.heartbeatIntervalMs }
      const answer = await controller.request(heartbeatApi, heartbeat, within)
      if (answer.errorCode !== 0)
        logger.warn(`heartbeat: the controller answers ${errorName(answer.errorCode)}`)
      return answer
    } catch (error) {
      // A broker that cannot reach the controller keeps trying, and keeps serving.
      if (!(error instanceof KafkaError)) throw error
      if (!this.#stopped) logger.warn(`heartbeat: ${error.message}`)
      return null
    }
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#options
    return new Promise(resolve => clock.at(clock.nowMs() + ms, resolve))
  }
}
