/** All records, and beside them each search with what it found: they outlive the page. */
import { Pin, RotateCw, X } from 'lucide-react'
import type { SearchProgress, SearchSummary } from '../../../../src-main/contract/model/search.ts'
import { t } from '../../../i18n/i18n.ts'
import { formatCompact } from '../../../ui/format/number.ts'
import { filterWords } from '../filter/filter-words.ts'
import { scanWords } from './scan-text.ts'

interface ResultTabsProps {
  readonly searches: readonly SearchSummary[]
  /** Null while records are shown without a filter. */
  readonly current: string | null
  /** Of the current one, newer than the list. */
  readonly progress: SearchProgress | null
  readonly onRecords: () => void
  readonly onSearch: (search: SearchSummary) => void
  readonly onPin: (search: SearchSummary) => void
  readonly onRunAgain: () => void
  readonly onClose: (search: SearchSummary) => void
}

export function ResultTabs(props: ResultTabsProps) {
  const { searches, current } = props
  if (searches.length === 0) return null
  return (
    <nav className="results" aria-label={t('results.label')}>
      <button
        type="button"
        className="result"
        aria-current={current === null}
        onClick={props.onRecords}
      >
        {t('results.all')}
      </button>
      {searches.map(search => (
        <ResultTab key={search.searchId} search={search} {...props} />
      ))}
    </nav>
  )
}

function ResultTab({ search, ...props }: ResultTabsProps & { readonly search: SearchSummary }) {
  const { pinned } = search
  const words = filterWords(search.query.filter)
  const isCurrent = props.current === search.searchId
  const progress = (isCurrent ? props.progress : null) ?? search.progress
  const said = scanWords(progress)
  const hint = [words, said.state, ...said.parts].filter(part => part !== null).join(' · ')
  return (
    <span className="result-tab" data-current={isCurrent || undefined}>
      <button
        type="button"
        className="result"
        aria-current={isCurrent}
        title={hint}
        onClick={() => props.onSearch(search)}
      >
        <span className={progress.state === 'running' ? 'result-runs' : said.tone} aria-hidden>
          {progress.state === 'running' ? '◐' : progress.state === 'finished' ? '●' : '‖'}
        </span>
        <span className="clip mono result-words">{words}</span>
        <span className="faint">{formatCompact(progress.found)}</span>
      </button>
      {isCurrent && (
        <button
          type="button"
          className="result-act"
          aria-label={t('results.runAgain')}
          title={t('results.runAgain')}
          onClick={props.onRunAgain}
        >
          <RotateCw size={12} aria-hidden />
        </button>
      )}
      {(isCurrent || pinned) && (
        <button
          type="button"
          className="result-act"
          aria-pressed={pinned}
          aria-label={t(pinned ? 'results.unpin' : 'results.pin', { filter: words })}
          title={t(pinned ? 'results.unpinHint' : 'results.pinHint')}
          onClick={() => props.onPin(search)}
        >
          <Pin size={12} fill={pinned ? 'currentColor' : 'none'} aria-hidden />
        </button>
      )}
      <button
        type="button"
        className="result-act"
        aria-label={t('results.close', { filter: words })}
        title={t('results.closeHint')}
        onClick={() => props.onClose(search)}
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  )
}
