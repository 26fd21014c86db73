/** From what is chosen on the page to what is asked of the application, and why it cannot be done. */
import type { OffsetEdits, OffsetScope } from '../../../src-main/contract/api/offset.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import { formatIsoDuration } from '../../../src-main/contract/duration.ts'
import type { ClusterSummary } from '../../../src-main/contract/model/cluster.ts'
import type { LabGroup, OffsetPlan } from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import type { ChosenFile } from './file-field.tsx'
import type { ChosenStrategy } from './offsets-search.ts'
import type { PlanInput } from './plan-store.ts'

interface Chosen {
  readonly cluster: string
  readonly groupId: string
  readonly scope: OffsetScope
  readonly strategy: ChosenStrategy
  readonly edits: OffsetEdits
  readonly file: ChosenFile | null
}

/** Null while something is still to be typed or chosen. */
export function planInput({ strategy, file, ...rest }: Chosen): PlanInput | null {
  if (strategy.type === 'file')
    return file === null ? null : { ...rest, strategy: { type: 'file', text: file.text } }
  return strategy.type === 'unfinished' ? null : { ...rest, strategy }
}

/** In the words of `kafka-consumer-groups.sh`, kept beside the snapshot. */
export function reasonOf(strategy: ChosenStrategy, file: ChosenFile | null, edited: boolean) {
  const text = strategyText(strategy, file)
  const type =
    strategy.type === 'delete'
      ? 'delete-offsets'
      : strategy.type === 'snapshot'
        ? 'restore'
        : 'reset'
  return {
    type,
    strategy: (edited && strategy.type !== 'none' ? `${text}, edited` : text).slice(0, 400),
  } as const
}

function strategyText(strategy: ChosenStrategy, file: ChosenFile | null): string {
  switch (strategy.type) {
    case 'offset':
      return `to-offset ${strategy.offset}`
    case 'timestamp':
      return `to-datetime ${dateText(strategy.timestampMs)}`
    case 'duration':
      return `by-duration ${formatIsoDuration(strategy.durationMs)}`
    case 'shift':
      return `shift-by ${strategy.by}`
    case 'group':
      return `from group ${strategy.groupId}`
    case 'file':
      return `from-file ${file?.name ?? ''}`
    case 'snapshot':
      return `snapshot of ${dateText(BigInt(/^\d+/.exec(strategy.snapshotId)?.[0] ?? 0))}`
    case 'delete':
      return 'delete-offsets'
    case 'none':
      return 'by hand'
    case 'unfinished':
      return strategy.name
    default:
      return `to-${strategy.type}`
  }
}

function dateText(timestampMs: bigint): string {
  const date = new Date(Number(timestampMs))
  return Number.isNaN(date.getTime()) ? timestampMs.toString() : date.toISOString()
}

interface Situation {
  readonly plan: OffsetPlan | null
  readonly current: boolean
  readonly problem: Problem | null
  readonly strategy: ChosenStrategy
  readonly file: ChosenFile | null
  readonly group: LabGroup | null
  readonly busy: boolean
  readonly cluster: ClusterSummary
}

/** Why the button cannot be used, or null. */
export function refusalOf(situation: Situation): string | null {
  const { plan, current, problem, strategy, file, group, busy, cluster } = situation
  if (cluster.readOnly) return t('offsets.whyNot.readOnly')
  if (busy) return t('offsets.whyNot.busy')
  if (strategy.type === 'unfinished') return t('offsets.nothing.unfinished')
  if (strategy.type === 'file' && file === null) return t('offsets.nothing.file')
  // Offsets may be deleted beside members, where they do not subscribe to the topic.
  const blocked = plan === null || plan.commitCount > 0 ? (group?.whyNot ?? null) : null
  if (blocked !== null) return `${sayProblem(blocked).message}. ${sayProblem(blocked).remedy ?? ''}`
  if (problem !== null) return problem.message
  if (plan === null || !current) return t('offsets.whyNot.planning')
  if (plan.commitCount + plan.deleteCount > 0) return null
  return strategy.type === 'none' ? t('offsets.whyNot.choose') : t('offsets.whyNot.same')
}
