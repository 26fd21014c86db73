/** The filter: its kind, its field, and what is offered while one types. */
import { useMemo, useState, type RefObject } from 'react'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import { t } from '../../../i18n/i18n.ts'
import { useStore } from '../../../ui/store.ts'
import { sameFilter, type PageFilter } from '../query/filter-text.ts'
import { fieldsOf } from './field-paths.ts'
import { applyDraft, draftOf, turnTo, type FilterDraft, type FilterKind } from './filter-draft.ts'
import { FilterField } from './filter-field.tsx'
import type { FilterHistory } from './filter-history.ts'
import { FilterMenu } from './filter-menu.tsx'
import { pageFilterWords } from './filter-words.ts'
import { suggest } from './suggestions.ts'

export interface FilterBarProps {
  readonly field: RefObject<HTMLInputElement | null>
  readonly filter: PageFilter
  readonly draft: FilterDraft
  readonly onDraft: (draft: FilterDraft) => void
  readonly history: FilterHistory
  /** Rows at hand, whose fields are offered. */
  readonly loaded: () => Iterable<RecordRow>
  /** What the application says of the filter that was run last. */
  readonly problem: string | null
  readonly onRun: (filter: PageFilter) => void
  /** Stops what runs; false when nothing does. */
  readonly onStop: () => boolean
}

/** The draft of a page's filter, begun anew when the address says another filter. */
export function useFilterDraft(filter: PageFilter) {
  const [held, setHeld] = useState(() => ({ filter, draft: draftOf(filter) }))
  let current = held
  if (!sameFilter(held.filter, filter)) {
    // After a condition was added one goes on with the same kind of filter.
    const opened = draftOf(filter)
    const keepsKind = opened.text === '' && opened.kind === 'text'
    const draft = keepsKind ? draftOf(filter, held.draft.kind) : opened
    current = {
      filter,
      draft: { ...draft, partitioner: filter.key?.partitioner ?? held.draft.partitioner },
    }
    setHeld(current)
  }
  return { draft: current.draft, setDraft: (draft: FilterDraft) => setHeld({ filter, draft }) }
}

export function FilterBar(props: FilterBarProps) {
  const { field, filter, draft, onDraft, history, loaded, problem, onRun } = props
  const [refused, setRefused] = useState<{ readonly text: string; readonly why: string } | null>(
    null,
  )
  const recent = useStore(history)
  // Looked up again at each letter, from rows that may have come since.
  const fields = useMemo(() => (draft.text === '' ? [] : fieldsOf(loaded())), [draft.text, loaded])
  const run = () => {
    const reading = applyDraft(draft, filter)
    if (reading.type === 'problem')
      return setRefused({ text: draft.text, why: t(`filterBar.problem.${reading.problem}`) })
    setRefused(null)
    if (draft.kind === 'field' || reading.filter.conditions.length > filter.conditions.length)
      onDraft({ ...draft, text: '', replaces: null })
    return onRun(reading.filter)
  }
  const turn = (kind: FilterKind) => {
    onDraft(turnTo(draft, kind, filter))
    // After the menu has given the focus back.
    setTimeout(() => field.current?.focus(), 0)
  }
  const applied = draftOf(filter, draft.kind)
  return (
    <span className="filter-bar">
      <FilterMenu
        draft={draft}
        onKind={turn}
        onDraft={onDraft}
        values={filter.values}
        onValues={values => onRun({ ...filter, values })}
        history={recent}
        onHistory={onRun}
        onClearHistory={() => history.clear()}
      />
      <FilterField
        field={field}
        draft={draft}
        onDraft={onDraft}
        suggestions={suggest(draft, fields)}
        history={recent.map(each => ({
          title: pageFilterWords(each),
          hint: t('filterBar.earlier'),
          take: () => onRun(each),
        }))}
        problem={refused !== null && refused.text === draft.text ? refused.why : problem}
        onRun={run}
        onEscape={() => {
          if (props.onStop()) return true
          if (draft.text === applied.text) return false
          onDraft(applied)
          return true
        }}
      />
    </span>
  )
}
