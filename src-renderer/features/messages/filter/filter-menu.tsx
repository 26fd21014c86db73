/** What kind of filter the field holds, and everything about a filter that is not its text. */
import { Popover } from '@mantine/core'
import { Check, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { Segments, type SegmentsProps } from '../../../ui/segments.tsx'
import { KEY_FORMS } from '../query/key-bytes.ts'
import { PARTITIONERS, RECORD_PARTS, type PageFilter } from '../query/filter-text.ts'
import { FILTER_KINDS, type FilterDraft, type FilterKind } from './filter-draft.ts'
import { pageFilterWords } from './filter-words.ts'

const HISTORY_SHOWN_MAX = 6

interface FilterMenuProps {
  readonly draft: FilterDraft
  readonly onKind: (kind: FilterKind) => void
  readonly onDraft: (draft: FilterDraft) => void
  readonly values: PageFilter['values']
  readonly onValues: (values: PageFilter['values']) => void
  readonly history: readonly PageFilter[]
  readonly onHistory: (filter: PageFilter) => void
  readonly onClearHistory: () => void
}

export function FilterMenu(props: FilterMenuProps) {
  const { draft, history } = props
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className="button filter-kind"
          aria-expanded={opened}
          aria-label={t('filterBar.kindIs', { kind: t(`filterBar.kind.${draft.kind}`) })}
          onClick={() => setOpened(!opened)}
        >
          {t(`filterBar.kind.${draft.kind}`)}
          <ChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="choice-menu" aria-label={t('filterBar.kinds')}>
        {FILTER_KINDS.map(kind => (
          <button
            key={kind}
            type="button"
            className="choice-item"
            aria-pressed={kind === draft.kind}
            onClick={() => {
              props.onKind(kind)
              setOpened(false)
            }}
          >
            <Check size={13} aria-hidden style={{ opacity: kind === draft.kind ? 1 : 0 }} />
            {t(`filterBar.kind.${kind}`)}
            <span className="faint">{t(`filterBar.kindHint.${kind}`)}</span>
          </button>
        ))}
        <Options {...props} />
        {history.length > 0 && (
          <div className="choice-section">
            <span className="section-title choice-title">
              {t('filterBar.recent')}
              <span className="spacer" />
              <button type="button" className="link" onClick={props.onClearHistory}>
                {t('filterBar.clearRecent')}
              </button>
            </span>
            {history.slice(0, HISTORY_SHOWN_MAX).map(filter => {
              const words = pageFilterWords(filter)
              return (
                <button
                  key={words}
                  type="button"
                  className="choice-item"
                  title={words}
                  onClick={() => {
                    props.onHistory(filter)
                    setOpened(false)
                  }}
                >
                  <span className="clip mono">{words}</span>
                </button>
              )
            })}
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function Options({ draft, onDraft, values, onValues }: FilterMenuProps) {
  const isText = draft.kind === 'text' || draft.kind === 'regex' || draft.kind === 'bytes'
  return (
    <>
      {isText && (
        <div className="choice-section choice-checks">
          <span className="section-title">{t('filterBar.in')}</span>
          {RECORD_PARTS.map(part => (
            <label key={part} className="switch">
              <input
                type="checkbox"
                checked={draft.in.includes(part)}
                onChange={event => {
                  const next = RECORD_PARTS.filter(each =>
                    each === part ? event.currentTarget.checked : draft.in.includes(each),
                  )
                  // Nowhere to look would find nothing, which nobody means.
                  if (next.length > 0) onDraft({ ...draft, in: next })
                }}
              />
              {t(`filterBar.part.${part}`)}
            </label>
          ))}
        </div>
      )}
      {draft.kind === 'key' && (
        <>
          <Choice
            label={t('filterBar.keyForm')}
            options={KEY_FORMS}
            value={draft.keyForm}
            word={form => t(`filterBar.form.${form}`)}
            onChange={keyForm => onDraft({ ...draft, keyForm })}
          />
          <Choice
            label={t('filterBar.partitioner')}
            options={PARTITIONERS}
            value={draft.partitioner}
            word={name => t(`filterBar.by.${name}`)}
            onChange={partitioner => onDraft({ ...draft, partitioner })}
          />
          <p className="faint choice-note">{t(`filterBar.byHint.${draft.partitioner}`)}</p>
        </>
      )}
      <Choice
        label={t('filterBar.tombstones')}
        options={['all', 'tombstones', 'no-tombstones'] as const}
        value={values}
        word={each => t(`filterBar.values.${each}`)}
        onChange={onValues}
      />
    </>
  )
}

function Choice<T extends string>(props: SegmentsProps<T>) {
  return (
    <div className="choice-section">
      <span className="section-title">{props.label}</span>
      <Segments {...props} />
    </div>
  )
}
