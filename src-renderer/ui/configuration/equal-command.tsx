/** The line of Apache Kafka's own tools that does the same, ready to copy. */
import { Fragment } from 'react'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../copy-button.tsx'
import './configuration.css'

interface EqualCommandProps {
  readonly line: string
  /** Where room is short it is unfolded by hand. */
  readonly folded?: boolean
}

export function EqualCommand({ line, folded = false }: EqualCommandProps) {
  const shown = (
    <div className="equal-command-line">
      <code className="mono" tabIndex={0}>
        <Words line={line} />
      </code>
      <CopyButton text={line} label={t('configuration.copyCommand')} />
    </div>
  )
  if (folded)
    return (
      <details className="equal-command">
        <summary className="faint small">{t('configuration.equalCommand')}</summary>
        {shown}
      </details>
    )
  return (
    <div className="equal-command">
      <span className="faint small">{t('configuration.equalCommand')}</span>
      {shown}
    </div>
  )
}

/** Options stay whole at the end of a line: a browser would break them at their dashes. */
function Words({ line }: { readonly line: string }) {
  return line.split(' ').map((word, place) => (
    // The words of a line never change their places.
    <Fragment key={place}>
      {place > 0 && ' '}
      <span className="equal-command-word">{word}</span>
    </Fragment>
  ))
}
