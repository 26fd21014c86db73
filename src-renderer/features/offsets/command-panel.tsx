/** The command that does the same, for scripts and for those who trust nothing but it. */
import { Download } from 'lucide-react'
import type { OffsetPlan } from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { commandText } from './offset-rows.ts'
import { saveText } from '../../ui/save-text.ts'

/** Broken before an option and nowhere else, so that no option is torn. */
function CommandLine({ line }: { readonly line: string }) {
  return (
    <div>
      {line.split(/ (?=--)/).map((part, place) => (
        // The parts of a command never change their places.
        <span key={place} className="lab-option-text">
          {part}{' '}
        </span>
      ))}
    </div>
  )
}

export function CommandPanel({ command }: { readonly command: OffsetPlan['command'] }) {
  const { lines, file, caveats } = command
  return (
    <div className="lab-command">
      <span className="section-title">{t('offsets.command.title')}</span>
      {lines.length === 0 ? (
        <span className="faint">{t('offsets.command.none')}</span>
      ) : (
        <div
          className="lab-lines mono"
          tabIndex={0}
          role="region"
          aria-label={t('offsets.command.title')}
        >
          {lines.map(line => (
            <CommandLine key={line} line={line} />
          ))}
        </div>
      )}
      {file !== null && (
        <button
          type="button"
          className="button"
          data-kind="quiet"
          title={file.content.slice(0, 2_000)}
          onClick={() => saveText(file.name, file.content)}
        >
          <Download size={13} aria-hidden />
          {file.name}
        </button>
      )}
      {caveats.map(caveat => (
        <span
          key={caveat}
          className="tag"
          data-tone="warn"
          title={t(`offsets.command.${caveat}Hint`)}
        >
          {t(`offsets.command.${caveat}`)}
        </span>
      ))}
      {lines.length > 0 && (
        <CopyButton
          text={commandText(command)}
          label={file === null ? t('offsets.command.copy') : t('offsets.command.copyWithFile')}
        />
      )}
    </div>
  )
}
