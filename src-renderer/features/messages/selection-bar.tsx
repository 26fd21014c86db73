/** What can be done with the rows that are chosen. */
import { Columns2, Download, X } from 'lucide-react'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format/number.ts'
import { CHOSEN_MAX } from './export/export-form.ts'
import { readPlace, type MessagesSearch } from './query/address.ts'

interface SelectionBarProps {
  readonly count: number
  readonly cluster: string
  readonly topic: string
  readonly chosen: ReadonlySet<string>
  readonly change: (next: Partial<MessagesSearch>, replace?: boolean) => void
  readonly onExport: () => void
  readonly onClear: () => void
}

export function SelectionBar({ count, chosen, change, onExport, onClear }: SelectionBarProps) {
  if (count === 0) return null
  // A row that was never loaded has no name, and nothing can be done with it yet.
  const places = [...chosen].filter(key => readPlace(key) !== null)
  const [first, second] = places
  return (
    <div className="selection" role="toolbar" aria-label={t('selection.label')}>
      <strong>{t('selection.count', { count, formatted: formatCount(count) })}</strong>
      <Button
        kind="quiet"
        icon={<Columns2 size={13} aria-hidden />}
        whyNot={places.length === 2 ? null : t('selection.whyNotCompare')}
        onClick={() => {
          if (first !== undefined && second !== undefined)
            change({ at: first, with: second, tab: 'compare' })
        }}
      >
        {t('selection.compare')}
      </Button>
      <Button
        kind="quiet"
        icon={<Download size={13} aria-hidden />}
        whyNot={places.length <= CHOSEN_MAX ? null : t('selection.whyNotExport')}
        onClick={onExport}
      >
        {t('selection.export')}
      </Button>
      <span className="spacer" />
      <Button
        kind="quiet"
        icon={<X size={14} aria-hidden />}
        aria-label={t('selection.clear')}
        title={`${t('selection.clear')} · Esc`}
        onClick={onClear}
      />
    </div>
  )
}
