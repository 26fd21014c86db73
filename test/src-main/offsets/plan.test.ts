import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRow, type PlaceFacts, type Wish } from '../../../src-main/offsets/plan.ts'

/** Small logs, so that the oracle can walk through every offset of one. */
const log = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 12 }))
  .map(([start, length]) => ({ start: BigInt(start), end: BigInt(start + length) }))
const place = fc.bigInt(0n, 30n)
const stored = fc.record({
  offset: place,
  metadata: fc.constantFrom('', 'kept by a client'),
  leaderEpoch: fc.constantFrom(null, 3),
})
const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc
    .constantFrom('earliest', 'latest', 'current', 'delete', 'kept', 'not-in-source')
    .map(type => ({ type })),
  fc.record({ type: fc.constantFrom('offset' as const, 'edited' as const), offset: place }),
  fc.record({ type: fc.constant('shift' as const), by: fc.bigInt(-40n, 40n) }),
  fc.record({ type: fc.constant('copied' as const), offset: fc.option(place) }),
  fc.record({ type: fc.constant('restored' as const), stored: fc.option(stored) }),
)
const facts = fc
  .record({ log, committed: fc.option(stored), sparse: fc.boolean(), subscribed: fc.boolean() })
  .map(({ log: { start, end }, ...rest }) =>
    factsOf({ logStartOffset: start, highWatermark: end, ...rest }),
  )

describe('a plan', () => {
  test('takes an offset to the nearest place of the log, as walking through it finds', () => {
    fc.assert(
      fc.property(facts, wish, (of, wanted) => {
        const row = planRow(of, wanted)
        const expected = nearest(of, wanted)
        if (expected === 'untouched') {
          expect(row.action).toBe('none')
          expect(row.after).toBe(of.committed?.offset ?? null)
        } else if (expected === 'nothing') {
          expect(row.after).toBeNull()
          expect(row.action).toBe(of.committed === null ? 'none' : 'delete')
        } else expect(row.after).toBe(expected)
      }),
      { numRuns: 3_000 },
    )
  })

  test('counts the offsets of the log that lie between now and then', () => {
    fc.assert(
      fc.property(facts, wish, (of, wanted) => {
        const { now, after, action, moved } = planRow(of, wanted)
        if (action !== 'commit' || now === null) {
          expect(moved).toBeNull()
          return
        }
        const again = walk(of).filter(at => after! <= at && at < now).length
        const skipped = walk(of).filter(at => now <= at && at < after!).length
        if (again + skipped === 0) {
          expect(moved).toBeNull()
          return
        }
        expect(moved).toEqual({
          direction: again > 0 ? 'again' : 'skipped',
          count: BigInt(again + skipped),
          estimate: of.sparse,
        })
      }),
      { numRuns: 3_000 },
    )
  })

  test('commits an offset only where it is another, or where its text is restored', () => {
    fc.assert(
      fc.property(facts, wish, (of, wanted) => {
        const { action, now, after } = planRow(of, wanted)
        if (of.committed === null || after === null) return
        const restored = wanted.type === 'restored' ? wanted.stored : null
        const text = restored !== null && restored.metadata !== of.committed.metadata
        expect(action === 'commit').toBe(after !== now || text)
      }),
      { numRuns: 3_000 },
    )
  })

  test('says when it brings an offset into the log', () => {
    const of = factsOf({ logStartOffset: 10n, highWatermark: 20n })
    expect(planRow(of, { type: 'offset', offset: 3n })).toMatchObject({
      asked: 3n,
      after: 10n,
      notes: ['raised-to-start'],
    })
    expect(planRow(of, { type: 'offset', offset: 21n })).toMatchObject({
      asked: 21n,
      after: 20n,
      notes: ['lowered-to-end', 'same'],
    })
    expect(planRow(of, { type: 'offset', offset: 20n }).notes).toEqual(['same'])
  })

  test('takes a timestamp past the last record to the end', () => {
    const of = factsOf({ committed: { offset: 12n, metadata: '', leaderEpoch: null } })
    expect(planRow(of, { type: 'found', offset: -1n })).toMatchObject({
      after: 20n,
      notes: ['no-later-record'],
      moved: { direction: 'skipped', count: 8n },
    })
  })

  test('has nothing to shift where nothing is committed, and leaves that alone', () => {
    const row = planRow(factsOf({ committed: null }), { type: 'shift', by: -5n })
    expect(row).toMatchObject({
      action: 'none',
      after: null,
      problem: { code: 'NO_COMMITTED_OFFSET' },
    })
  })

  test('restores what was, text and epoch with it, even outside of the log', () => {
    const was = { offset: 4n, metadata: 'm', leaderEpoch: 2 }
    expect(planRow(factsOf({}), { type: 'restored', stored: was })).toMatchObject({
      action: 'commit',
      after: 4n,
      metadata: 'm',
      leaderEpoch: 2,
      notes: ['restores-fallen', 'metadata-changes'],
    })
    expect(planRow(factsOf({}), { type: 'restored', stored: null }).action).toBe('delete')
  })

  test('does not delete what a member subscribes to', () => {
    const row = planRow(factsOf({ subscribed: true }), { type: 'delete' })
    expect(row).toMatchObject({ action: 'none', after: 20n, notes: ['subscribed'] })
  })

  test('tells where the group stands outside of the log now', () => {
    const at = (offset: bigint) => ({ committed: { offset, metadata: '', leaderEpoch: null } })
    const notes = (offset: bigint) => planRow(factsOf(at(offset)), { type: 'kept' }).notes
    expect(notes(9n)).toEqual(['fell-off', 'kept'])
    expect(notes(21n)).toEqual(['beyond-end', 'kept'])
    expect(notes(10n)).toEqual(['kept'])
  })

  test('says nothing of a partition that could not be asked but why', () => {
    const problem = { code: 'LEADER_NOT_AVAILABLE', message: 'orders-0 has no leader' }
    const of = factsOf({ logStartOffset: null, highWatermark: null, problem })
    expect(planRow(of, { type: 'earliest' })).toMatchObject({ action: 'none', after: 20n, problem })
  })
})

