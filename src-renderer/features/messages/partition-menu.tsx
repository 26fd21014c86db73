/** Chooses the partitions of a view: all, one, or some. */
import { Popover } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/i18n.ts'
import { placeHue } from '../../ui/broker-hue.ts'

interface PartitionMenuProps {
  /** How many the topic has; null while that is not known. */
  readonly count: number | null
  readonly value: readonly number[] | null
  readonly onChange: (partitions: readonly number[] | null) => void
}

const SHOWN_MAX = 1_000

export function PartitionMenu({ count, value, onChange }: PartitionMenuProps) {
  const [opened, setOpened] = useState(false)
  const all = Array.from({ length: Math.min(count ?? 0, SHOWN_MAX) }, (_, partition) => partition)
  const toggle = (partition: number) => {
    if (value === null) return onChange([partition])
    const next = value.includes(partition)
      ? value.filter(known => known !== partition)
      : [...value, partition].sort((a, b) => a - b)
    return onChange(next.length === 0 || next.length === count ? null : next)
  }
  return (
    <span className="choice">
      <span className="faint">{t('messages.in')}</span>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withinPortal>
        <Popover.Target>
          <button
            type="button"
            className="button"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <span className="choice-value">{partitionsText(value, count)}</span>
            <ChevronDown size={13} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown className="choice-menu">
          <button type="button" className="choice-item" onClick={() => onChange(null)}>
            <input type="checkbox" tabIndex={-1} checked={value === null} readOnly aria-hidden />
            {t('messages.allPartitions')}
          </button>
          <div className="partition-grid">
            {all.map(partition => (
              <button
                key={partition}
                type="button"
                className="partition-choice"
                aria-pressed={value?.includes(partition) === true}
                style={{ '--hue': placeHue(partition).colour } as React.CSSProperties}
                onClick={() => toggle(partition)}
              >
                {partition}
              </button>
            ))}
          </div>
        </Popover.Dropdown>
      </Popover>
    </span>
  )
}

function partitionsText(value: readonly number[] | null, count: number | null): string {
  if (value === null)
    return count === null ? t('messages.allPartitions') : t('messages.allOf', { count })
  if (value.length <= 4)
    return t('messages.somePartitions', { count: value.length, list: value.join(', ') })
  return t('messages.manyPartitions', { count: value.length, of: count ?? '?' })
}
