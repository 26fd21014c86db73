/** What stands where no page is, and where a page broke. */
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { problemOf } from '../connection/answer.ts'
import { t } from '../i18n/i18n.ts'
import { Failure, Gone } from '../ui/state/states.tsx'

export function NotFound() {
  return (
    <Gone sentence={t('lost.page')}>
      <Link to="/" className="button">
        {t('lost.home')}
      </Link>
    </Gone>
  )
}

export function PageCrash({ error, reset }: ErrorComponentProps) {
  return <Failure what={t('lost.drawing')} problem={problemOf(error)} onRetry={reset} />
}
