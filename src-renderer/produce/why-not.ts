/** Why nothing can be sent now, in a sentence; null where it can. */
import { t } from '../i18n/i18n.ts'
import type { ProduceState } from './produce-session.ts'

export function whyNotSend(state: ProduceState): string | null {
  const { form, judged, faults, problems, target, loading } = state
  if (loading) return t('produce.whyNot.loading')
  if (target === null) return t('produce.whyNot.target')
  if (form.value.kind === 'json' && form.value.text.trim() === '') return t('produce.whyNot.value')
  if (!judged) return null
  const [fault] = faults
  if (fault !== undefined) return t(`produce.whyNot.${fault}`)
  const [problem] = problems
  if (problem !== undefined) return problem.problem.message
  return null
}
