import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { lastOffsetOf } from '../../../engine/protocol/records/record-batch.ts'
import { keyRun, type KeyRun } from '../../../src-main/records/key-run.ts'

/** Batches of keys by number, null for an offset whose record was compacted. */
const log = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 0, 0, 1, 90),
    keys: fc.array(fc.constantFrom(0, 1, 2, null), { minLength: 1, maxLength: 5 }),
    control: fc.constantFrom(false, false, false, true),
  }),
  { maxLength: 40 },
)

describe.each(['forward', 'backward'] as const)('the search for a key, %s', direction => {
  test('finds the record that is nearest, however few batches an answer has', () => {
    fc.assert(
      fc.property(log, fc.nat(400), fc.integer({ min: 1, max: 4 }), (shapes, at, batchesMax) => {
        const { batches, records, end } = logOf(shapes)
        const from = BigInt(at) > end ? end : BigInt(at)
        const run = keyRun(direction, { slot: 0, key: Buffer.from('1'), start: 0n, end, from })
        drive(run, batches, { end, batchesMax })
        const same = records.filter(({ key }) => key === 1).map(({ offset }) => offset)
        const wanted =
          direction === 'forward'
            ? same.find(offset => offset >= from)
            : same.findLast(offset => offset < from)
        expect(run.match?.offset).toBe(wanted)
        if (wanted === undefined) expect(run.leftCount).toBe(0n)
      }),
      { numRuns: 300 },
    )
  })

  test('goes on from where it stopped and finds the same', () => {
    fc.assert(
      fc.property(log, shapes => {
        const { batches, end } = logOf(shapes)
        const key = Buffer.from('2')
        const from = direction === 'forward' ? 0n : end
        const whole = keyRun(direction, { slot: 0, key, start: 0n, end, from })
        drive(whole, batches, { end, batchesMax: 2 })
        let run = keyRun(direction, { slot: 0, key, start: 0n, end, from })
        while (run.match === null && run.leftCount > 0n) {
          run.begin()
          while (run.readAt !== null) answer(run, batches, { end, batchesMax: 2 })
          const reached = run.reached
          run = keyRun(direction, { slot: 0, key, start: 0n, end, from: reached })
          drive(run, batches, { end, batchesMax: 2 })
        }
        expect(run.match).toEqual(whole.match)
      }),
      { numRuns: 200 },
    )
  })
})

interface Broker {
  readonly end: bigint
  readonly batchesMax: number
}

function drive(run: KeyRun, batches: readonly Uint8Array[], broker: Broker): void {
  while (run.match === null && run.leftCount > 0n) {
    run.begin()
    while (run.readAt !== null) answer(run, batches, broker)
  }
}

/** As a broker does: whole batches from the one that holds the offset on. */
function answer(run: KeyRun, batches: readonly Uint8Array[], { end, batchesMax }: Broker): void {
  const offset = run.readAt!
  const found = batches.filter(batch => lastOffsetOf(batch, 0) >= offset).slice(0, batchesMax)
  for (const unpackedBytes of run.receive(Buffer.concat(found), end))
    expect(unpackedBytes).toBeGreaterThanOrEqual(0)
}

function logOf(shapes: typeof log extends fc.Arbitrary<infer T> ? T : never) {
  let next = 0n
  const batches: Uint8Array[] = []
  const records: { readonly offset: bigint; readonly key: number }[] = []
  for (const { gap, keys, control } of shapes) {
    const baseOffset = next + BigInt(gap)
    const kept = keys.flatMap((key, offsetDelta) => (key === null ? [] : { key, offsetDelta }))
    batches.push(
      buildBatch({
        baseOffset,
        control,
        lastOffsetDelta: keys.length - 1,
        records: kept.map(({ key, offsetDelta }) => ({
          offsetDelta,
          timestampMs: baseOffset + BigInt(offsetDelta),
          key: Buffer.from(String(key)),
          value: null,
        })),
      }),
    )
    if (!control)
      for (const { key, offsetDelta } of kept)
        records.push({ offset: baseOffset + BigInt(offsetDelta), key })
    next = baseOffset + BigInt(keys.length)
  }
  return { batches, records, end: next }
}
