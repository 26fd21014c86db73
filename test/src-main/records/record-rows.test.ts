import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlaces } from '../../../src-main/records/record-rows.ts'
import { batchShape, memoryPartition, memorySource } from './memory-log.ts'

const topic = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.array(batchShape, { maxLength: 8 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map(logs => logs.map(([start, shapes], partition) => memoryPartition(partition, start, shapes)))
const places = fc.array(fc.tuple(fc.nat(3), fc.nat(400)), { maxLength: 20 })

test('every place that holds a record gives it, and no other does', async () => {
  await fc.assert(
    fc.asyncProperty(
      topic,
      places,
      fc.constantFrom(1, 200, Infinity),
      fc.constantFrom(1, 3),
      async (partitions, asked, answerBytesMax, batchesMax) => {
        const wanted = new Map<number, Set<bigint>>()
        for (const [slot, offset] of asked)
          if (slot < partitions.length)
            wanted.set(slot, (wanted.get(slot) ?? new Set()).add(BigInt(offset)))
        const source = memorySource(partitions, { answerBytesMax, batchesMax })
        const found = await readPlaces(source, wanted)
        const given = [...found].flatMap(([slot, rows]) =>
          [...rows].map(([offset, row]) => {
            expect(row.offset).toBe(offset)
            return `${slot}:${offset}:${row.timestampMs}`
          }),
        )
        const expected = partitions
          .flatMap(({ records }) => records)
          .filter(({ partition, offset }) => wanted.get(partition)?.has(offset) === true)
          .map(({ partition, offset, timestampMs }) => `${partition}:${offset}:${timestampMs}`)
        expect(given.sort()).toEqual(expected.sort())
      },
    ),
    { numRuns: 500 },
  )
})
