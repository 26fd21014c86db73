/**
 * Fetch sessions (KIP-227): what a consumer asked for once is remembered, so that it need not ask
 * for every partition again, and is told only about partitions that changed.
 *
 * The cache holds positions, not data; reading is somebody else's. A slot is taken from another
 * session only by Kafka's rules: followers before consumers, the idle before the busy, and the
 * larger before the smaller.
 */
import type { ErrorName } from '../protocol/errors.ts'

export interface FetchPartition {
  readonly topic: string
  /** The zero id where the request named the topic. */
  readonly topicId: string
  readonly partition: number
  currentLeaderEpoch: number
  fetchOffset: bigint
  lastFetchedEpoch: number
  logStartOffset: bigint
  partitionMaxBytes: number
}

/** What the asker was last told about a partition. */
interface CachedPartition extends FetchPartition {
  toldHighWatermark: bigint
  toldLogStartOffset: bigint
  /** The position was read from without an error, and has not changed since. */
  isSound: boolean
}

interface Session {
  readonly id: number
  readonly privileged: boolean
  readonly createdMs: number
  readonly usesTopicIds: boolean
  lastUsedMs: number
  epoch: number
  /** In the order in which they are served next: who got records goes to the end. */
  readonly partitions: Map<string, CachedPartition>
}

export interface FetchSessionRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly usesTopicIds: boolean
  readonly isFollower: boolean
  readonly partitions: readonly FetchPartition[]
  readonly forgotten: readonly Pick<FetchPartition, 'topic' | 'topicId' | 'partition'>[]
}

/** One partition's outcome, as far as a session looks at it. */
export interface FetchedPartition {
  readonly request: FetchPartition
  readonly failed: boolean
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
  readonly recordsBytes: number
}

export interface FetchContext {
  /** The partitions to read, in order. */
  readonly partitions: readonly FetchPartition[]
  /**
   * Whether the asker was told this of the partition, and nothing was the matter: if it also has
   * all records, there is nothing to read for it.
   */
  wasTold(
    partition: FetchPartition,
    now: { readonly highWatermark: bigint; readonly logStartOffset: bigint },
  ): boolean
  /** Which of the outcomes to tell, and under which session. Called once, with the final answer. */
  conclude(
    outcomes: readonly FetchedPartition[],
    nowMs: number,
  ): { readonly sessionId: number; readonly told: readonly boolean[] }
}

export type FetchContextResult =
  | { readonly type: 'context'; readonly context: FetchContext }
  | { readonly type: 'error'; readonly error: ErrorName }

const SESSIONLESS = 0
const EPOCH_NEW = 0
const EPOCH_CLOSE = -1
const EPOCH_MAX = 0x7fff_ffff
const UNTOLD = -1n

export class FetchSessionCache {
  readonly #slotsMax: number
  readonly #evictionMs: number
  readonly #newId: () => number
  readonly #sessions = new Map<number, Session>()

  constructor(options: {
    /** `max.incremental.fetch.session.cache.slots`. */
    readonly slotsMax: number
    /** How long a session rests before any other may take its slot. */
    readonly evictionMs: number
    /** A random positive int32. */
    readonly newId: () => number
  }) {
    this.#slotsMax = options.slotsMax
    this.#evictionMs = options.evictionMs
    this.#newId = options.newId
  }

  get size(): number {
    return this.#sessions.size
  }

  open(request: FetchSessionRequest, nowMs: number): FetchContextResult {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch === EPOCH_CLOSE || sessionEpoch === EPOCH_NEW) {
      this.#sessions.delete(sessionId)
      const context =
        sessionEpoch === EPOCH_CLOSE ? sessionless(request.partitions) : this.#full(request)
      return { type: 'context', context }
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return { type: 'error', error: 'FETCH_SESSION_ID_NOT_FOUND' }
    if (session.epoch !== sessionEpoch)
      return { type: 'error', error: 'INVALID_FETCH_SESSION_EPOCH' }
    if (session.usesTopicIds !== request.usesTopicIds)
      return { type: 'error', error: 'FETCH_SESSION_TOPIC_ID_ERROR' }

    update(session, request)
    session.lastUsedMs = nowMs
    if (session.partitions.size === 0) {
      this.#sessions.delete(sessionId)
      return { type: 'context', context: sessionless([]) }
    }
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    return { type: 'context', context: incremental(session) }
  }

