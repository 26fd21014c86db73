/** The four designed states of anything that has to be fetched: loading, empty, error, gone. */
import { useEffect, useState, type ReactNode } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../button.tsx'
import { CopyButton } from '../copy-button.tsx'
import { copyText } from '../copy-text.ts'

const SILENT_MS = 300

/** Says what is waited for, once waiting has lasted long enough to be noticed. */
export function Loading({ what }: { readonly what: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SILENT_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="state quiet" role="status" aria-live="polite">
      {late && what}
    </div>
  )
}

interface EmptyProps {
  /** One sentence. */
  readonly sentence: string
  /** A command that would change it, ready to copy. */
  readonly command?: string
  /** The next act. */
  readonly children?: ReactNode
}

export function Empty({ sentence, command, children }: EmptyProps) {
  return (
    <div className="state">
      <p className="quiet">{sentence}</p>
      {command !== undefined && (
        <div className="state-code">
          <code className="mono">{command}</code>
          <CopyButton text={command} />
        </div>
      )}
      {children !== undefined && <div className="state-acts">{children}</div>}
    </div>
  )
}

interface FailureProps {
  /** What was attempted, as "Reading the topic orders". */
  readonly what: string
  readonly problem: Problem
  readonly onRetry?: () => void
}

export function Failure({ what, problem: failure, onRetry }: FailureProps) {
  const problem = sayProblem(failure)
  return (
    <div className="state" role="alert">
      <p className="state-title">{t('failure.title', { what })}</p>
      <p className="mono quiet">
        {problem.code}: {problem.message}
      </p>
      {problem.remedy !== undefined && <p className="quiet">{problem.remedy}</p>}
      <div className="state-acts">
        {onRetry !== undefined && <Button onClick={onRetry}>{t('failure.retry')}</Button>}
        <Button kind="quiet" onClick={() => void copyText(detailsOf(what, problem))}>
          {t('failure.copy')}
        </Button>
      </div>
    </div>
  )
}

interface NoticeProps extends FailureProps {
  /** Where more is to be said than that what is shown is from before. */
  readonly sentence?: string
}

/** The same, beside what is still shown from before. */
export function FailureNotice({ what, sentence, problem: failure, onRetry }: NoticeProps) {
  const problem = sayProblem(failure)
  return (
    <div className="notice" data-tone="bad" role="alert">
      <span className="clip" title={`${problem.code}: ${problem.message}`}>
        {sentence ?? t('failure.stale', { what })} <span className="mono">{problem.code}</span>:{' '}
        {problem.message}
      </span>
      <span className="spacer" />
      {onRetry !== undefined && (
        <Button kind="quiet" onClick={onRetry}>
          {t('failure.retry')}
        </Button>
      )}
      <Button kind="quiet" onClick={() => void copyText(detailsOf(what, problem))}>
        {t('failure.copy')}
      </Button>
    </div>
  )
}

interface GoneProps {
  readonly sentence: string
  readonly children: ReactNode
}

export function Gone({ sentence, children }: GoneProps) {
  return (
    <div className="state" role="status">
      <p className="state-title">{sentence}</p>
      <div className="state-acts">{children}</div>
    </div>
  )
}

/** It was there, and what is shown is from then. */
export function GoneNotice({ sentence, children }: GoneProps) {
  return (
    <div className="notice" data-tone="bad" role="alert">
      <span className="clip" title={sentence}>
        {sentence}
      </span>
      <span className="spacer" />
      {children}
    </div>
  )
}

/** Kafka's and our own ways of saying that a thing is not there. */
export function isGone(problem: Problem): boolean {
  return [
    'NOT_FOUND',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'GROUP_ID_NOT_FOUND',
    'UNKNOWN_TOPIC_ID',
  ].includes(problem.code)
}

function detailsOf(what: string, problem: Problem): string {
  const lines = [what, `${problem.code}: ${problem.message}`, problem.remedy, problem.details]
  return lines.filter(line => line !== undefined).join('\n')
}
