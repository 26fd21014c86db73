/** What the plan comes to, and the one button that does it. */
import { useMemo } from 'react'
import type { OffsetPlan } from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { formatCount } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { dryRunText, figuresOf } from './offset-rows.ts'
import type { ChosenStrategy } from './offsets-search.ts'

interface ApplyBarProps {
  readonly groupId: string
  readonly plan: OffsetPlan
  readonly strategy: ChosenStrategy
  readonly exists: boolean
  readonly whyNot: string | null
  readonly onApply: () => void
}

export function ApplyBar({ groupId, plan, strategy, exists, whyNot, onApply }: ApplyBarProps) {
  const figures = useMemo(() => figuresOf(plan.rows), [plan.rows])
  const { again, skipped, estimate, warningCount, problemCount } = figures
  const count = plan.commitCount + plan.deleteCount
  const act =
    strategy.type === 'delete'
      ? 'delete'
      : strategy.type === 'snapshot'
        ? 'restore'
        : exists
          ? 'reset'
          : 'create'
  return (
    <footer className="lab-bar">
      <span className="lab-sums" aria-live="polite">
        {again > 0n && (
          <span className="lab-again">
            {estimate && '≈ '}
            {t('offsets.sum.again', { count: Number(again), formatted: formatCount(again) })}
          </span>
        )}
        {skipped > 0n && (
          <span className="lab-skipped">
            {estimate && '≈ '}
            {t('offsets.sum.skipped', { count: Number(skipped), formatted: formatCount(skipped) })}
          </span>
        )}
        {warningCount > 0 && (
          <span className="warn">{t('offsets.sum.warnings', { count: warningCount })}</span>
        )}
        {problemCount > 0 && (
          <span className="bad">{t('offsets.sum.problems', { count: problemCount })}</span>
        )}
        {strategy.type === 'duration' && plan.timestampMs !== null && (
          <span className="faint">
            {t('offsets.sum.moment')} <Moment timestampMs={plan.timestampMs} />
          </span>
        )}
      </span>
      <span className="spacer" />
      {whyNot !== null && (
        <span className="quiet clip lab-why" title={whyNot}>
          {whyNot}
        </span>
      )}
      <Button
        kind="quiet"
        onClick={() => void copyText(dryRunText(groupId, plan), t('offsets.dryRunCopied'))}
      >
        {t('offsets.copyDryRun')}
      </Button>
      <Button kind={act === 'delete' ? 'danger' : 'primary'} whyNot={whyNot} onClick={onApply}>
        {t(`offsets.act.${act}`, { count, formatted: formatCount(count) })}
      </Button>
    </footer>
  )
}
