/** What can stand in `{{…}}`, to be put in at the cursor. */
import { Menu } from '@mantine/core'
import { Plus } from 'lucide-react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { GENERATORS } from './generator-list.ts'

interface InsertMenuProps {
  readonly variables: readonly string[]
  readonly onInsert: (text: string) => void
}

export function InsertMenu({ variables, onInsert }: InsertMenuProps) {
  return (
    // The field keeps the cursor while the menu is open, or there would be no place to insert at.
    <Menu position="bottom-end" transitionProps={{ duration: 80 }} returnFocus={false}>
      <Menu.Target>
        <Button kind="quiet" icon={<Plus size={14} aria-hidden />}>
          {t('produce.insert')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="produce-insert">
        {variables.filter(name => name !== '').length > 0 && (
          <>
            <Menu.Label>{t('produce.variables')}</Menu.Label>
            {variables
              .filter(name => name !== '')
              .map(name => (
                <Menu.Item key={name} onClick={() => onInsert(`{{${name}}}`)}>
                  <span className="mono">{`{{${name}}}`}</span>
                </Menu.Item>
              ))}
          </>
        )}
        {GENERATORS.map(({ group, entries }) => (
          <div key={group}>
            <Menu.Label>{t(`produce.generators.${group}`)}</Menu.Label>
            {entries.map(({ text, about }) => (
              <Menu.Item key={text} onClick={() => onInsert(text)}>
                <span className="produce-insert-item">
                  <span className="mono">{text}</span>
                  <span className="faint">{t(`produce.generator.${about}`)}</span>
                </span>
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
