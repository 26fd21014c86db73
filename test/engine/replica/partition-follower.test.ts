import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  PartitionFollower,
  truncationOffset,
  type EpochEnd,
  type FollowerLog,
} from '../../../engine/replica/partition-follower.ts'

const follower = (highWatermark = 0n) =>
  new PartitionFollower({ leaderId: 2, leaderEpoch: 5, highWatermark })
const at = { nowMs: 1_000, backoffMs: 100 }
const ok = { error: 'NONE', divergingEpoch: null } as const

/** A log given as the epoch of each of its records. */
function logOf(epochs: readonly number[]): FollowerLog {
  const end = BigInt(epochs.length)
  return {
    logStartOffset: 0n,
    logEndOffset: end,
    endOffsetForEpoch(leaderEpoch): EpochEnd | null {
      if (epochs.length === 0 || leaderEpoch > epochs.at(-1)!) return null
      const next = epochs.findIndex(each => each > leaderEpoch)
      if (next < 0) return { leaderEpoch, endOffset: end }
      const floor = epochs.findLast(each => each <= leaderEpoch)
      return { leaderEpoch: floor ?? leaderEpoch, endOffset: BigInt(next) }
    },
  }
}

describe('an answer', () => {
  test('without an error is appended', () => {
    expect(follower().answered(ok, logOf([1]), at)).toEqual({ type: 'append' })
  })

  test('of another history truncates', () => {
    const diverging = { error: 'NONE', divergingEpoch: { leaderEpoch: 1, endOffset: 2n } } as const
    expect(follower().answered(diverging, logOf([1, 1, 1, 3]), at)).toEqual({
      type: 'truncate',
      offset: 2n,
    })
  })

  test('out of range sends to find the range', () => {
    const answer = { ...ok, error: 'OFFSET_OUT_OF_RANGE' } as const
    expect(follower().answered(answer, logOf([]), at)).toEqual({ type: 'find-range' })
  })

  test('of a later epoch stops it', () => {
    const stopped = follower()
    const answer = { ...ok, error: 'FENCED_LEADER_EPOCH' } as const
    expect(stopped.answered(answer, logOf([]), at)).toEqual({ type: 'stop' })
    expect(stopped.mayFetch(1e9)).toBe(false)
  })

  test('that time may mend is waited for, longer each time, up to the backoff', () => {
    const waiting = follower()
    const answer = { ...ok, error: 'NOT_LEADER_OR_FOLLOWER' } as const
    const waits = [1, 2, 3, 4, 5].map(() => {
      const order = waiting.answered(answer, logOf([]), at)
      return order.type === 'wait' ? order.untilMs - at.nowMs : null
    })
    expect(waits).toEqual([20, 40, 80, 100, 100])
    expect([waiting.mayFetch(1_099), waiting.mayFetch(1_100)]).toEqual([false, true])
    waiting.answered(ok, logOf([]), at)
    expect(waiting.answered(answer, logOf([]), at)).toEqual({ type: 'wait', untilMs: 1_020 })
  })
})

describe('out of the leader’s range', () => {
  test.each([
    ['ends above the leader: it is cut', 5n, 0n, 3n, { type: 'truncate', offset: 3n }],
    ['ends below the leader’s start: it begins there', 2n, 4n, 9n, { type: 'restart', offset: 4n }],
    ['is inside by now: it goes on', 5n, 4n, 9n, { type: 'continue' }],
  ])('a log that %s', (_, end, logStartOffset, logEndOffset, order) => {
    const log = logOf(Array.from({ length: Number(end) }, () => 1))
    expect(follower().rangeFound({ logStartOffset, logEndOffset }, log)).toEqual(order)
  })
})

describe('the high watermark', () => {
  test('is what the leader says, as far as the own log goes', () => {
    const known = follower()
    expect(known.leaderSaid(9n, 4n)).toBe(true)
    expect(known.highWatermark).toBe(4n)
  })

  test('does not go back for a new leader that has not heard of all yet', () => {
    const known = follower(6n)
    expect(known.leaderSaid(2n, 8n)).toBe(false)
    expect(known.highWatermark).toBe(6n)
  })

  test('goes back with the log', () => {
    const known = follower(6n)
    known.logChanged({ ...logOf([1, 1]), logEndOffset: 2n })
    expect(known.highWatermark).toBe(2n)
  })
})

test('truncating by epochs ends in a prefix of the leader’s log, and keeps all that both share', () => {
  const reign = fc.record({
    leader: fc.nat(1),
    appends: fc.nat(3),
    /** How much the other copies; null where it is away. */
    copies: fc.option(fc.nat(6)),
  })
  fc.assert(
    fc.property(fc.array(reign, { minLength: 1, maxLength: 10 }), reigns => {
      const logs: [number[], number[]] = [[], []]
      reigns.forEach(({ leader, appends, copies }, epoch) => {
        const [led, other] = [logs[leader]!, logs[1 - leader]!]
        led.push(...Array.from({ length: appends }, () => epoch))
        if (copies === null) return
        const shared = sharedPrefix(led, other)
        logs[1 - leader] = led.slice(0, Math.max(shared, Math.min(led.length, shared + copies)))
      })
      const { leader } = reigns.at(-1)!
      const [led, other] = [logs[leader]!, logs[1 - leader]!]
      const own = reconciled(led, other)
      expect(own).toEqual(led.slice(0, sharedPrefix(led, other)))
    }),
    { numRuns: 2_000 },
  )
})

function sharedPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

/** Fetches until the leader finds nothing wrong, as the leader's side compares. */
function reconciled(leader: readonly number[], followed: readonly number[]): readonly number[] {
  // The leader's own epoch is above all others and has no record yet.
  const lineage = [...leader, 1_000]
  let own = [...followed]
  for (let rounds = 0; own.length > 0; rounds++) {
    expect(rounds, 'each round truncates').toBeLessThan(40)
    const end = logOf(lineage).endOffsetForEpoch(own.at(-1)!)!
    const agrees = end.leaderEpoch >= own.at(-1)! && end.endOffset >= BigInt(own.length)
    if (agrees) break
    own = own.slice(0, Number(truncationOffset(end, logOf(own))))
  }
  return own
}
