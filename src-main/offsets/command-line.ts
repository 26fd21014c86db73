/**
 * The `kafka-consumer-groups.sh` command that does what a plan does, for a shell as POSIX has it.
 * Pure. What the tool has no option for goes through `--from-file`.
 */
import { listIn } from '../lookups/list-in.ts'
import { formatIsoDuration } from '../contract/duration.ts'
import type { OffsetScope, OffsetStrategy } from '../contract/api/offset.ts'
import type { CommandCaveat, EqualCommand, OffsetPlanRow } from '../contract/model/offset.ts'
import { writeOffsetsCsv } from './offsets-file.ts'

export interface PlannedCommand {
  readonly bootstrap: string
  readonly groupId: string
  readonly scope: OffsetScope
  readonly strategy: OffsetStrategy
  readonly rows: readonly OffsetPlanRow[]
  /** How many partitions each topic has, where it exists. */
  readonly partitionCounts: ReadonlyMap<string, number>
}

const FILE_NAME = 'offsets.csv'
const TOOL = 'kafka-consumer-groups.sh'
/** The last millisecond that the tool's form of a date can say. */
const DATE_MS_MAX = 253_402_300_799_999n

export function equalCommand(plan: PlannedCommand): EqualCommand {
  const removed = plan.rows.filter(row => row.action === 'delete')
  // The tool commits what is committed already once more; that changes nothing.
  const set = plan.rows.filter(row => row.action !== 'delete' && isPlanned(row, plan.strategy))
  const lines: string[] = []
  let file: EqualCommand['file'] = null
  if (set.length > 0) {
    const option = optionOf(plan)
    const how = option ?? `--from-file ${FILE_NAME}`
    const where = option === null ? '' : `${scopeOf(plan, set)} `
    lines.push(`${start(plan)} --reset-offsets ${where}${how} --execute`)
    if (option === null) file = { name: FILE_NAME, content: writeOffsetsCsv(offsetsOf(set)) }
  }
  if (removed.length > 0)
    lines.push(`${start(plan)} --delete-offsets ${topicOptions(removed, plan.partitionCounts)}`)
  return { lines, file, caveats: caveatsOf(set) }
}

/** Null where the tool needs a file, since it has no such option or single partitions differ. */
function optionOf({ strategy, rows }: PlannedCommand): string | null {
  return rows.some(({ notes }) => notes.includes('edited')) ? null : strategyOption(strategy)
}

function strategyOption(strategy: OffsetStrategy): string | null {
  switch (strategy.type) {
    case 'earliest':
      return '--to-earliest'
    case 'latest':
      return '--to-latest'
    case 'current':
      return '--to-current'
    case 'offset':
      return `--to-offset ${strategy.offset}`
    case 'timestamp':
      return strategy.timestampMs > DATE_MS_MAX
        ? null
        : `--to-datetime ${new Date(Number(strategy.timestampMs)).toISOString()}`
    case 'duration':
      return `--by-duration ${formatIsoDuration(strategy.durationMs)}`
    case 'shift':
      return `--shift-by ${strategy.by}`
    case 'none':
    case 'group':
    case 'file':
    case 'snapshot':
    case 'delete':
      return null
  }
}

/** Whether the tool would set it too, once it is asked for these partitions alone. */
function isPlanned({ problem, after, notes }: OffsetPlanRow, { type }: OffsetStrategy): boolean {
  if (type === 'none' && !notes.includes('edited')) return false
  const left = notes.some(
    note => note === 'kept' || note === 'not-in-source' || note === 'subscribed',
  )
  return problem === null && after !== null && !left
}

function scopeOf({ scope, rows, partitionCounts }: PlannedCommand, set: readonly OffsetPlanRow[]) {
  if (scope === null && set.length === rows.length) return '--all-topics'
  return topicOptions(set, partitionCounts)
}

function topicOptions(
  rows: readonly OffsetPlanRow[],
  partitionCounts: ReadonlyMap<string, number>,
): string {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of rows) listIn(topics, topic).push(partition)
  return [...topics]
    .map(([topic, partitions]) => {
      const whole = partitions.length === partitionCounts.get(topic)
      return `--topic ${quoted(whole ? topic : `${topic}:${partitions.join(',')}`)}`
    })
    .join(' ')
}

function start({ bootstrap, groupId }: PlannedCommand): string {
  return `${TOOL} --bootstrap-server ${quoted(bootstrap)} --group ${quoted(groupId)}`
}

/** Safe in any POSIX shell; left bare where nothing needs it. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_.,:@%+/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function offsetsOf(rows: readonly OffsetPlanRow[]) {
  return rows.map(({ topic, partition, after }) => ({ topic, partition, offset: after! }))
}

function caveatsOf(set: readonly OffsetPlanRow[]): readonly CommandCaveat[] {
  const caveats: CommandCaveat[] = []
  const outside = (row: OffsetPlanRow) =>
    row.notes.includes('restores-fallen') || row.notes.includes('restores-beyond')
  if (set.some(outside)) caveats.push('tool-clamps')
  if (set.some(({ action, metadata }) => action === 'commit' && metadata !== ''))
    caveats.push('tool-drops-metadata')
  return caveats
}
