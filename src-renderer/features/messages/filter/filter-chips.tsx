/** The parts of a filter that are not in the field: a click edits one, × takes it away. */
import { X } from 'lucide-react'
import type { KeyPartitions } from '../../../../src-main/contract/model/search.ts'
import { t } from '../../../i18n/i18n.ts'
import type { PageFilter } from '../query/filter-text.ts'
import { chipsOf, withoutChip, type Chip, type FilterKind } from './filter-draft.ts'

interface FilterChipsProps {
  readonly filter: PageFilter
  readonly kind: FilterKind
  /** The condition that stands in the field to be edited, by its number. */
  readonly edited: number | null
  /** What the application computed for a key; null before, and for all partitions. */
  readonly keyPartitions: KeyPartitions | null
  readonly onFilter: (filter: PageFilter) => void
  readonly onEdit: (chip: Chip) => void
}

export function FilterChips(props: FilterChipsProps) {
  const { filter, kind, edited, keyPartitions, onFilter, onEdit } = props
  const chips = chipsOf(filter, kind)
  const { key } = filter
  const parts = filter.text !== null && filter.text.in.length < 3 ? filter.text.in : []
  if (chips.length === 0 && key === null && parts.length === 0) return null
  return (
    <div className="chips" role="group" aria-label={t('filterBar.chips')}>
      {parts.length > 0 && (
        <span className="faint">
          {t('filterBar.onlyIn', {
            parts: parts.map(part => t(`filterBar.part.${part}`)).join(', '),
          })}
        </span>
      )}
      {chips.map(chip => {
        const words = chipWords(chip)
        return (
          <span
            key={words}
            className="chip"
            data-negative={isNegative(chip) || undefined}
            data-edited={(chip.type === 'condition' && chip.index === edited) || undefined}
          >
            <button
              type="button"
              className="chip-text mono"
              title={t('filterBar.editChip', { chip: words })}
              onClick={() => onEdit(chip)}
            >
              {words}
            </button>
            <button
              type="button"
              className="chip-remove"
              aria-label={t('filterBar.removeChip', { chip: words })}
              onClick={() => onFilter(withoutChip(filter, chip))}
            >
              <X size={12} aria-hidden />
            </button>
          </span>
        )
      })}
      {key !== null && (
        <span className="faint key-partitions">
          {key.partitioner === 'all' || keyPartitions === null
            ? key.partitioner === 'all' && t('filterBar.keyEverywhere')
            : t(keyPartitions.widened ? 'filterBar.keyWidened' : 'filterBar.keyIn', {
                list: partitionList(keyPartitions),
                by: t(`filterBar.by.${key.partitioner}`),
              })}
          {key.partitioner !== 'all' && keyPartitions !== null && !keyPartitions.widened && (
            <button
              type="button"
              className="link"
              onClick={() => onFilter({ ...filter, key: { ...key, partitioner: 'all' } })}
            >
              {t('filterBar.searchAll')}
            </button>
          )}
        </span>
      )}
    </div>
  )
}

/** With several topics a number alone would not say whose. */
function partitionList({ partitions }: KeyPartitions): string {
  const several = new Set(partitions.map(({ topic }) => topic)).size > 1
  return partitions
    .map(({ topic, partition }) => (several ? `${topic}-${partition}` : partition))
    .join(', ')
}

function chipWords(chip: Chip): string {
  switch (chip.type) {
    case 'condition':
      return chip.text
    case 'kind':
      return t('filterBar.chip', { kind: t(`filterBar.kind.${chip.kind}`), text: chip.text })
    case 'values':
      return t(`filterBar.values.${chip.values}`)
  }
}

function isNegative(chip: Chip): boolean {
  return chip.type === 'condition' && / (?:!=|not contains|missing)(?: |$)/.test(chip.text)
}
