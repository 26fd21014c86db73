import { describe, expect, test } from 'vitest'
import type { FetchedPartition, FetchPartition } from '../../../engine/replica/fetch-session.ts'
import {
  FetchSessionCache,
  type FetchContext,
  type FetchSessionRequest,
} from '../../../engine/replica/fetch-sessions.ts'

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const ID = 'AAECAwQFBgcICQoLDA0ODw'
const RECORDS = new Uint8Array(100)

describe('FetchSessionCache', () => {
  test('a first request opens a session and is told about every partition', () => {
    const cache = newCache()
    const context = opened(cache, request({ partitions: [partition(0), partition(1)] }))
    const { sessionId, partitions } = context.conclude(context.partitions.map(outcome), 0)
    expect(sessionId).toBeGreaterThan(0)
    expect(indexesOf(partitions)).toEqual([0, 1])
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
    const { partitions } = context.conclude(
      [
        outcome(first!),
        { ...outcome(second!), highWatermark: 11n },
        { ...outcome(third!), records: RECORDS },
      ],
      0,
    )
    expect(indexesOf(partitions)).toEqual([1, 2])
  })

  test('who got records is served last the next time', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0), partition(1)])
    const context = opened(cache, request({ sessionId, sessionEpoch: 1 }))
    const [first, second] = context.partitions
    context.conclude([{ ...outcome(first!), records: RECORDS }, outcome(second!)], 0)

    const next = opened(cache, request({ sessionId, sessionEpoch: 2 }))
    expect(next.partitions.map(each => each.partition)).toEqual([1, 0])
  })

  test('a failed partition is told again when it recovers', () => {
    const cache = newCache()
    const sessionId = newSession(cache, [partition(0)])
    const failing = opened(cache, request({ sessionId, sessionEpoch: 1 }))
    const failed = { ...outcome(failing.partitions[0]!), mustTell: true, highWatermark: -1n }
    expect(failing.conclude([failed], 0).partitions).toHaveLength(1)

    const recovered = opened(cache, request({ sessionId, sessionEpoch: 2 }))
    const told = recovered.conclude([outcome(recovered.partitions[0]!)], 0)
    expect(told.partitions).toHaveLength(1)
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

  test('a topic that is made known later is named, and forgotten by its id', () => {
    const cache = newCache()
    const unknown = { ...partition(0), topic: '', topicId: ID }
    const byId = { usesTopicIds: true }
    const context = opened(cache, request({ ...byId, partitions: [unknown, partition(7)] }))
    const { sessionId } = context.conclude(context.partitions.map(outcome), 0)

    const asked = { ...byId, sessionId, topicName: (id: string) => (id === ID ? 'orders' : '') }
    const named = opened(cache, request({ ...asked, sessionEpoch: 1 }))
    expect(named.partitions.map(each => each.topic)).toEqual(['orders', 'orders'])
    const forgotten = [{ topic: 'orders', topicId: ID, partition: 0 }]
    const left = opened(cache, request({ ...asked, sessionEpoch: 2, forgotten }))
    expect(left.partitions.map(each => each.partition)).toEqual([7])
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
    topicName: () => '',
    ...changes,
  }
}

function indexesOf(outcomes: readonly FetchedPartition[]): number[] {
  return outcomes.map(each => each.request.partition)
}

function outcome(of: FetchPartition): FetchedPartition {
  return { request: of, mustTell: false, highWatermark: 10n, logStartOffset: 0n, records: [] }
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
