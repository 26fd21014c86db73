/** Key, value, headers, and what templates in them may use. */
import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { ContentEditor } from './content-editor.tsx'
import { contentForm } from './content-form.ts'
import { InsertMenu } from './insert-menu.tsx'
import { newId, type ProduceForm } from './produce-form.ts'
import type { ProduceSession, ProduceState } from './produce-session.ts'
import { Variables } from './variables.tsx'

const VALUE_ROWS = 6

export function RecordFields({ session }: { readonly session: ProduceSession }) {
  const state = useStore(session)
  const { form } = state
  const focused = useRef<HTMLTextAreaElement | HTMLInputElement | null>(null)
  const onFocus = (area: HTMLTextAreaElement | HTMLInputElement) => {
    focused.current = area
  }
  const problemsOf = (part: 'key' | 'value') =>
    state.problems.filter(({ place }) => place.part === part)
  const unwritten = form.value.kind === 'json' && form.value.text.trim() === ''
  return (
    <>
      <ContentEditor
        part="key"
        label={t('produce.key')}
        value={form.key}
        rows={1}
        problems={problemsOf('key')}
        onChange={key => session.change({ key })}
        onFocus={onFocus}
      />
      <ContentEditor
        part="value"
        label={t('produce.value')}
        value={form.value}
        rows={VALUE_ROWS}
        // Nothing typed yet is no mistake yet: the button says what is missing.
        problems={unwritten ? [] : problemsOf('value')}
        onChange={value => session.change({ value })}
        onFocus={onFocus}
      />
      <Headers session={session} state={state} onFocus={onFocus} />
      <section className="produce-section">
        <div className="produce-content-head">
          <label className="switch" title={t('produce.templatedHint', BRACES)}>
            <input
              type="checkbox"
              checked={form.templated}
              onChange={event => session.change({ templated: event.currentTarget.checked })}
            />
            {t('produce.templated', BRACES)}
          </label>
          <span className="spacer" />
          {form.templated && (
            <InsertMenu
              variables={form.variables.map(({ name }) => name)}
              onInsert={text => insert(session, form, focused.current, text)}
            />
          )}
        </div>
        {form.templated && <Variables session={session} onFocus={onFocus} />}
      </section>
    </>
  )
}

/** Braces of templates, which the words' own templates must not take for theirs. */
export const BRACES = { braces: '{{…}}', interpolation: { escapeValue: false } } as const

interface HeadersProps {
  readonly session: ProduceSession
  readonly state: ProduceState
  readonly onFocus: (area: HTMLTextAreaElement) => void
}

function Headers({ session, state, onFocus }: HeadersProps) {
  const { headers } = state.form
  const change = (id: number, next: Partial<ProduceForm['headers'][number]>) =>
    session.change({
      headers: headers.map(each => (each.id === id ? { ...each, ...next } : each)),
    })
  return (
    <section className="produce-section" aria-label={t('produce.headers')}>
      <div className="produce-content-head">
        <span className="section-title">{t('produce.headers')}</span>
        {headers.length > 0 && <span className="small faint">{headers.length}</span>}
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<Plus size={14} aria-hidden />}
          onClick={() =>
            session.change({
              headers: [...headers, { id: newId(), key: '', value: contentForm('text') }],
            })
          }
        >
          {t('produce.addHeader')}
        </Button>
      </div>
      {headers.map((header, index) => (
        <div key={header.id} className="produce-header">
          <input
            className="field mono"
            aria-label={t('produce.headerKey', { number: index + 1 })}
            placeholder={t('produce.headerKeyPlaceholder')}
            value={header.key}
            spellCheck={false}
            onChange={event => change(header.id, { key: event.currentTarget.value })}
          />
          <ContentEditor
            part="header"
            label={t('produce.headerValue', { number: index + 1 })}
            value={header.value}
            rows={1}
            problems={state.problems.filter(
              ({ place }) => place.part === 'header' && place.index === index,
            )}
            onChange={value => change(header.id, { value })}
            onFocus={onFocus}
          />
          <Button
            kind="quiet"
            icon={<X size={14} aria-hidden />}
            aria-label={t('produce.removeHeader', { number: index + 1 })}
            title={t('produce.removeHeader', { number: index + 1 })}
            onClick={() =>
              session.change({ headers: headers.filter(({ id }) => id !== header.id) })
            }
          />
        </div>
      ))}
    </section>
  )
}

/** At the cursor of the field that had it last; at the end of the value where none had. */
function insert(
  session: ProduceSession,
  form: ProduceForm,
  field: HTMLTextAreaElement | HTMLInputElement | null,
  text: string,
): void {
  if (field === null || !field.isConnected) {
    const kind =
      form.value.kind === 'null' || form.value.kind === 'empty' ? 'text' : form.value.kind
    session.change({ value: { ...form.value, kind, text: form.value.text + text } })
    return
  }
  field.focus()
  // The field's own way of inserting keeps its undo, and tells React as typing does.
  document.execCommand('insertText', false, text)
}
