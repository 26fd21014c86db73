/** What an answer of a broker holds: batches that can be read, those that cannot, aborted ones. */
import { describe, expect, test } from 'vitest'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { buildEndTxnMarker } from '../../../engine/protocol/records/control-records.ts'
import { abortedBatches } from '../../../src-main/scan/aborted-producers.ts'
import { checksumProblem, placeBatches } from '../../../src-main/scan/batch-places.ts'

const batch = (baseOffset: bigint, producerId = -1n) =>
  buildBatch({
    baseOffset,
    producerId,
    producerEpoch: producerId < 0n ? -1 : 0,
    baseSequence: producerId < 0n ? -1 : 0,
    transactional: producerId >= 0n,
    records: [1, 2].map(n => ({ timestampMs: 1n, key: null, value: Buffer.from([n]) })),
  })
const marker = (type: 'ABORT' | 'COMMIT', baseOffset: bigint, producerId: bigint) =>
  buildEndTxnMarker({
    type,
    baseOffset,
    producerId,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    timestampMs: 1n,
  })

describe('the batches of an answer', () => {
  test('end before a part of one', () => {
    const bytes = Buffer.concat([batch(0n), batch(2n).subarray(0, 40)])
    const { batches, end, lost } = placeBatches(bytes)
    expect(batches.map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset])).toEqual([
      [0n, 1n],
    ])
    expect([end, lost]).toEqual([batch(0n).length, null])
  })

  test('go on behind one of an older format', () => {
    const old = Buffer.from(batch(2n))
    old[16] = 1
    const { batches, lost } = placeBatches(Buffer.concat([batch(0n), old, batch(4n)]))
    expect(batches.map(({ baseOffset, problem }) => [baseOffset, problem?.code])).toEqual([
      [0n, undefined],
      [2n, 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
      [4n, undefined],
    ])
    expect(lost).toBeNull()
  })

  test('are lost behind a length that cannot be', () => {
    const broken = Buffer.from(batch(2n))
    broken.writeInt32BE(3, 8)
    const { batches, lost } = placeBatches(Buffer.concat([batch(0n), broken, batch(4n)]))
    expect(batches).toHaveLength(1)
    expect(lost?.code).toBe('CORRUPT_MESSAGE')
  })

  test('are told from damaged ones by their checksum', () => {
    const damaged = Buffer.from(batch(0n))
    damaged[damaged.length - 1]! ^= 1
    expect(checksumProblem(batch(0n), 0)).toBeNull()
    expect(checksumProblem(damaged, 0)?.code).toBe('CORRUPT_MESSAGE')
  })
})

test('what was aborted is what its producer wrote from its first offset to its marker', () => {
  const bytes = Buffer.concat([
    batch(0n, 7n),
    batch(2n, 8n),
    batch(4n),
    marker('ABORT', 6n, 7n),
    batch(7n, 7n),
    marker('COMMIT', 9n, 8n),
    marker('COMMIT', 10n, 7n),
    batch(11n, 8n),
    marker('ABORT', 13n, 8n),
  ])
  const { batches } = placeBatches(bytes)
  const aborted = [
    { producerId: 8n, firstOffset: 11n },
    { producerId: 7n, firstOffset: 0n },
  ]
  const left = [...abortedBatches(bytes, batches, aborted)]
  expect(left.map(({ baseOffset }) => baseOffset)).toEqual([0n, 11n])
})
