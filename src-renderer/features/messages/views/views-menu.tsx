/** Saves the view or its filter under a name, and leads back to one that was saved. */
import { Popover } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Bookmark, Filter, Link2, X } from 'lucide-react'
import { useMemo, useRef, useState, type FormEvent } from 'react'
import type { Problem } from '../../../../src-main/contract/define.ts'
import { useClient, useHeld } from '../../../connection/client-context.tsx'
import { t } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { copyText } from '../../../ui/copy-text.ts'
import { useStore } from '../../../ui/store.ts'
import type { MessagesSearch } from '../query/address.ts'
import {
  NAME_LENGTH_MAX,
  readViewFile,
  SavedViews,
  viewFile,
  viewSearch,
  viewsIn,
  type SavedView,
} from './saved-views.ts'

/** Waits for the application's answer, and shows why not; whether it was done. */
type Order = (done: Promise<Problem | null>) => Promise<boolean>

interface Orders {
  readonly views: SavedViews
  readonly order: Order
}

interface ViewsMenuProps {
  readonly topic: string
  readonly search: MessagesSearch
  readonly hasFilter: boolean
  readonly widths: SavedView['widths']
  readonly linkTo: (view: SavedView) => string
  readonly onApply: (view: SavedView) => void
}

export function ViewsMenu(props: ViewsMenuProps) {
  const [opened, setOpened] = useState(false)
  const client = useClient()
  const views = useHeld(() => new SavedViews(client, localStorage), 'views')
  const { value, problem: unread } = useStore(views)
  const saved = useMemo(() => viewsIn(value ?? []), [value])
  const [refused, setRefused] = useState<Problem | null>(null)
  const order: Order = async done => {
    const problem = await done
    setRefused(problem)
    return problem === null
  }
  const trouble = refused ?? unread
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-icon="only"
          aria-label={t('views.label')}
          title={t('views.label')}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <Bookmark size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="choice-menu" aria-label={t('views.label')}>
        {opened && (
          <>
            <SaveForm {...props} views={views} order={order} />
            {trouble !== null && (
              <p className="bad small choice-note" role="alert">
                {trouble.message} {trouble.remedy}
              </p>
            )}
            {saved.length > 0 && (
              <div className="choice-section">
                <div className="choice-list">
                  {saved.map(view => (
                    <ViewLine
                      key={`${view.type} ${view.name}`}
                      view={view}
                      {...props}
                      onApply={chosen => {
                        setOpened(false)
                        props.onApply(chosen)
                      }}
                      onRemove={() => void order(views.forget(view))}
                    />
                  ))}
                </div>
              </div>
            )}
            <FileActs views={views} saved={saved} order={order} />
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function SaveForm({ topic, search, hasFilter, widths, views, order }: ViewsMenuProps & Orders) {
  const [name, setName] = useState('')
  const legal = name.trim() !== ''
  const save = async (type: SavedView['type']) => {
    if (!legal) return
    const view = { name: name.trim(), type, topic, search: viewSearch(search, type), widths }
    // The name of the next one may have been begun meanwhile.
    if (await order(views.save([view]))) setName(now => (now === name ? '' : now))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save('view')
  }
  return (
    <form className="choice-form views-save" onSubmit={submit}>
      <label className="choice-form-label">
        {t('views.name')}
        <input
          className="field"
          value={name}
          maxLength={NAME_LENGTH_MAX}
          spellCheck={false}
          onChange={event => setName(event.currentTarget.value)}
        />
      </label>
      <span className="views-acts">
        <button type="submit" className="button" disabled={!legal}>
          {t('views.saveView')}
        </button>
        <Button
          whyNot={hasFilter ? (legal ? null : t('views.nameFirst')) : t('views.noFilter')}
          onClick={() => void save('filter')}
        >
          {t('views.saveFilter')}
        </Button>
      </span>
    </form>
  )
}

interface ViewLineProps extends ViewsMenuProps {
  readonly view: SavedView
  readonly onRemove: () => void
}

function ViewLine({ view, topic, linkTo, onApply, onRemove }: ViewLineProps) {
  const isFilter = view.type === 'filter'
  return (
    <span className="views-line">
      <button
        type="button"
        className="choice-item"
        title={isFilter ? t('views.filterHint') : t('views.viewHint', { topic: view.topic })}
        onClick={() => onApply(view)}
      >
        {isFilter ? <Filter size={13} aria-hidden /> : <Bookmark size={13} aria-hidden />}
        <span className="clip">{view.name}</span>
        {!isFilter && view.topic !== topic && (
          <span className="faint clip small">{view.topic}</span>
        )}
      </button>
      <button
        type="button"
        className="copy-button"
        aria-label={t('views.copyLink', { name: view.name })}
        title={t('views.copyLink', { name: view.name })}
        onClick={() => void copyText(linkTo(view), t('view.linkCopied'))}
      >
        <Link2 size={13} aria-hidden />
      </button>
      <button
        type="button"
        className="copy-button"
        aria-label={t('views.remove', { name: view.name })}
        title={t('views.remove', { name: view.name })}
        onClick={onRemove}
      >
        <X size={13} aria-hidden />
      </button>
    </span>
  )
}

function FileActs({ views, saved, order }: Orders & { readonly saved: readonly SavedView[] }) {
  const file = useRef<HTMLInputElement>(null)
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    const found = readViewFile(await chosen.text())
    if (found !== null && !(await order(views.save(found)))) return
    const taken = found?.length ?? null
    notifications.show({
      message: taken === null ? t('views.noFile') : t('views.imported', { count: taken }),
      autoClose: 3_000,
      withCloseButton: false,
      id: 'views',
    })
  }
  return (
    <div className="choice-section views-acts">
      <Button
        kind="quiet"
        whyNot={saved.length === 0 ? t('views.none') : null}
        onClick={() => saveAs('odradek-views.json', viewFile(saved))}
      >
        {t('views.export')}
      </Button>
      <Button kind="quiet" onClick={() => file.current?.click()}>
        {t('views.import')}
      </Button>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('views.import')}
        onChange={event => {
          void read(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}

function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
