import { describe, expect, test } from 'vitest'
import { apiKeys, apiName } from '../../../engine/protocol/api-keys.ts'
import { errorCode, errorName, errorTable, KafkaError } from '../../../engine/protocol/errors.ts'

describe('the error table', () => {
  test('has the codes from -1 on without a gap', () => {
    const codes = Object.values(errorTable).map(({ code }) => code)
    expect(codes).toEqual(Array.from({ length: codes.length }, (_, index) => index - 1))
    expect(codes.at(-1)).toBe(136)
  })

  test('finds a name by its code, and calls an unheard-of code an unknown server error', () => {
    expect(errorName(27)).toBe('REBALANCE_IN_PROGRESS')
    expect(errorName(9_999)).toBe('UNKNOWN_SERVER_ERROR')
    expect(errorCode('STALE_MEMBER_EPOCH')).toBe(113)
  })

  test('tells an error its code and whether a client may try again', () => {
    const error = new KafkaError('NOT_LEADER_OR_FOLLOWER', 'orders-3: broker 2 leads')
    expect(error.code).toBe(6)
    expect(error.retriable).toBe(true)
    expect(error.message).toBe('NOT_LEADER_OR_FOLLOWER: orders-3: broker 2 leads')
    expect(new KafkaError('PRODUCER_FENCED', 'epoch 3 is old').retriable).toBe(false)
  })
})

test('an API is found by its key, and an unheard-of key is null', () => {
  expect(apiKeys.describeTopicPartitions).toBe(75)
  expect(apiName(75)).toBe('describeTopicPartitions')
  expect(apiName(9_999)).toBeNull()
})
