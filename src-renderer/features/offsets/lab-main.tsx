/** The plan, or what became of it, with whatever is wrong above it. */
import type { Problem } from '../../../src-main/contract/define.ts'
import { t } from '../../i18n/i18n.ts'
import { FailureNotice } from '../../ui/state/states.tsx'
import { AppliedView } from './applied-view.tsx'
import type { ChosenStrategy, OffsetsSearch } from './offsets-search.ts'
import { PlanGrid } from './plan-grid.tsx'
import type { ChangeSearch, Lab } from './use-lab.ts'

const NO_ROWS = [] as const

interface LabMainProps {
  readonly lab: Lab
  readonly exists: boolean
  readonly search: OffsetsSearch
  readonly change: ChangeSearch
}

export function LabMain({ lab, exists, search, change }: LabMainProps) {
  const { planning, strategy, applied, refused } = lab
  const { plan, problem } = planning
  return (
    <div className="lab-main">
      {refused !== null && <FailureNotice what={t('offsets.applying')} problem={refused} />}
      {problem !== null && (
        <FailureNotice what={t('offsets.planning')} problem={problem} onRetry={lab.refresh} />
      )}
      {applied === null ? (
        <>
          <PlanProblems problems={plan?.problems ?? NO_ROWS} />
          <PlanGrid
            rows={plan?.rows ?? NO_ROWS}
            search={search}
            change={change}
            onSet={lab.setOffset}
            nothing={nothingText(strategy, exists, plan !== null)}
          />
        </>
      ) : (
        <AppliedView applied={applied} onUndo={lab.undo} onClose={lab.backToPlan} />
      )}
    </div>
  )
}

function PlanProblems({ problems }: { readonly problems: readonly Problem[] }) {
  const [first] = problems
  if (first === undefined) return null
  return (
    <div className="notice" role="status" title={problems.map(({ message }) => message).join('\n')}>
      <span className="clip">
        {first.message}
        {problems.length > 1 && ` ${t('offsets.moreProblems', { count: problems.length - 1 })}`}
      </span>
    </div>
  )
}

/** Null while it is not known yet. */
function nothingText(strategy: ChosenStrategy, exists: boolean, planned: boolean): string | null {
  if (planned) return exists ? t('offsets.nothing.noOffsets') : t('offsets.nothing.newGroup')
  if (strategy.type === 'unfinished') return t('offsets.nothing.unfinished')
  return strategy.type === 'file' ? t('offsets.nothing.file') : null
}
