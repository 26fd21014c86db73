/** Saves the view or its filter under a name, and leads back to one that was saved. */
import { Popover } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Bookmark, Filter, Link2, X } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { copyText } from '../../../ui/copy-text.ts'
import { useStore } from '../../../ui/store.ts'
import type { MessagesSearch } from '../query/address.ts'
import { NAME_LENGTH_MAX, SavedViews, viewFile, viewSearch, type SavedView } from './saved-views.ts'

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
  const [views] = useState(() => new SavedViews(localStorage))
  const saved = useStore(views)
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
            <SaveForm {...props} views={views} />
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
                      onRemove={() => views.remove(view)}
                    />
                  ))}
                </div>
              </div>
            )}
            <FileActs views={views} count={saved.length} />
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function SaveForm({
  topic,
  search,
  hasFilter,
  widths,
  views,
}: ViewsMenuProps & { readonly views: SavedViews }) {
  const [name, setName] = useState('')
  const legal = name.trim() !== ''
  const save = (type: SavedView['type']) => {
    if (!legal) return
    views.save({ name: name.trim(), type, topic, search: viewSearch(search, type), widths })
    setName('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save('view')
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
          onClick={() => save('filter')}
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

function FileActs({ views, count }: { readonly views: SavedViews; readonly count: number }) {
  const file = useRef<HTMLInputElement>(null)
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    const taken = views.import(await chosen.text())
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
        whyNot={count === 0 ? t('views.none') : null}
        onClick={() => saveAs('odradek-views.json', viewFile(views.snapshot()))}
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