function factsOf(overrides: Partial<PlaceFacts>): PlaceFacts {
  return {
    topic: 'orders',
    partition: 0,
    logStartOffset: 10n,
    highWatermark: 20n,
    problem: null,
    committed: { offset: 20n, metadata: '', leaderEpoch: null },
    sparse: false,
    subscribed: false,
    ...overrides,
  }
}

/** Every offset at which a consumer may stand, up to the end. */
function places({ logStartOffset, highWatermark }: PlaceFacts): bigint[] {
  const count = Number(highWatermark! - logStartOffset!) + 1
  return Array.from({ length: count }, (_, index) => logStartOffset! + BigInt(index))
}

/** Every offset that can hold a record. */
function walk(of: PlaceFacts): bigint[] {
  return places(of).slice(0, -1)
}

function nearest(of: PlaceFacts, wanted: Wish): bigint | 'untouched' | 'nothing' {
  const distance = (a: bigint, b: bigint) => (a > b ? a - b : b - a)
  const closest = (offset: bigint) =>
    places(of).reduce((best, at) => (distance(at, offset) < distance(best, offset) ? at : best))
  switch (wanted.type) {
    case 'earliest':
      return closest(-1n)
    case 'latest':
      return closest(1_000n)
    case 'current':
      return of.committed === null ? closest(1_000n) : 'untouched'
    case 'offset':
    case 'edited':
      return closest(wanted.offset)
    case 'shift':
      return of.committed === null ? 'untouched' : closest(of.committed.offset + wanted.by)
    case 'copied':
      return wanted.offset === null ? 'untouched' : closest(wanted.offset)
    case 'restored':
      if (wanted.stored !== null) return wanted.stored.offset
      return of.subscribed && of.committed !== null ? 'untouched' : 'nothing'
    case 'delete':
      return of.subscribed && of.committed !== null ? 'untouched' : 'nothing'
    default:
      return 'untouched'
  }
}
