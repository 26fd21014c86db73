import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOffsetsFile, writeOffsetsCsv } from '../../../src-main/offsets/offsets-file.ts'

const entry = fc.record({
  topic: fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
  partition: fc.integer({ min: 0, max: 2_147_483_647 }),
  offset: fc.bigInt(0n, 0x7fff_ffff_ffff_ffffn),
})
const entries = fc.uniqueArray(entry, {
  selector: ({ topic, partition }) => `${topic}-${partition}`,
  minLength: 1,
})

test('what is written is read again, offsets beyond 2^53 to the last digit', () => {
  fc.assert(
    fc.property(entries, offsets => {
      // A first line that is a topic named so is taken for a header.
      fc.pre(!/^(group|topic)$/i.test(offsets[0]!.topic))
      expect(readOffsetsFile(writeOffsetsCsv(offsets), 'g')).toEqual({ offsets, problems: [] })
      const json = `[${offsets
        .map(
          ({ topic, partition, offset }) =>
            `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${offset}}`,
        )
        .join(',')}]`
      expect(readOffsetsFile(json, 'g')).toEqual({ offsets, problems: [] })
    }),
  )
})

test('no text makes it fail', () => {
  fc.assert(fc.property(fc.string(), text => void readOffsetsFile(text, 'g')))
  fc.assert(fc.property(fc.json(), text => void readOffsetsFile(text, 'g')))
})

test('of several groups in one file it takes its own, and says so', () => {
  const { offsets, problems } = readOffsetsFile('g,orders,0,5\nother,orders,0,9\n', 'g')
  expect(offsets).toEqual([{ topic: 'orders', partition: 0, offset: 5n }])
  expect(problems.map(({ message }) => message)).toEqual(['1 line is of groups other than g'])
})

test('a wrong line is named, and the others are read', () => {
  const text = 'topic,partition,offset\norders,0,5\norders,x,5\norders,1,-7\n\norders,0,6\na,b\n'
  const { offsets, problems } = readOffsetsFile(text, 'g')
  expect(offsets).toEqual([{ topic: 'orders', partition: 0, offset: 5n }])
  expect(problems.map(({ message }) => message)).toEqual([
    'line 3: "x" is no partition of orders',
    'line 4: "-7" is no offset of orders-1',
    'line 6 names orders-0 again; its first offset counts',
    'line 7 has 2 fields, not topic,partition,offset',
  ])
})

test('an object of topics is read too, and nothing of an empty file', () => {
  expect(readOffsetsFile('{"orders": {"2": 9007199254740993}}', 'g').offsets).toEqual([
    { topic: 'orders', partition: 2, offset: 9_007_199_254_740_993n },
  ])
  expect(readOffsetsFile(' \n', 'g').problems[0]?.message).toBe('the file is empty')
})
