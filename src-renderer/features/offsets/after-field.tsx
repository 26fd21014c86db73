/** An offset typed into the grid: Enter takes it, Esc leaves it; empty leaves the partition out. */
import { useState } from 'react'
import type { OffsetPlanRow } from '../../../src-main/contract/model/offset.ts'
import { t } from '../../i18n/i18n.ts'

interface AfterFieldProps {
  readonly row: OffsetPlanRow
  readonly onSet: (offset: bigint | null) => void
  readonly onCancel: () => void
}

export function AfterField({ row, onSet, onCancel }: AfterFieldProps) {
  const [text, setText] = useState((row.after ?? row.now)?.toString() ?? '')
  const trimmed = text.trim()
  const fits = /^\d{0,18}$/.test(trimmed)
  const take = () => {
    if (!fits) return
    onSet(trimmed === '' ? null : BigInt(trimmed))
  }
  return (
    <input
      className="field mono lab-field"
      value={text}
      autoFocus
      inputMode="numeric"
      aria-label={t('offsets.editField', { name: `${row.topic}-${row.partition}` })}
      aria-invalid={!fits}
      placeholder={t('offsets.leaveOut')}
      onFocus={event => event.currentTarget.select()}
      onChange={event => setText(event.currentTarget.value)}
      onClick={event => event.stopPropagation()}
      onDoubleClick={event => event.stopPropagation()}
      onKeyDown={event => {
        if (event.key === 'Enter') take()
        else if (event.key === 'Escape') onCancel()
        else return
        event.preventDefault()
        event.stopPropagation()
        event.currentTarget.closest<HTMLElement>('[role=table]')?.focus()
      }}
      onBlur={onCancel}
    />
  )
}
