/** `?`: every key that does something here. */
import { Modal } from '@mantine/core'
import { t } from '../i18n/i18n.ts'
import { commandRegistry, type Command } from '../ui/commands.ts'
import { Store, useStore } from '../ui/store.ts'

class Opened extends Store<boolean> {
  readonly toggle = (): void => this.replace(!this.snapshot())
}

export const shortcutSheet = new Opened(false)

export function ShortcutSheet() {
  const opened = useStore(shortcutSheet)
  const commands = useStore(commandRegistry).filter(command => command.shortcut !== undefined)
  return (
    <Modal opened={opened} onClose={shortcutSheet.toggle} title={t('shortcuts.title')} size={640}>
      <div className="sheet">
        <Keys
          title={t('shortcuts.page')}
          commands={commands.filter(({ group }) => group === 'page')}
        />
        <Keys title={t('shortcuts.go')} commands={commands.filter(({ group }) => group === 'go')} />
        <Keys title={t('shortcuts.lists')} commands={LIST_KEYS} />
        <Keys
          title={t('shortcuts.everywhere')}
          commands={[...commands.filter(({ group }) => group === 'view'), ...EVERYWHERE_KEYS]}
        />
      </div>
    </Modal>
  )
}

interface KeyLine {
  readonly title: string
  readonly shortcut?: string
}

const LIST_KEYS: readonly KeyLine[] = [
  { shortcut: 'j ↓', title: t('shortcuts.down') },
  { shortcut: 'k ↑', title: t('shortcuts.up') },
  { shortcut: 'Home End', title: t('shortcuts.ends') },
  { shortcut: 'Enter', title: t('shortcuts.open') },
  { shortcut: 'Esc', title: t('shortcuts.close') },
  { shortcut: '/', title: t('shortcuts.filter') },
  { shortcut: 'x', title: t('shortcuts.choose') },
  { shortcut: '⌘C', title: t('shortcuts.copy') },
]

const EVERYWHERE_KEYS: readonly KeyLine[] = [
  { shortcut: '⌘K', title: t('shortcuts.palette') },
  { shortcut: '?', title: t('shortcuts.sheet') },
]

function Keys({ title, commands }: { title: string; commands: readonly (KeyLine | Command)[] }) {
  if (commands.length === 0) return null
  return (
    <section>
      <h3 className="section-title">{title}</h3>
      {commands.map(command => (
        <div key={command.title} className="sheet-line">
          <span>{command.title}</span>
          <span>
            {command.shortcut?.split(' ').map(key => (
              <kbd key={key} className="kbd">
                {key}
              </kbd>
            ))}
          </span>
        </div>
      ))}
    </section>
  )
}
