/** What can be done with the topics that are chosen in the list. Below it, so that no row moves. */
import { Copy, Eraser, SlidersHorizontal, Trash2 } from 'lucide-react'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format/number.ts'

export type BulkAct = 'configure' | 'purge' | 'delete'

interface BulkBarProps {
  readonly chosen: readonly string[]
  /** Topics that the list shows now. */
  readonly shownCount: number
  readonly onAll: () => void
  readonly onAct: (act: BulkAct) => void
  readonly onClone: (topic: string) => void
  readonly onNone: () => void
  /** Why nothing can be changed, or null. */
  readonly whyNot: string | null
}

export function BulkBar(props: BulkBarProps) {
  const { chosen, shownCount, onAct, onAll, onClone, onNone, whyNot } = props
  const count = chosen.length
  const [first] = chosen
  return (
    <div className="bulk-bar" role="region" aria-label={t('topics.chosenActs')}>
      <span>{t('topics.chosen', { count, formatted: formatCount(count) })}</span>
      <Button kind="quiet" onClick={onNone}>
        {t('topics.chooseNone')}
      </Button>
      {count < shownCount && (
        <Button kind="quiet" onClick={onAll}>
          {t('topics.chooseAll', { formatted: formatCount(shownCount) })}
        </Button>
      )}
      <span className="spacer" />
      {count === 1 && first !== undefined && (
        <Button
          icon={<Copy size={14} aria-hidden />}
          whyNot={whyNot}
          onClick={() => onClone(first)}
        >
          {t('acts.clone')}
        </Button>
      )}
      <Button
        icon={<SlidersHorizontal size={14} aria-hidden />}
        whyNot={whyNot}
        onClick={() => onAct('configure')}
      >
        {t('topics.configure', { count })}
      </Button>
      <span className="bulk-apart" />
      <Button
        kind="danger"
        icon={<Eraser size={14} aria-hidden />}
        whyNot={whyNot}
        onClick={() => onAct('purge')}
      >
        {t('topics.purge', { count })}
      </Button>
      <Button
        kind="danger"
        icon={<Trash2 size={14} aria-hidden />}
        whyNot={whyNot}
        onClick={() => onAct('delete')}
      >
        {t('topics.delete', { count })}
      </Button>
    </div>
  )
}
