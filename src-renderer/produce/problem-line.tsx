/** What is wrong in a field, and a way to the place. */
import type { RefObject } from 'react'
import type { DraftProblem } from '../../src-main/contract/model/produce.ts'
import { t } from '../i18n/i18n.ts'
import { ProblemText } from './problem-text.tsx'

interface ProblemLineProps {
  readonly problem: DraftProblem
  readonly area?: RefObject<HTMLTextAreaElement | HTMLInputElement | null>
}

export function ProblemLine({ problem: { place, problem }, area }: ProblemLineProps) {
  const show = () => {
    const field = area?.current
    if (field === null || field === undefined || place.at === null) return
    field.focus()
    field.setSelectionRange(place.at, place.at + Math.max(place.length ?? 1, 1))
  }
  return (
    <p className="produce-problem" role="alert">
      <ProblemText problem={problem} />
      {place.at !== null && area !== undefined && (
        <button type="button" className="produce-link" onClick={show}>
          {t('produce.showPlace')}
        </button>
      )}
    </p>
  )
}
