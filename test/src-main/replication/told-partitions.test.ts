import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartitionReplication } from '../../../src-main/contract/model/replication.ts'
import { ToldPartitions } from '../../../src-main/replication/told-partitions.ts'
import { stretchesOf } from '../../../src-main/replication/topic-assignment.ts'

describe('ToldPartitions', () => {
  test('a page that comes again is told what has changed, and who is new is told all', () => {
    const told = new ToldPartitions('a')
    const first = told.all([row(0, 5n), row(1, 7n)], null)
    expect(first).toMatchObject({ whole: true, partitions: [row(0, 5n), row(1, 7n)] })
    const second = told.all([row(0, 5n), row(1, 8n)], first.version)
    expect(second).toMatchObject({ whole: false, partitions: [row(1, 8n)] })
    expect(told.all([row(0, 5n), row(1, 8n)], null).partitions).toHaveLength(2)
  })

  test('a version of another life of the application tells nothing', () => {
    const { version } = new ToldPartitions('a').all([row(0, 5n)], null)
    expect(new ToldPartitions('b').all([row(0, 5n)], version).whole).toBe(true)
  })

  test('a topic that was created anew with fewer partitions is told as a whole', () => {
    const told = new ToldPartitions('a')
    const { version } = told.all([row(0, 5n), row(1, 7n)], null)
    expect(told.all([row(0, 5n)], version)).toMatchObject({
      whole: true,
      partitions: [row(0, 5n)],
    })
  })

  test('whatever field is another one, the partition is told again', () => {
    const whole = row(0, 5n)
    const other = (value: unknown) => (Array.isArray(value) ? [...value, 9] : 'another')
    const changed = [
      ...Object.entries(whole)
        .filter(([name]) => name !== 'partition')
        .map(([name, value]) => ({ ...whole, [name]: other(value) })),
      ...Object.entries(whole.replicas[0]!).map(([name, value]) => {
        return { ...whole, replicas: [{ ...whole.replicas[0], [name]: other(value) }] }
      }),
    ] as PartitionReplication[]
    for (const each of changed) {
      const told = new ToldPartitions('a')
      const { version } = told.all([whole], null)
      expect(told.all([each], version).partitions).toEqual([each])
    }
  })

  test('pages that come as they like all end with what is true', () => {
    const change = fc.record({
      page: fc.nat(2),
      ends: fc.array(fc.bigInt(0n, 3n), { minLength: 4, maxLength: 4 }),
      some: fc.option(fc.uniqueArray(fc.nat(3), { minLength: 1 }), { nil: null }),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), changes => {
        const told = new ToldPartitions('a')
        const pages = [0, 1, 2].map(() => ({ version: null as string | null, rows: new Map() }))
        for (const { page: index, ends, some } of changes) {
          const page = pages[index]!
          const rows = ends.map((end, partition) => row(partition, end))
          if (some !== null) {
            const seen = rows.filter(({ partition }) => some.includes(partition))
            for (const each of told.some(seen, page.version).partitions)
              page.rows.set(each.partition, each)
            continue
          }
          const answer = told.all(rows, page.version)
          if (answer.whole) page.rows.clear()
          for (const each of answer.partitions) page.rows.set(each.partition, each)
          page.version = answer.version
          expect([...page.rows.values()].sort((a, b) => a.partition - b.partition)).toEqual(rows)
        }
      }),
    )
  })
})

describe('stretchesOf', () => {
  test('neighbours are asked for at once, and what is far apart is not', () => {
    expect(stretchesOf([7, 5, 6, 900])).toEqual([
      { first: 5, count: 3 },
      { first: 900, count: 1 },
    ])
  })

  test('what is scattered all over is asked for as a whole', () => {
    const scattered = Array.from({ length: 40 }, (_, n) => n * 250)
    expect(stretchesOf(scattered)).toEqual([{ first: 0, count: null }])
    expect(stretchesOf(null)).toEqual([{ first: 0, count: null }])
  })

  test('every wanted partition lies in a stretch', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2_000), { minLength: 1 }), wanted => {
        const stretches = stretchesOf(wanted)
        for (const partition of wanted)
          expect(
            stretches.some(
              ({ first, count }) =>
                partition >= first && (count === null || partition < first + count),
            ),
          ).toBe(true)
      }),
    )
  })
})

function row(partition: number, end: bigint): PartitionReplication {
  return {
    partition,
    leader: 1,
    leaderEpoch: 0,
    partitionEpoch: null,
    highWatermark: end,
    replicas: [
      {
        broker: 1,
        brokerState: 'online',
        isLeader: true,
        inSync: true,
        logStartOffset: 0n,
        logEndOffset: end,
        seenEndOffset: null,
        lag: 0n,
        lagMs: 0,
        lagSource: null,
        sizeBytes: null,
        problem: null,
      },
    ],
    elr: [],
    lastKnownElr: [],
    adding: [],
    removing: [],
    findings: [],
  }
}
