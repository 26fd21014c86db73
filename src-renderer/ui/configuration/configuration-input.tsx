/** One field for one configuration: a choice, a list, an amount with a unit, or a text. */
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type {
  ConfigurationType,
  ConfigurationUnit,
} from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../button.tsx'
import { formatCount } from '../format/number.ts'
import { hasUnit, isNever, readAmount, writeAmount } from './amount.ts'
import { elementsOf } from './prepared.ts'

export interface InputFacts {
  readonly name: string
  readonly type: ConfigurationType
  readonly unit: ConfigurationUnit | null
  readonly validValues: readonly string[] | null
}

interface ConfigurationInputProps {
  readonly id: string
  readonly facts: InputFacts
  /** As stored; null is "not set here", which only `unsetLabel` allows to choose. */
  readonly value: string | null
  readonly onChange: (value: string | null) => void
  /** What applies while nothing is set here, as stored. */
  readonly fallback?: string | null
  readonly unsetLabel?: string
  readonly invalid?: boolean
  readonly describedBy?: string
}

export function ConfigurationInput(props: ConfigurationInputProps) {
  const { facts } = props
  if (facts.type === 'list') return <ListInput {...props} />
  const choices = facts.type === 'boolean' ? ['true', 'false'] : facts.validValues
  return choices === null ? <TextInput {...props} /> : <ChoiceInput {...props} choices={choices} />
}

function ChoiceInput(props: ConfigurationInputProps & { readonly choices: readonly string[] }) {
  const { id, value, onChange, unsetLabel, choices, facts } = props
  // A broker may hold what our table does not know.
  const all = value === null || choices.includes(value) ? choices : [value, ...choices]
  return (
    <select
      id={id}
      className="field mono"
      value={value ?? ''}
      aria-label={facts.name}
      aria-invalid={props.invalid}
      aria-describedby={props.describedBy}
      onChange={event => {
        const { value: chosen } = event.currentTarget
        onChange(chosen === '' ? null : chosen)
      }}
    >
      {(unsetLabel !== undefined || value === null) && (
        <option value="">{unsetLabel ?? t('configuration.unset')}</option>
      )}
      {all.map(choice => (
        <option key={choice}>{choice}</option>
      ))}
    </select>
  )
}

function TextInput(props: ConfigurationInputProps) {
  const { id, facts, value, onChange, fallback = null, invalid, describedBy } = props
  const shownFallback = fallback === null ? '' : writeAmount(fallback, facts.unit)
  const [text, setText] = useState(() => (value === null ? '' : writeAmount(value, facts.unit)))
  const [written, setWritten] = useState(value)
  // A value that came from elsewhere (reset, undo) takes the place of what was typed.
  if (value !== written) {
    setWritten(value)
    setText(value === null ? '' : writeAmount(value, facts.unit))
  }
  return (
    <span className="configuration-amount">
      <input
        id={id}
        className="field mono"
        type={facts.type === 'password' ? 'password' : 'text'}
        value={text}
        placeholder={shownFallback}
        aria-label={facts.name}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        spellCheck={false}
        autoComplete="off"
        onChange={event => {
          const typed = event.currentTarget.value
          const stored =
            typed.trim() === '' && props.unsetLabel !== undefined
              ? null
              : readAmount(typed, facts.unit)
          setText(typed)
          setWritten(stored)
          onChange(stored)
        }}
      />
      {hasUnit(facts.unit) && (
        <span className="faint small number">{exact(value ?? fallback, facts.unit)}</span>
      )}
    </span>
  )
}

/** The number that Kafka stores, grouped for reading. */
export function exact(stored: string | null, unit: 'ms' | 'bytes'): string {
  if (stored === null || !/^-?\d+$/.test(stored)) return unitName(unit)
  if (stored === '-1') return t('configuration.noLimit')
  if (isNever(stored)) return t('configuration.never')
  return `${formatCount(BigInt(stored))} ${unitName(unit)}`
}

function unitName(unit: 'ms' | 'bytes'): string {
  return unit === 'ms' ? 'ms' : t('configuration.bytes')
}

/** A closed list is ticked, an open one is added to and taken from. */
function ListInput(props: ConfigurationInputProps) {
  const { id, facts, value, onChange, fallback = null } = props
  const [draft, setDraft] = useState('')
  const elements = elementsOf(value ?? fallback)
  const isSet = value !== null
  const change = (next: readonly string[]) => onChange(next.join(','))
  const add = () => {
    const added = elementsOf(draft).filter(element => !elements.includes(element))
    setDraft('')
    if (added.length > 0) change([...elements, ...added])
  }
  if (facts.validValues !== null)
    return (
      <span
        id={id}
        className="configuration-ticks"
        role="group"
        aria-label={facts.name}
        data-unset={!isSet || undefined}
      >
        {facts.validValues.map(choice => (
          <label key={choice} className="switch mono">
            <input
              type="checkbox"
              checked={elements.includes(choice)}
              onChange={event =>
                change(
                  event.currentTarget.checked
                    ? [...elements, choice]
                    : elements.filter(element => element !== choice),
                )
              }
            />
            {choice}
          </label>
        ))}
        {isSet && props.unsetLabel !== undefined && (
          <Button kind="quiet" onClick={() => onChange(null)}>
            {t('configuration.leaveUnset')}
          </Button>
        )}
      </span>
    )
  return (
    <span className="configuration-list">
      {elements.map(element => (
        <span key={element} className="tag mono">
          {element}
          <button
            type="button"
            aria-label={t('configuration.take', { element })}
            onClick={() => change(elements.filter(each => each !== element))}
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      ))}
      <span className="configuration-add">
        <input
          id={id}
          className="field mono"
          value={draft}
          placeholder={t('configuration.element')}
          aria-label={facts.name}
          aria-invalid={props.invalid}
          spellCheck={false}
          autoComplete="off"
          onChange={event => setDraft(event.currentTarget.value)}
          onBlur={add}
          onKeyDown={event => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <Button
          icon={<Plus size={14} aria-hidden />}
          aria-label={t('configuration.add')}
          onClick={add}
        />
      </span>
    </span>
  )
}
