/** Templates by name: load, save, remove, and share as a file. */
import { Menu } from '@mantine/core'
import { BookMarked } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useClient, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { ProblemText } from './problem-text.tsx'
import type { ProduceSession } from './produce-session.ts'
import {
  readTemplateFile,
  SavedTemplates,
  templateFile,
  templatesIn,
  type SavedTemplate,
} from './saved-templates.ts'
import type { Problem } from '../../src-main/contract/define.ts'

/** What came of the last order, shown until the next. */
type Said = { readonly type: 'loaded'; readonly count: number } | { readonly type: 'no-file' }

export function TemplateMenu({ session }: { readonly session: ProduceSession }) {
  const client = useClient()
  const templates = useHeld(() => new SavedTemplates(client, localStorage), 'templates')
  const { value, problem: unread } = useStore(templates)
  const saved = useMemo(() => templatesIn(value ?? []), [value])
  const [name, setName] = useState('')
  const [opened, setOpened] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [said, setSaid] = useState<Said | null>(null)
  const order = async (done: Promise<Problem | null>): Promise<boolean> => {
    const refused = await done
    setProblem(refused)
    setSaid(null)
    return refused === null
  }
  const save = async () => {
    const { form } = session.snapshot()
    if (name.trim() === '' || !(await order(templates.save([{ name: name.trim(), form }])))) return
    setName('')
    setOpened(false)
  }
  const load = async (text: string) => {
    const found = readTemplateFile(text)
    if (found === null) setSaid({ type: 'no-file' })
    else if (await order(templates.save(found))) setSaid({ type: 'loaded', count: found.length })
  }
  const trouble = problem ?? unread
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
              onClick={() => void order(templates.remove([each.name]))}
            >
              ✕
            </Menu.Item>
          </div>
        ))}
        {value?.length === 0 && <Menu.Label>{t('produce.templates.none')}</Menu.Label>}
        {trouble !== null && (
          <div className="produce-said">
            <ProblemText problem={trouble} />
          </div>
        )}
        <Menu.Divider />
        <SaveForm name={name} onName={setName} onSave={() => void save()} />
        <Menu.Divider />
        <Menu.Item onClick={session.reset}>{t('produce.templates.clear')}</Menu.Item>
        <Menu.Item disabled={saved.length === 0} onClick={() => download(saved)}>
          {t('produce.templates.export')}
        </Menu.Item>
        <LoadItem onText={text => void load(text)} />
        {said !== null && (
          <p className="produce-said" role="status">
            {said.type === 'loaded'
              ? t('produce.templates.loaded', { count: said.count })
              : t('produce.templates.noFile')}
          </p>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

interface SaveFormProps {
  readonly name: string
  readonly onName: (name: string) => void
  readonly onSave: () => void
}

function SaveForm({ name, onName, onSave }: SaveFormProps) {
  return (
    <form
      className="produce-save"
      onSubmit={event => {
        event.preventDefault()
        onSave()
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
        onChange={event => onName(event.currentTarget.value)}
      />
      <Button type="submit" whyNot={name.trim() === '' ? t('produce.templates.nameFirst') : null}>
        {t('produce.templates.save')}
      </Button>
    </form>
  )
}

function LoadItem({ onText }: { readonly onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
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
          void file?.text().then(onText)
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

function download(templates: readonly SavedTemplate[]): void {
  const url = URL.createObjectURL(new Blob([templateFile(templates)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'odradek-templates.json'
  link.click()
  URL.revokeObjectURL(url)
}
