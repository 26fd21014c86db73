/**
 * The field that a filter is typed into. Enter runs, ↓ chooses a suggestion, Tab takes it, Esc
 * stops, takes back, and then leads to the table.
 */
import { CaseSensitive } from 'lucide-react'
import { useId, useState, type KeyboardEvent, type RefObject } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { ExpressionProblem } from './expression-problem.tsx'
import { meansConditions, type FilterDraft } from './filter-draft.ts'
import type { Suggestion } from './suggestions.ts'
import { useExpressionCheck } from './use-expression-check.ts'

export interface FieldSuggestion {
  readonly title: string
  readonly hint: string
  readonly take: () => void
}

interface FilterFieldProps {
  readonly field: RefObject<HTMLInputElement | null>
  readonly draft: FilterDraft
  readonly onDraft: (draft: FilterDraft) => void
  readonly suggestions: readonly Suggestion[]
  /** Earlier filters, offered where the field is empty. */
  readonly history: readonly FieldSuggestion[]
  /** Why the filter was not run, or null. */
  readonly problem: string | null
  readonly onRun: () => void
  /** Answers whether there was something to stop or to take back. */
  readonly onEscape: () => boolean
}

export function FilterField(props: FilterFieldProps) {
  const { field, draft, onDraft, suggestions, history, problem, onRun } = props
  const [open, setOpen] = useState(false)
  const [place, setPlace] = useState(-1)
  const listId = useId()
  const check = useExpressionCheck(draft.kind === 'cel' ? draft.text.trim() : '')
  const items: readonly FieldSuggestion[] =
    draft.text === ''
      ? history
      : suggestions.map(({ title, text, type }) => ({
          title,
          hint: t(`filterBar.suggestion.${type}`),
          take: () => onDraft({ ...draft, text }),
        }))
  const shown = open && items.length > 0
  const chosen = shown ? items[place] : undefined
  const type = (text: string) => {
    onDraft({ ...draft, text })
    setOpen(text !== '')
    setPlace(-1)
  }
  const take = (item: FieldSuggestion) => {
    item.take()
    setPlace(-1)
    setOpen(draft.text !== '')
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    switch (event.key) {
      case 'ArrowDown':
        setOpen(true)
        setPlace(Math.min(place + 1, items.length - 1))
        break
      case 'ArrowUp':
        setPlace(Math.max(place - 1, -1))
        break
      case 'Tab':
        if (!shown || draft.text === '') return
        take(chosen ?? items[0]!)
        break
      case 'Enter':
        if (chosen === undefined) {
          setOpen(false)
          onRun()
        } else take(chosen)
        break
      case 'Escape':
        if (shown) setOpen(false)
        else if (!props.onEscape()) {
          field.current?.blur()
          document.querySelector<HTMLElement>('main [role=table]')?.focus()
        }
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const isText = draft.kind === 'text' || draft.kind === 'regex'
  return (
    <span className="filter-field">
      <input
        ref={field}
        className="field"
        data-code={draft.kind !== 'text' || undefined}
        type="text"
        role="combobox"
        aria-expanded={shown}
        aria-controls={listId}
        aria-activedescendant={chosen === undefined ? undefined : `${listId}-${place}`}
        aria-autocomplete="list"
        aria-label={t('filterBar.label')}
        aria-invalid={problem !== null || check !== null}
        placeholder={t(`filterBar.placeholder.${draft.kind}`)}
        value={draft.text}
        spellCheck={false}
        autoComplete="off"
        onChange={event => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <span className="filter-marks">
        {draft.kind === 'text' && meansConditions(draft) && (
          <span className="filter-means">{t('filterBar.meansCondition')}</span>
        )}
        {isText && (
          <button
            type="button"
            className="filter-case"
            aria-pressed={draft.caseSensitive}
            aria-label={t('filterBar.case')}
            title={t('filterBar.case')}
            onClick={() => onDraft({ ...draft, caseSensitive: !draft.caseSensitive })}
          >
            <CaseSensitive size={16} aria-hidden />
          </button>
        )}
        {draft.text === '' && !isText && (
          <kbd className="kbd" aria-hidden>
            /
          </kbd>
        )}
      </span>
      {shown ? (
        <ul className="filter-list" id={listId} role="listbox">
          {items.map((item, index) => (
            <li
              key={`${item.title}|${item.hint}`}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === place}
              // The field keeps the focus.
              onMouseDown={event => event.preventDefault()}
              onClick={() => take(item)}
            >
              <span className="clip mono">{item.title}</span>
              <span className="spacer" />
              <span className="faint small">{item.hint}</span>
            </li>
          ))}
        </ul>
      ) : (
        (problem !== null || check !== null) && (
          <div className="filter-problem" role="alert">
            {check === null ? problem : <ExpressionProblem expression={draft.text} check={check} />}
          </div>
        )
      )}
    </span>
  )
}
