/** A name with suggestions of those that there are; the list is cut, however many there are. */
import { useId } from 'react'

const SUGGESTED_MAX = 40

interface NameFieldProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly names: readonly string[]
  readonly label: string
  readonly autoFocus?: boolean
}

export function NameField({ value, onChange, names, label, autoFocus }: NameFieldProps) {
  const id = useId()
  const wanted = value.toLowerCase()
  const suggested: string[] = []
  for (const name of names) {
    if (suggested.length === SUGGESTED_MAX) break
    if (name !== value && name.toLowerCase().includes(wanted)) suggested.push(name)
  }
  return (
    <>
      <input
        className="field mono lab-name"
        list={id}
        value={value}
        placeholder={label}
        aria-label={label}
        autoFocus={autoFocus}
        spellCheck={false}
        autoComplete="off"
        onChange={event => onChange(event.currentTarget.value)}
      />
      <datalist id={id}>
        {suggested.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}
