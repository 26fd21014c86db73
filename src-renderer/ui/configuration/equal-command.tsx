/** The line of Apache Kafka's own tools that does the same, ready to copy. */
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../copy-button.tsx'
import './configuration.css'

export function EqualCommand({ line }: { readonly line: string }) {
  return (
    <div className="equal-command">
      <span className="faint small">{t('configuration.equalCommand')}</span>
      <div className="equal-command-line">
        <code className="mono" tabIndex={0}>
          {line}
        </code>
        <CopyButton text={line} label={t('configuration.copyCommand')} />
      </div>
    </div>
  )
}
