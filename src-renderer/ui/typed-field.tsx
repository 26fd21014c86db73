/** Where the name of what is about to be destroyed has to be typed. */
import { t } from '../i18n/i18n.ts'

interface TypedFieldProps {
  /** The text to type. */
  readonly typed: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly autoFocus?: boolean
}

export function TypedField({ typed, value, onChange, autoFocus = true }: TypedFieldProps) {
  return (
    <label className="confirm-label">
      <span className="quiet">
        {t('confirm.type')} <span className="mono confirm-typed">{typed}</span>
      </span>
      <input
        className="field mono"
        value={value}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        spellCheck={false}
        autoComplete="off"
        onChange={event => onChange(event.currentTarget.value)}
      />
    </label>
  )
}
