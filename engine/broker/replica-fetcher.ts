/**
 * Fetches from one leader all that this broker follows there: one connection, one Fetch under way,
 * the records written from the receive buffer to the segments, and the next Fetch at once.
 *
 * What each answer means to a partition is decided in `engine/replica/partition-follower.ts`.
 */
import { ClientConnection } from '../client/client-connection.ts'
import { KafkaError } from '../protocol/errors.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../protocol/messages/api-versions.ts'
import { fetchRequest, fetchResponse } from '../protocol/messages/fetch.ts'
import {
  FollowerSession,
  type FetchPosition,
  type SessionRequest,
} from '../replica/follower-session.ts'
import { OperationalError } from '../support/operational-error.ts'
import { CLIENT_LISTENER } from './cluster-view.ts'
import type { Partition } from './partition.ts'
import { applyAnswer } from './replica-append.ts'
import { writeReplicaFetch } from './replica-fetch-request.ts'
import {
  readReplicaFetchAnswer,
  REPLICA_FETCH_VERSION_MIN,
  type AnsweredPartition,
  type FetchAnswerHead,
} from './replica-fetch-answer.ts'
import type { ReplicaFetchersOptions } from './replica-fetchers.ts'
import { FollowedPartitions } from './followed-partitions.ts'
import { leaderRange } from './leader-range.ts'
import { Timer } from '../support/timer.ts'

const CONNECT_TIMEOUT_MS = 2_000

const api = { request: fetchRequest, response: fetchResponse }
const nudge = { request: apiVersionsRequest, response: apiVersionsResponse }

export class ReplicaFetcher {
  readonly #leaderId: number
  readonly #options: ReplicaFetchersOptions
  readonly #partitions = new FollowedPartitions()
  readonly #session = new FollowerSession<Partition>()
  /** Whose position is to be looked at before the next Fetch. */
  readonly #changed = new Set<Partition>()
  /** Held back for a while by an error. */
  readonly #resting = new Set<Partition>()
  /** Their offset is not of the leader's log. */
  readonly #lost = new Set<Partition>()
  /** Whose records are to be flushed before the leader hears of them. */
  readonly #unflushed = new Set<Partition>()
  readonly #timer: Timer
  #wake: () => void = () => {}
  #connection: ClientConnection | null = null
  #isFetching = false
  #isHurried = false
  readonly #stopping = new AbortController()
  /** The last complaint, which is made once. */
  #said = ''

  constructor(leaderId: number, options: ReplicaFetchersOptions) {
    this.#leaderId = leaderId
    this.#options = options
    this.#timer = new Timer(options.clock, () => this.#hurry())
  }

  get size(): number {
    return this.#partitions.size
  }

  /** Settles when it has stopped, and nothing of it is left: soon after `stop`. */
  run(): Promise<void> {
    return this.#run()
  }

  /** Fetches the partition from where its log ends, under the leader epoch it now follows. */
  follow(partition: Partition): void {
    this.#partitions.add(partition)
    this.#lost.delete(partition)
    this.#resting.delete(partition)
    this.#changed.add(partition)
    // What it had from its last leader may still be on its way to the device.
    if (partition.log.flushIsDue) this.#unflushed.add(partition)
    this.#hurry()
  }

  forget(partition: Partition): void {
    this.#partitions.delete(partition)
    this.#resting.delete(partition)
    this.#lost.delete(partition)
    this.#changed.add(partition)
  }

  tellLogStarts(): void {
    for (const partition of this.#partitions) {
      const told = this.#session.toldOf(partition)
      if (told !== null && told.logStartOffset !== partition.log.logStartOffset)
        this.#changed.add(partition)
    }
  }