  #full(request: FetchSessionRequest): FetchContext {
    return {
      partitions: request.partitions,
      wasTold: () => false,
      conclude: (outcomes, nowMs) => {
        const told = outcomes.map(() => true)
        if (!this.#makeRoom(request, nowMs)) return { sessionId: SESSIONLESS, told }
        const session = this.#create(request, outcomes, nowMs)
        return { sessionId: session.id, told }
      },
    }
  }

  #create(
    request: FetchSessionRequest,
    outcomes: readonly FetchedPartition[],
    nowMs: number,
  ): Session {
    let id = this.#newId()
    while (id === SESSIONLESS || this.#sessions.has(id)) id = this.#newId()
    const session: Session = {
      id,
      privileged: request.isFollower,
      createdMs: nowMs,
      usesTopicIds: request.usesTopicIds,
      lastUsedMs: nowMs,
      epoch: 1,
      partitions: new Map(),
    }
    for (const outcome of outcomes)
      session.partitions.set(keyOf(outcome.request), {
        ...outcome.request,
        toldHighWatermark: outcome.failed ? UNTOLD : outcome.highWatermark,
        toldLogStartOffset: outcome.logStartOffset,
        isSound: !outcome.failed,
      })
    this.#sessions.set(id, session)
    return session
  }

  #makeRoom(request: FetchSessionRequest, nowMs: number): boolean {
    if (this.#sessions.size < this.#slotsMax) return true
    for (const session of this.#sessions.values()) {
      const idle = nowMs - session.lastUsedMs > this.#evictionMs
      const grown = nowMs - session.createdMs > this.#evictionMs
      const outranked = request.isFollower && !session.privileged
      const smaller =
        request.isFollower === session.privileged &&
        grown &&
        session.partitions.size < request.partitions.length
      if (!idle && !outranked && !smaller) continue
      this.#sessions.delete(session.id)
      return true
    }
    return false
  }
}

function sessionless(partitions: readonly FetchPartition[]): FetchContext {
  return {
    partitions,
    wasTold: () => false,
    conclude: outcomes => ({ sessionId: SESSIONLESS, told: outcomes.map(() => true) }),
  }
}

function incremental(session: Session): FetchContext {
  return {
    partitions: [...session.partitions.values()],
    wasTold(partition, { highWatermark, logStartOffset }) {
      // What this context gave out is what it keeps.
      const { isSound, toldHighWatermark, toldLogStartOffset } = partition as CachedPartition
      return isSound && toldHighWatermark === highWatermark && toldLogStartOffset === logStartOffset
    },
    conclude(outcomes) {
      const told = outcomes.map(outcome => {
        const cached = session.partitions.get(keyOf(outcome.request))
        if (cached === undefined) return true
        const news =
          outcome.failed ||
          outcome.recordsBytes > 0 ||
          outcome.highWatermark !== cached.toldHighWatermark ||
          outcome.logStartOffset !== cached.toldLogStartOffset
        cached.toldHighWatermark = outcome.failed ? UNTOLD : outcome.highWatermark
        cached.toldLogStartOffset = outcome.logStartOffset
        cached.isSound = !outcome.failed
        return news
      })
      // Whoever got records is served last next time, so that none starves behind a busy one.
      outcomes.forEach(outcome => {
        if (outcome.recordsBytes === 0) return
        const key = keyOf(outcome.request)
        const cached = session.partitions.get(key)
        if (cached === undefined) return
        session.partitions.delete(key)
        session.partitions.set(key, cached)
      })
      return { sessionId: session.id, told }
    },
  }
}

function update(session: Session, request: FetchSessionRequest): void {
  for (const asked of request.partitions) {
    const key = keyOf(asked)
    const cached = session.partitions.get(key)
    if (cached === undefined)
      session.partitions.set(key, {
        ...asked,
        toldHighWatermark: UNTOLD,
        toldLogStartOffset: UNTOLD,
        isSound: false,
      })
    else
      Object.assign(cached, {
        currentLeaderEpoch: asked.currentLeaderEpoch,
        fetchOffset: asked.fetchOffset,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        logStartOffset: asked.logStartOffset,
        partitionMaxBytes: asked.partitionMaxBytes,
        isSound: false,
      })
  }
  for (const gone of request.forgotten) session.partitions.delete(keyOf(gone))
}

function keyOf(at: Pick<FetchPartition, 'topic' | 'topicId' | 'partition'>): string {
  return `${at.topic}/${at.topicId}/${at.partition}`
}
