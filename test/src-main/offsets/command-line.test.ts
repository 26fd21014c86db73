import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  equalCommand,
  quoted,
  type PlannedCommand,
} from '../../../src-main/offsets/command-line.ts'
import { planRow, type PlaceFacts, type Wish } from '../../../src-main/offsets/plan.ts'

const start = 'kafka-consumer-groups.sh --bootstrap-server 127.0.0.1:9092 --group shop'

describe('the equal command', () => {
  test('of a strategy that the tool has is that option', () => {
    const line = (strategy: PlannedCommand['strategy'], wish: Wish) =>
      equalCommand(plan({ strategy, rows: [row(0, wish), row(1, wish)] })).lines
    expect(line({ type: 'earliest' }, { type: 'earliest' })).toEqual([
      `${start} --reset-offsets --all-topics --to-earliest --execute`,
    ])
    expect(line({ type: 'shift', by: -5n }, { type: 'shift', by: -5n })).toEqual([
      `${start} --reset-offsets --all-topics --shift-by -5 --execute`,
    ])
    const at = 1_795_269_600_000n
    expect(line({ type: 'timestamp', timestampMs: at }, { type: 'found', offset: 12n })).toEqual([
      `${start} --reset-offsets --all-topics --to-datetime 2026-11-21T14:00:00.000Z --execute`,
    ])
    expect(
      line({ type: 'duration', durationMs: 900_000n }, { type: 'found', offset: 12n }),
    ).toEqual([`${start} --reset-offsets --all-topics --by-duration PT15M --execute`])
  })

  test('names the partitions where they are not all', () => {
    const scope = [{ topic: 'orders', partitions: null }]
    const wish = { type: 'earliest' } as const
    const all = plan({ scope, rows: [row(0, wish), row(1, wish)] })
    expect(equalCommand(all).lines[0]).toContain('--topic orders --to-earliest')
    const one = plan({ scope, rows: [row(0, { type: 'kept' }), row(1, wish)] })
    expect(equalCommand(one).lines[0]).toContain('--topic orders:1 --to-earliest')
  })

  test('goes through a file once a partition is set by hand', () => {
    const rows = [row(0, { type: 'edited', offset: 13n }), row(1, { type: 'earliest' })]
    expect(equalCommand(plan({ rows }))).toEqual({
      lines: [`${start} --reset-offsets --from-file offsets.csv --execute`],
      file: { name: 'offsets.csv', content: 'orders,0,13\norders,1,10\n' },
      caveats: [],
    })
  })

  test('of an undo may be two, and says what the tool does otherwise', () => {
    const rows = [
      row(0, { type: 'restored', stored: { offset: 3n, metadata: 'm', leaderEpoch: null } }),
      row(1, { type: 'restored', stored: null }),
    ]
    const strategy = { type: 'snapshot', snapshotId: 's', part: 'changed' } as const
    expect(equalCommand(plan({ strategy, rows }))).toEqual({
      lines: [
        `${start} --reset-offsets --from-file offsets.csv --execute`,
        `${start} --delete-offsets --topic orders:1`,
      ],
      file: { name: 'offsets.csv', content: 'orders,0,3\n' },
      caveats: ['tool-clamps', 'tool-drops-metadata'],
    })
  })

  test('is none where nothing is to be done', () => {
    expect(equalCommand(plan({ rows: [row(0, { type: 'kept' })] })).lines).toEqual([])
  })
})

test('what is quoted comes out of a shell as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      fc.pre(!text.includes('\0'))
      const out = execFileSync('sh', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' })
      expect(out).toBe(text)
    }),
    { numRuns: 60 },
  )
})

function plan(overrides: Partial<PlannedCommand>): PlannedCommand {
  return {
    bootstrap: '127.0.0.1:9092',
    groupId: 'shop',
    scope: null,
    strategy: { type: 'earliest' },
    rows: [],
    partitionCounts: new Map([['orders', 2]]),
    ...overrides,
  }
}

function row(partition: number, wish: Wish) {
  const facts: PlaceFacts = {
    topic: 'orders',
    partition,
    logStartOffset: 10n,
    highWatermark: 20n,
    problem: null,
    committed: { offset: 15n, metadata: '', leaderEpoch: null },
    sparse: false,
    subscribed: false,
  }
  return planRow(facts, wish)
}
