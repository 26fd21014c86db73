/**
 * The cache of fetch sessions (KIP-227): what a consumer or a follower asked for once is
 * remembered, so that it need not ask for every partition again, and is told only about partitions
 * that changed.
 *
 * A slot is taken from another session only by Kafka's rules: followers before consumers, the idle
 * before the busy, and the larger before the smaller. Reading is somebody else's.
 */
import type { ErrorName } from '../protocol/errors.ts'
import {
  FetchSession,
  type FetchedPartition,
  type FetchPartition,
  type ForgottenPartition,
  type Told,
} from './fetch-session.ts'

export interface FetchSessionRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly usesTopicIds: boolean
  readonly isFollower: boolean
  readonly partitions: readonly FetchPartition[]
  readonly forgotten: readonly ForgottenPartition[]
  /** What a topic with that id is called now; empty where there is none. */
  readonly topicName: (topicId: string) => string
}

/** What one request is to be answered with; a session is that itself. */
export interface FetchContext {
  /** The partitions to read, in order. */
  readonly partitions: readonly FetchPartition[]
  /** As `FetchSession.wasTold`. */
  wasTold(partition: FetchPartition, highWatermark: bigint, logStartOffset: bigint): boolean
  /** Which of the outcomes to tell, and under which session. Called once, with the final answer. */
  conclude<O extends FetchedPartition>(outcomes: readonly O[], nowMs: number): Told<O>
}

export type FetchContextResult =
  | { readonly type: 'context'; readonly context: FetchContext }
  | { readonly type: 'error'; readonly error: ErrorName }

const SESSIONLESS = 0
const EPOCH_NEW = 0
const EPOCH_CLOSE = -1
const EPOCH_MAX = 0x7fff_ffff

export class FetchSessionCache {
  readonly #slotsMax: number
  readonly #evictionMs: number
  readonly #newId: () => number
  readonly #sessions = new Map<number, FetchSession>()

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

    session.update(request.partitions, request.forgotten)
    session.nameTopics(request.topicName)
    session.lastUsedMs = nowMs
    if (session.size === 0) {
      this.#sessions.delete(sessionId)
      return { type: 'context', context: sessionless([]) }
    }
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    return { type: 'context', context: session }
  }

  #full(request: FetchSessionRequest): FetchContext {
    return {
      partitions: request.partitions,
      wasTold: () => false,
      conclude: (outcomes, nowMs) => {
        if (!this.#makeRoom(request, nowMs)) return { sessionId: SESSIONLESS, partitions: outcomes }
        return { sessionId: this.#create(request, outcomes, nowMs), partitions: outcomes }
      },
    }
  }

  #create(
    { usesTopicIds, isFollower }: FetchSessionRequest,
    outcomes: readonly FetchedPartition[],
    nowMs: number,
  ): number {
    let id = this.#newId()
    while (id === SESSIONLESS || this.#sessions.has(id)) id = this.#newId()
    const session = new FetchSession({ id, nowMs, usesTopicIds, privileged: isFollower })
    session.open(outcomes)
    this.#sessions.set(id, session)
    return id
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
        session.size < request.partitions.length
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
    conclude: outcomes => ({ sessionId: SESSIONLESS, partitions: outcomes }),
  }
}
