/** The commands that do the same, folded away at first, to be copied with the file that they read. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { saveText } from '../ui/save-text.ts'
import { shellText, type EqualCommands } from './equal-commands.ts'
import './replication.css'

interface EqualCommandsPanelProps {
  /** As `kafka-reassign-partitions.sh`. */
  readonly tool: string
  readonly commands: EqualCommands
}

export function EqualCommandsPanel({ tool, commands }: EqualCommandsPanelProps) {
  const [open, setOpen] = useState(false)
  const { lines, file } = commands
  return (
    <section className="equal-commands" aria-label={t('equalCommands.title', { tool })}>
      <header>
        <button
          type="button"
          className="equal-commands-head"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <span aria-hidden>{open ? '▾' : '▸'}</span> {t('equalCommands.title', { tool })}
        </button>
        <span className="spacer" />
        {open && file !== null && (
          <Button
            kind="quiet"
            icon={<Download size={13} aria-hidden />}
            title={t('equalCommands.save', { file: file.name })}
            onClick={() => saveText(file.name, file.content)}
          >
            {file.name}
          </Button>
        )}
        {open && (
          <CopyButton
            text={shellText(commands)}
            label={t(file === null ? 'equalCommands.copy' : 'equalCommands.copyWithFile')}
          />
        )}
      </header>
      {open && (
        <div
          className="equal-commands-lines mono"
          tabIndex={0}
          role="region"
          aria-label={t('equalCommands.lines', { tool })}
        >
          {lines.map(line => (
            <CommandLine key={line} line={line} />
          ))}
        </div>
      )}
    </section>
  )
}

/** Broken before an option and nowhere else, so that no option is torn. */
function CommandLine({ line }: { readonly line: string }) {
  return (
    <div>
      {line.split(/ (?=--)/).map((part, place) => (
        // The parts of a command never change their places.
        <span key={place} className="equal-commands-option">
          {part}{' '}
        </span>
      ))}
    </div>
  )
}
