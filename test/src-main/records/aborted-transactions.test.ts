import { describe, expect, test } from 'vitest'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { AbortedTransactions } from '../../../src-main/records/aborted-transactions.ts'

describe('aborted transactions', () => {
  test('cover their producer’s batches from their first offset to its next marker', () => {
    const aborted = new AbortedTransactions([
      { producerId: 7n, firstOffset: 20n },
      { producerId: 7n, firstOffset: 2n },
      { producerId: 9n, firstOffset: 3n },
    ])
    const log: readonly [bigint, bigint, 'data' | 'marker' | 'plain', boolean][] = [
      [0n, 7n, 'data', false],
      [2n, 7n, 'data', true],
      [3n, 9n, 'data', true],
      [4n, 8n, 'data', false],
      [5n, -1n, 'plain', false],
      [6n, 7n, 'marker', false],
      // Committed, since no aborted transaction of this producer begins here.
      [7n, 7n, 'data', false],
      [8n, 9n, 'data', true],
      [20n, 7n, 'data', true],
    ]
    const covered = log.map(([offset, producerId, kind]) =>
      aborted.covers(batch(offset, producerId, kind), 0),
    )
    expect(covered).toEqual(log.map(([, , , expected]) => expected))
  })

  test('that nobody named cover nothing', () => {
    const none = new AbortedTransactions([])
    expect(none.covers(batch(0n, 7n, 'data'), 0)).toBe(false)
  })
})

function batch(baseOffset: bigint, producerId: bigint, kind: 'data' | 'marker' | 'plain') {
  return buildBatch({
    baseOffset,
    producerId,
    producerEpoch: 0,
    baseSequence: 0,
    transactional: kind !== 'plain',
    control: kind === 'marker',
    records: [{ timestampMs: 1n, key: null, value: Buffer.from('v') }],
  })
}
