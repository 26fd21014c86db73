import { expect, test } from 'vitest'
import { buildBatch, type BatchInput } from '../../../engine/protocol/records/batch-builder.ts'
import { controlKey } from '../../../engine/protocol/records/control-records.ts'
import { landingIn, type Fetched } from '../../../src-main/offsets/landings.ts'

const at = (offset: bigint) => ({ topic: 'orders', partition: 0, offset })

test('it is the record at the offset, inside of a batch', () => {
  const landing = landingIn(at(12n), answer([batch(10n, ['a', 'b', 'c'])]))
  expect(landing).toMatchObject({ type: 'record', offset: 12n, value: { text: 'c' } })
})

test('where the offset is compacted away, it is the next one, in this batch or another', () => {
  const sparse = batch(10n, ['a', 'd'], { offsetDeltas: [0, 3] })
  expect(landingIn(at(11n), answer([sparse]))).toMatchObject({ offset: 13n, value: { text: 'd' } })
  const next = answer([batch(10n, ['a'], { lastOffsetDelta: 4 }), batch(15n, ['f'])])
  expect(landingIn(at(12n), next)).toMatchObject({ offset: 15n, value: { text: 'f' } })
})

test('markers of transactions are passed over, and are nothing to land on', () => {
  const marker = buildBatch({
    baseOffset: 10n,
    records: [{ timestampMs: 1n, key: controlKey('COMMIT'), value: new Uint8Array(6) }],
    transactional: true,
    control: true,
    producerId: 7n,
    producerEpoch: 0,
  })
  const followed = answer([marker, batch(11n, ['after'])])
  expect(landingIn(at(10n), followed)).toMatchObject({ offset: 11n, value: { text: 'after' } })
  expect(landingIn(at(10n), answer([marker], 11n))).toEqual({ type: 'end' })
  expect(landingIn(at(10n), answer([marker], 30n))).toEqual({ goOn: 11n })
})

test('past the high watermark there is nothing yet, and an empty answer is asked again', () => {
  expect(landingIn(at(20n), answer([], 20n))).toEqual({ type: 'end' })
  expect(landingIn(at(19n), answer([], 20n))).toEqual({ goOn: 19n })
  expect(landingIn(at(19n), undefined)).toEqual({ goOn: 19n })
})

test('a batch that cannot be read is its own problem', () => {
  const broken = batch(10n, ['a'], { compression: 'gzip' })
  broken.fill(0xff, broken.length - 12)
  expect(landingIn(at(10n), answer([broken]))).toMatchObject({ type: 'problem' })
})

test('a record of a transaction says so, since its marker takes an offset too', () => {
  const landing = landingIn(at(10n), answer([batch(10n, ['a'], { transactional: true })]))
  expect(landing).toMatchObject({ type: 'record', transactional: true })
})

interface BatchOptions extends Partial<BatchInput> {
  readonly offsetDeltas?: readonly number[]
}

function batch(baseOffset: bigint, values: readonly string[], options: BatchOptions = {}) {
  const { offsetDeltas, ...rest } = options
  return buildBatch({
    baseOffset,
    records: values.map((value, index) => ({
      timestampMs: 1_000n,
      key: null,
      value: Buffer.from(value),
      offsetDelta: offsetDeltas?.[index] ?? index,
    })),
    ...rest,
  })
}

function answer(batches: readonly Uint8Array[], highWatermark = 100n): Fetched {
  return { type: 'records', records: new Uint8Array(Buffer.concat(batches)), highWatermark }
}
