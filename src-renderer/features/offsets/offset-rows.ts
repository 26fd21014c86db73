/** A plan's rows as the grid shows them, and the plan as a text to keep. */
import type {
  OffsetNote,
  OffsetPlan,
  OffsetPlanRow,
} from '../../../src-main/contract/model/offset.ts'

export function keyOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`
}

/** Notes that say that something is not as one would expect it. */
const warnings: ReadonlySet<OffsetNote> = new Set<OffsetNote>([
  'raised-to-start',
  'lowered-to-end',
  'no-later-record',
  'fell-off',
  'beyond-end',
  'restores-fallen',
  'restores-beyond',
  'subscribed',
])

export function isWarning(note: OffsetNote): boolean {
  return warnings.has(note)
}

export interface PlanFigures {
  readonly again: bigint
  readonly skipped: bigint
  /** One of the sums holds a count that is an estimate. */
  readonly estimate: boolean
  readonly warningCount: number
  readonly problemCount: number
}

export function figuresOf(rows: readonly OffsetPlanRow[]): PlanFigures {
  let again = 0n
  let skipped = 0n
  let estimate = false
  let warningCount = 0
  let problemCount = 0
  for (const { moved, notes, problem } of rows) {
    if (moved?.direction === 'again') again += moved.count
    if (moved?.direction === 'skipped') skipped += moved.count
    estimate ||= moved?.estimate === true
    if (problem !== null) problemCount += 1
    else if (notes.some(isWarning)) warningCount += 1
  }
  return { again, skipped, estimate, warningCount, problemCount }
}

/** What `offset.apply` is asked for: exactly what is on the screen. */
export function changesOf(rows: readonly OffsetPlanRow[]) {
  return rows
    .filter(({ action }) => action !== 'none')
    .map(({ topic, partition, now, after, metadata, leaderEpoch }) => ({
      topic,
      partition,
      before: now,
      offset: after,
      metadata,
      leaderEpoch,
    }))
}

/** The dry run as a text: the columns of the command line tool, and what it does not tell. */
export function dryRunText(groupId: string, plan: OffsetPlan): string {
  const header = ['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'NEW-OFFSET', 'RECORDS', 'NOTES']
  const lines = plan.rows.map(row => [
    groupId,
    row.topic,
    String(row.partition),
    row.now?.toString() ?? '-',
    row.after?.toString() ?? '-',
    row.moved === null
      ? '-'
      : `${row.moved.estimate ? '~' : ''}${row.moved.count} ${row.moved.direction}`,
    row.problem === null
      ? row.notes.join(', ') || '-'
      : `${row.problem.code}: ${row.problem.message}`,
  ])
  const table = [header, ...lines]
  const widths = header.map((_, column) => Math.max(...table.map(line => line[column]!.length)))
  const made = new Date(Number(plan.computedAtMs)).toISOString()
  const rows = table.map(line =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [`# dry run of ${made}: nothing was changed`, ...rows, ...plan.command.lines].join('\n')
}

/** The command with its file before it, ready for a shell. */
export function commandText({ lines, file }: OffsetPlan['command']): string {
  const before = file === null ? [] : [`cat > ${file.name} <<'END'\n${file.content}END`]
  return [...before, ...lines].join('\n')
}
