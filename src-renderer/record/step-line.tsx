/** How far the search for the record with the same key is, and what came of it. */
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format/number.ts'
import { useStore } from '../ui/store.ts'
import type { KeySteps } from './key-steps.ts'

export function StepLine({ steps }: { readonly steps: KeySteps }) {
  const state = useStore(steps)
  switch (state.type) {
    case 'idle':
      return null
    case 'looking':
      return (
        <p className="record-step" role="status">
          <span className="clip">
            {t(`record.byKey.looking.${state.direction}`, {
              read: formatCount(state.readRecords),
            })}
            {state.leftCount !== null && (
              <span className="faint">
                {' '}
                {t('record.byKey.left', { left: formatCount(state.leftCount) })}
              </span>
            )}
          </span>
          <Button kind="quiet" onClick={steps.stop}>
            {t('record.byKey.stop')}
          </Button>
        </p>
      )
    case 'none':
      return (
        <p className="record-step" role="status">
          <span>{t(`record.byKey.none.${state.direction}`)}</span>
          <Button kind="quiet" onClick={steps.stop}>
            {t('record.byKey.dismiss')}
          </Button>
        </p>
      )
    case 'failed':
      return (
        <p className="record-step" role="alert" data-tone="bad">
          <span className="clip" title={state.problem.message}>
            {state.problem.code}: {state.problem.message}
          </span>
          <Button kind="quiet" onClick={steps.stop}>
            {t('record.byKey.dismiss')}
          </Button>
        </p>
      )
  }
}
