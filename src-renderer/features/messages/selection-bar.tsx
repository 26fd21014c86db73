/** What can be done with the rows that are chosen. */
import { Columns2, Download, Repeat2, X } from 'lucide-react'
import { REPLAY_RECORDS_MAX } from '../../../src-main/contract/api/produce.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { setReplayPlaces } from '../../produce/replay-places.ts'
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

export function SelectionBar({
  count,
  cluster,
  topic,
  chosen,
  change,
  onExport,
  onClear,
}: SelectionBarProps) {
  const { readOnly } = useCluster()
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
      <Button
        kind="quiet"
        icon={<Repeat2 size={13} aria-hidden />}
        whyNot={readOnly ? t('readOnly') : whyNotReplay(places, topic)}
        onClick={() => {
          setReplayPlaces({
            cluster,
            topic,
            places: places.flatMap(key => {
              const place = readPlace(key)
              return place === null ? [] : { partition: place.partition, offset: place.offset }
            }),
          })
          // The produce panel is the topic frame's, and so is this part of the address.
          change({ produce: 'replay' } as Partial<MessagesSearch>)
        }}
      >
        {t('selection.replay')}
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

/** A replay reads from one topic. */
function whyNotReplay(places: readonly string[], topic: string): string | null {
  if (places.length > REPLAY_RECORDS_MAX)
    return t('selection.whyNotReplayMany', { max: formatCount(REPLAY_RECORDS_MAX) })
  const others = places.some(key => readPlace(key)?.topic !== null)
  return others ? t('selection.whyNotReplay', { topic }) : null
}
