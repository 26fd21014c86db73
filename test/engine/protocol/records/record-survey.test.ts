import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildBatch } from '../../../../engine/protocol/records/batch-builder.ts'
import { RecordCursor } from '../../../../engine/protocol/records/record-cursor.ts'
import { recordsOf } from '../../../../engine/protocol/records/record-reader.ts'
import { surveyRecords, type Survey } from '../../../../engine/protocol/records/record-survey.ts'

/** The same by the careful way; null where the records are not what is promised. */
function carefully(payload: Uint8Array, count: number): Survey | null {
  const cursor = new RecordCursor(payload)
  let [minDeltaMs, maxDeltaMs, allKeyed] = [Infinity, -Infinity, true]
  try {
    for (let index = 0; index < count; index++) {
      cursor.read()
      if (cursor.offsetDelta !== index) return null
      minDeltaMs = Math.min(minDeltaMs, cursor.timestampDeltaNumber)
      maxDeltaMs = Math.max(maxDeltaMs, cursor.timestampDeltaNumber)
      if (cursor.keyLength < 0) allKeyed = false
    }
  } catch {
    return null
  }
  return cursor.remaining === 0 ? { minDeltaMs, maxDeltaMs, allKeyed } : null
}

const bytes = fc.option(fc.uint8Array({ maxLength: 200 }), { nil: null })
const record = fc.record({
  timestampMs: fc.bigInt(0n, 60_000_000n),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.record({ key: fc.string({ maxLength: 4 }), value: bytes }), {
    maxLength: 3,
  }),
})

test('the quick look over records agrees with the careful one, on good and on changed bytes', () => {
  const input = fc.tuple(
    fc.array(record, { minLength: 1, maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(3_000), fc.nat(255)), { maxLength: 3 }),
    fc.integer({ min: -1, max: 1 }),
  )
  let agreed = 0
  fc.assert(
    fc.property(input, ([records, changes, miscount]) => {
      const payload = Buffer.from(recordsOf(buildBatch({ records }), 0))
      for (const [at, value] of changes) payload[at % payload.length] = value
      const survey = surveyRecords(payload, records.length + miscount)
      // Giving up is allowed; believing what the careful way does not is not.
      if (survey !== null) {
        expect(survey).toEqual(carefully(payload, records.length + miscount))
        agreed++
      } else if (changes.length === 0 && miscount === 0) expect.fail('gave up on good records')
    }),
    { numRuns: 5_000 },
  )
  expect(agreed).toBeGreaterThan(500)
})
