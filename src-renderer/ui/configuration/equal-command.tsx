/** The line of Apache Kafka's own tools that does the same, ready to copy. */
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
        {line}
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
