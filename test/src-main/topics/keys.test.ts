import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { movingShare, sampleOf } from '../../../src-main/topics/key-moves.ts'
import { javaPartition } from '../../../src-main/partitioners/partitioners.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('the share of keys that move', () => {
  test('is what counting every remainder gives', () => {
    const counts = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(counts, counts, (before, more) => {
        const after = before + more
        const all = before * after
        let moved = 0
        for (let hash = 0; hash < all; hash++) if (hash % before !== hash % after) moved += 1
        expect(movingShare(before, after)).toBeCloseTo(moved / all, 12)
      }),
    )
  })

  test('of a sample counts each key once, and says which are placed by something else', () => {
    const keys = Array.from({ length: 200 }, (_, index) => bytes(`key-${index}`))
    const records = keys.map(key => ({ key, partition: javaPartition(key, 3) }))
    const sample = sampleOf([...records, ...records, { key: null, partition: 0 }], 3, 6)
    const moved = keys.filter(key => javaPartition(key, 3) !== javaPartition(key, 6)).length
    expect(sample).toMatchObject({
      keyCount: 200,
      recordCount: 401,
      withoutKeyCount: 1,
      movedCount: moved,
      elsewhereCount: 0,
    })
    const elsewhere = records.map(({ key, partition }) => ({ key, partition: (partition + 1) % 3 }))
    expect(sampleOf(elsewhere, 3, 6).elsewhereCount).toBe(200)
  })
})
