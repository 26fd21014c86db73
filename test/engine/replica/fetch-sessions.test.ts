import { describe, expect, test } from 'vitest'
import {
  FetchSessionCache,
  type FetchContext,
  type FetchPartition,
  type FetchSessionRequest,
  type FetchedPartition,
} from '../../../engine/replica/fetch-sessions.ts'

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

describe('FetchSessionCache', () => {
  test('a first request opens a session and is told about every partition', () => {
    const cache = newCache()
    const context = opened(cache, request({ partitions: [partition(0), partition(1)] }))
    const { sessionId, told } = context.conclude(context.partitions.map(outcome), 0)
    expect(sessionId).toBeGreaterThan(0)
    expect(told).toEqual([true, true])
  })

  test('a first request without partitions opens a session that can be filled', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [])
    expect(sessionId).toBeGreaterThan(0)
    const filled = opened(
      cache,
      request({ sessionId, sessionEpoch: 1, partitions: [partition(0)] }),
    )
    expect(filled.partitions).toHaveLength(1)
    expect(filled.conclude([outcome(filled.partitions[0]!)], 0).sessionId).toBe(sessionId)
  })

  test('a later request is told only of partitions with news', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0), partition(1), partition(2)])

    const context = opened(cache, request({ sessionId, sessionEpoch: 1 }))
    const [first, second, third] = context.partitions
    const { told } = context.conclude(
      [
        outcome(first!),
        { ...outcome(second!), highWatermark: 11n },
        { ...outcome(third!), recordsBytes: 100 },
      ],
      0,
    )
    expect(told).toEqual([false, true, true])
  })

  test('who got records is served last the next time', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0), partition(1)])
    const context = opened(cache, request({ sessionId, sessionEpoch: 1 }))
    const [first, second] = context.partitions
    context.conclude([{ ...outcome(first!), recordsBytes: 100 }, outcome(second!)], 0)

    const next = opened(cache, request({ sessionId, sessionEpoch: 2 }))
    expect(next.partitions.map(each => each.partition)).toEqual([1, 0])
  })

  test('a failed partition is told again when it recovers', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0)])
    const failing = opened(cache, request({ sessionId, sessionEpoch: 1 }))
    const failed = { ...outcome(failing.partitions[0]!), failed: true, highWatermark: -1n }
    expect(failing.conclude([failed], 0).told).toEqual([true])

    const recovered = opened(cache, request({ sessionId, sessionEpoch: 2 }))
    expect(recovered.conclude([outcome(recovered.partitions[0]!)], 0).told).toEqual([true])
  })

  test('partitions are added, moved on and forgotten', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0), partition(1)])
    const context = opened(
      cache,
      request({
        sessionId,
        sessionEpoch: 1,
        partitions: [{ ...partition(1), fetchOffset: 7n }, partition(2)],
        forgotten: [partition(0)],
      }),
    )
    expect(context.partitions.map(each => [each.partition, each.fetchOffset])).toEqual([
      [1, 7n],
      [2, 0n],
    ])
  })

  test('an unknown session, a wrong epoch and a change of naming are refused by their names', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0)])
    const errorOf = (changes: Partial<FetchSessionRequest>) => {
      const result = cache.open(request(changes), 0)
      return result.type === 'error' ? result.error : null
    }
    expect(errorOf({ sessionId: 99_999, sessionEpoch: 1 })).toBe('FETCH_SESSION_ID_NOT_FOUND')
    expect(errorOf({ sessionId, sessionEpoch: 5 })).toBe('INVALID_FETCH_SESSION_EPOCH')
    expect(errorOf({ sessionId, sessionEpoch: 1, usesTopicIds: true })).toBe(
      'FETCH_SESSION_TOPIC_ID_ERROR',
    )
  })

  test('epoch -1 closes the session and reads without one', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0)])
    const context = opened(
      cache,
      request({ sessionId, sessionEpoch: -1, partitions: [partition(3)] }),
    )
    expect(context.conclude(context.partitions.map(outcome), 0).sessionId).toBe(0)
    expect(cache.size).toBe(0)
  })

  test('a full cache gives a slot away only by rank, rest or size', () => {
    const cache = newCache({ slotsMax: 1 })
    newSession(cache, [partition(0)])

    expect(sessionIdOf(cache, request({ partitions: [partition(1), partition(2)] }), 1_000)).toBe(0)
    expect(
      sessionIdOf(cache, request({ partitions: [partition(1)], isFollower: true }), 1_000),
    ).toBeGreaterThan(0)
    // The follower's session now rests long enough for a consumer to take its place.
    expect(sessionIdOf(cache, request({ partitions: [partition(1)] }), 122_000)).toBeGreaterThan(0)
    expect(cache.size).toBe(1)
  })
})

function newCache({ slotsMax = 10 } = {}): FetchSessionCache {
  let id = 0
  return new FetchSessionCache({ slotsMax, evictionMs: 120_000, newId: () => ++id })
}

function partition(index: number): FetchPartition {
  return {
    topic: 'orders',
    topicId: NO_ID,
    partition: index,
    currentLeaderEpoch: -1,
    fetchOffset: 0n,
    lastFetchedEpoch: -1,
    logStartOffset: -1n,
    partitionMaxBytes: 1_000,
  }
}

function request(changes: Partial<FetchSessionRequest>): FetchSessionRequest {
  return {
    sessionId: 0,
    sessionEpoch: 0,
    usesTopicIds: false,
    isFollower: false,
    partitions: [],
    forgotten: [],
    ...changes,
  }
}

function outcome(of: FetchPartition): FetchedPartition {
  return { request: of, failed: false, highWatermark: 10n, logStartOffset: 0n, recordsBytes: 0 }
}

function opened(cache: FetchSessionCache, asked: FetchSessionRequest): FetchContext {
  const result = cache.open(asked, 0)
  if (result.type === 'error') throw new Error(result.error)
  return result.context
}

function newSession(cache: FetchSessionCache, partitions: readonly FetchPartition[]): number {
  return sessionIdOf(cache, request({ partitions }), 0)
}

function sessionIdOf(cache: FetchSessionCache, asked: FetchSessionRequest, nowMs: number): number {
  const context = opened(cache, asked)
  return context.conclude(context.partitions.map(outcome), nowMs).sessionId
}
