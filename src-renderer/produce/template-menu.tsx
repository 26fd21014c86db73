/** Templates by name: load, save, remove, and share as a file. */
import { Menu } from '@mantine/core'
import { BookMarked } from 'lucide-react'
import { useRef, useState } from 'react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import type { ProduceSession } from './produce-session.ts'
import { SavedTemplates } from './saved-templates.ts'

const templates = new SavedTemplates(localStorage)

export function TemplateMenu({ session }: { readonly session: ProduceSession }) {
  const saved = useStore(templates)
  const [name, setName] = useState('')
  const [opened, setOpened] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const save = () => {
    if (name.trim() === '' || !templates.save(name.trim(), session.snapshot().form)) return
    setName('')
    setOpened(false)
  }
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      transitionProps={{ duration: 80 }}
      width={280}
    >
      <Menu.Target>
        <Button kind="quiet" icon={<BookMarked size={14} aria-hidden />}>
          {t('produce.templates.title')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="produce-templates">
        {saved.map(each => (
          <div key={each.name} className="produce-template">
            <Menu.Item onClick={() => session.change(each.form)}>{each.name}</Menu.Item>
            <Menu.Item
              closeMenuOnClick={false}
              aria-label={t('produce.templates.remove', { name: each.name })}
              title={t('produce.templates.remove', { name: each.name })}
              onClick={() => templates.remove(each.name)}
            >
              ✕
            </Menu.Item>
          </div>
        ))}
        {saved.length === 0 && <Menu.Label>{t('produce.templates.none')}</Menu.Label>}
        <Menu.Divider />
        <form
          className="produce-save"
          onSubmit={event => {
            event.preventDefault()
            save()
          }}
        >
          <input
            className="field"
            aria-label={t('produce.templates.name')}
            placeholder={t('produce.templates.name')}
            value={name}
            maxLength={100}
            // The menu takes letters and arrows for its own.
            onKeyDown={event => {
              if (event.key !== 'Escape' && event.key !== 'Tab') event.stopPropagation()
            }}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Button
            type="submit"
            whyNot={name.trim() === '' ? t('produce.templates.nameFirst') : null}
            onClick={save}
          >
            {t('produce.templates.save')}
          </Button>
        </form>
        <Menu.Divider />
        <Menu.Item onClick={session.reset}>{t('produce.templates.clear')}</Menu.Item>
        <Menu.Item disabled={saved.length === 0} onClick={download}>
          {t('produce.templates.export')}
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => input.current?.click()}>
          {t('produce.templates.import')}
        </Menu.Item>
        <input
          ref={input}
          type="file"
          hidden
          accept=".json"
          onChange={event => {
            const [file] = event.currentTarget.files ?? []
            void file?.text().then(text => templates.import(text))
            event.currentTarget.value = ''
          }}
        />
      </Menu.Dropdown>
    </Menu>
  )
}

function download(): void {
  const url = URL.createObjectURL(new Blob([templates.export()], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'odradek-templates.json'
  link.click()
  URL.revokeObjectURL(url)
}