  stop(): void {
    this.#stopping.abort()
    this.#timer.cancel()
    this.#connection?.close()
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        // Nearly always there is one, which is not to be waited for.
        const connection = this.#openConnection() ?? (await this.#connect())
        if (this.#unflushed.size > 0) await this.#flush()
        if (this.#lost.size > 0) await this.#findRanges(connection)
        const request = this.#nextRequest()
        if (this.#session.size === 0) await this.#untilWoken()
        else await this.#fetch(connection, request)
      } catch (error) {
        // Waiting for a leader that is away: the metadata log says when another one leads.
        if (!(error instanceof KafkaError) && !(error instanceof OperationalError)) throw error
        if (this.#stopping.signal.aborted) return
        this.#disconnected(error.message)
        await this.#pause(this.#options.settings().replicaFetchBackoffMs)
      }
    }
  }

  #nextRequest(): SessionRequest<Partition> {
    const nowMs = this.#resting.size === 0 ? 0 : this.#options.clock.nowMs()
    for (const partition of this.#resting)
      if (partition.following?.mayFetch(nowMs) === true) {
        this.#resting.delete(partition)
        this.#changed.add(partition)
      }
    const positions = new Map<Partition, FetchPosition | null>()
    // A replica that went and came again has the same name: the leader must not confuse the two.
    for (const partition of this.#changed)
      if (this.#session.toldOf(partition) !== null && this.#isReplaced(partition))
        this.#forgetSession()
    for (const partition of this.#changed) positions.set(partition, this.#positionOf(partition))
    this.#changed.clear()
    return this.#session.next(positions)
  }

  #isReplaced(partition: Partition): boolean {
    const current = this.#partitions.find(partition.topicId, partition.index)
    return current !== undefined && current !== partition
  }

  #positionOf(partition: Partition): FetchPosition | null {
    const { following, log } = partition
    const isOurs = this.#partitions.has(partition)
    if (!isOurs || following === null || this.#lost.has(partition)) return null
    const { clock, throttle, flushes } = this.#options
    if (this.#unflushed.has(partition) || flushes.hasFailed(log)) return null
    const nowMs = clock.nowMs()
    const restsUntilMs = following.mayFetch(nowMs)
      ? nowMs + throttle.followerWaitMs(partition, nowMs)
      : (following.waitsUntilMs ?? Infinity)
    if (restsUntilMs > nowMs) {
      this.#resting.add(partition)
      if (restsUntilMs !== Infinity) this.#timer.setAtMost(restsUntilMs)
      return null
    }
    return {
      currentLeaderEpoch: following.leaderEpoch,
      fetchOffset: log.logEndOffset,
      lastFetchedEpoch: log.latestEpoch,
      logStartOffset: log.logStartOffset,
    }
  }

  async #fetch(connection: ClientConnection, request: SessionRequest<Partition>): Promise<void> {
    const { brokerId, brokerEpoch, settings: settingsNow } = this.#options
    const settings = settingsNow()
    this.#isFetching = true
    this.#isHurried = false
    try {
      await connection.requestInPlace(
        api,
        {
          write: writer =>
            writeReplicaFetch(
              writer,
              request,
              { brokerId, brokerEpoch: brokerEpoch() },
              {
                maxWaitMs: settings.replicaFetchWaitMaxMs,
                minBytes: settings.replicaFetchMinBytes,
                maxBytes: settings.replicaFetchResponseMaxBytes,
                partitionMaxBytes: settings.replicaFetchMaxBytes,
              },
            ),
          read: answer => this.#conclude(readReplicaFetchAnswer(answer, this.#applyEach)),
        },
        { timeoutMs: settings.replicaSocketTimeoutMs },
      )
    } finally {
      this.#isFetching = false
    }
  }

  #conclude(head: FetchAnswerHead): void {
    this.#said = ''
    // The leader has forgotten the session, or keeps none: the next request is the first of one.
    if (head.error !== 'NONE' || head.sessionId === 0) this.#forgetSession()
    else this.#session.answered(head.sessionId)
  }

  readonly #applyEach = (answer: AnsweredPartition) => this.#apply(answer)

  #apply(answer: AnsweredPartition): void {
    if (this.#stopping.signal.aborted) return
    const partition = this.#partitions.find(answer.topicId, answer.index)
    const told = partition === undefined ? null : this.#session.toldOf(partition)
    if (partition === undefined || told === null) return
    const { following, log } = partition
    // The leader, or the log, has changed since this was asked for.
    if (following === null || following.leaderEpoch !== told.currentLeaderEpoch) return
    if (log.logEndOffset !== told.fetchOffset) return
    const { clock, logger, settings } = this.#options
    const before = partition.highWatermark
    const applied = applyAnswer(partition, following, answer, {
      nowMs: clock.nowMs(),
      backoffMs: settings().replicaFetchBackoffMs,
      logger,
    })
    this.#options.throttle.followerAppended(partition, answer.records.length, clock.nowMs())
    if (log.flushIsDue) this.#unflushed.add(partition)
    if (applied !== 'unchanged') this.#changed.add(partition)
    if (applied === 'lost') this.#lost.add(partition)
    if (partition.highWatermark > before) this.#options.onCommitted(partition, before)
  }

  /** What the next request says to be here is then on the device, where flush.messages asks so. */
  async #flush(): Promise<void> {
    const { flushes } = this.#options
    const flushing = [...this.#unflushed]
    // One that fails is left out of all later requests.
    await Promise.allSettled(flushing.map(({ log }) => flushes.flush(log)))
    for (const partition of flushing) {
      this.#unflushed.delete(partition)
      this.#changed.add(partition)
    }
  }

  /** For partitions whose offset the leader does not have: truncates them, or begins them anew. */
  async #findRanges(connection: ClientConnection): Promise<void> {
    const { brokerId, clock, logger, settings } = this.#options
    for (const partition of this.#lost) {
      const { following, log } = partition
      if (following === null) continue
      const nowMs = clock.nowMs()
      try {
        const range = await leaderRange(connection, { brokerId, partition })
        if (partition.following !== following || !this.#lost.has(partition)) continue
        const order = following.rangeFound(range, log)
        if (order.type === 'truncate') log.truncateTo(order.offset, { nowMs })
        if (order.type === 'restart') log.truncateFullyAndStartAt(order.offset, { nowMs })
        // It may lie outside only for a moment; where it stays so, asking at once would not end.
        if (order.type === 'continue') following.failed(nowMs, settings().replicaFetchBackoffMs)
        logger.info(`${partition.name}: out of the leader's range: ${order.type}`)
      } catch (error) {
        // The connection's own errors end the round; a partition's own only hold it back.
        const isOwn = error instanceof KafkaError || error instanceof OperationalError
        if (connection.closed || !isOwn) throw error
        following.failed(nowMs, settings().replicaFetchBackoffMs)
      }
      following.logChanged(log)
      this.#lost.delete(partition)
      this.#changed.add(partition)
    }
  }

  #openConnection(): ClientConnection | null {
    return this.#connection === null || this.#connection.closed ? null : this.#connection
  }

  async #connect(): Promise<ClientConnection> {
    const { image, network, clock, brokerId } = this.#options
    const leader = image.brokers.get(this.#leaderId)
    const endpoint = leader?.endPoints.find(({ name }) => name === CLIENT_LISTENER)
    if (endpoint === undefined)
      throw new KafkaError('BROKER_NOT_AVAILABLE', `broker ${this.#leaderId} has no address`)
    const connection = await ClientConnection.open({
      network,
      clock,
      address: { host: endpoint.host, port: endpoint.port },
      clientId: `broker-${brokerId}-fetcher`,
      software: { name: 'odradek-broker', version: '0.1.0' },
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      signal: this.#stopping.signal,
    })
    this.#connection = connection
    this.#forgetSession()
    const newest = connection.versionsOf(fetchRequest.apiKey!)?.[1] ?? -1
    if (newest < REPLICA_FETCH_VERSION_MIN)
      throw new KafkaError('UNSUPPORTED_VERSION', `broker ${this.#leaderId} serves Fetch ${newest}`)
    return connection
  }

  #disconnected(why: string): void {
    this.#connection?.close()
    this.#connection = null
    this.#forgetSession()
    const said = `fetching from broker ${this.#leaderId}: ${why}`
    if (this.#said !== said) this.#options.logger.warn(said)
    this.#said = said
  }

  /** The next request names every partition. */
  #forgetSession(): void {
    this.#session.reset()
    for (const partition of this.#partitions) this.#changed.add(partition)
  }

  async #pause(ms: number): Promise<void> {
    this.#timer.setAtMost(this.#options.clock.nowMs() + ms)
    await this.#untilWoken()
  }

  /**
   * Something new is to be fetched. A Fetch that waits at the leader would hold it up: the leader
   * answers it when another request comes in behind it.
   */
  #hurry(): void {
    this.#wake()
    const connection = this.#connection
    if (!this.#isFetching || this.#isHurried || connection === null || connection.closed) return
    this.#isHurried = true
    // Whatever becomes of it, the Fetch before it hears of the same.
    connection.request(nudge, {}).catch(() => {})
  }

  #untilWoken(): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }
}
