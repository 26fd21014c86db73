/** The filter of a list. `/` leads here, Enter or ↓ back to the list, Esc empties it. */
import { X } from 'lucide-react'
import type { RefObject } from 'react'
import { t } from '../i18n/i18n.ts'

interface FilterFieldProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly placeholder: string
  readonly field: RefObject<HTMLInputElement | null>
  /** What is wrong with the text, if anything. */
  readonly problem?: string | null
}

export function FilterField({ value, onChange, placeholder, field, problem }: FilterFieldProps) {
  return (
    <span className="filter">
      <input
        ref={field}
        className="field"
        type="text"
        value={value}
        placeholder={placeholder}
        aria-label={placeholder}
        aria-invalid={problem !== null && problem !== undefined}
        title={problem ?? undefined}
        spellCheck={false}
        onChange={event => onChange(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Escape' && value !== '') onChange('')
          else if (['Enter', 'ArrowDown', 'Escape'].includes(event.key)) {
            event.currentTarget.blur()
            document.querySelector<HTMLElement>('main [role=table]')?.focus()
          } else return
          event.preventDefault()
        }}
      />
      {value === '' ? (
        <kbd className="kbd" aria-hidden>
          /
        </kbd>
      ) : (
        <button type="button" aria-label={t('filter.clear')} onClick={() => onChange('')}>
          <X size={13} aria-hidden />
        </button>
      )}
    </span>
  )
}
