/** The configurations of a new topic: grouped, explained, and only sent where one was typed. */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { TopicConfigurationDefinition } from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { Explanation } from '../../ui/explanation.tsx'
import { groupDefinitions } from './configuration-groups.ts'
import { asTyped, unitAtFirst, unitsOf } from './configuration-value.ts'

export type TypedConfigurations = Readonly<
  Record<string, { readonly text: string; readonly unit: string }>
>

interface FieldsProps {
  readonly definitions: readonly TopicConfigurationDefinition[]
  readonly typed: TypedConfigurations
  readonly onChange: (typed: TypedConfigurations) => void
}

export function ConfigurationFields({ definitions, typed, onChange }: FieldsProps) {
  const compacts = typed['cleanup.policy']?.text.includes('compact') === true
  return (
    <div className="create-groups">
      {groupDefinitions(definitions).map(({ group, definitions }) => (
        <Group
          key={group}
          title={t(`create.group.${group}`)}
          changed={definitions.filter(({ name }) => (typed[name]?.text ?? '') !== '').length}
          openAtFirst={group === 'retention'}
        >
          {definitions.map(definition => (
            <Field
              key={definition.name}
              definition={definition}
              value={typed[definition.name] ?? { text: '', unit: unitAtFirst(definition) }}
              onChange={value => onChange({ ...typed, [definition.name]: value })}
            />
          ))}
          {group === 'retention' && compacts && (
            <p className="create-warning" role="note">
              {t('create.compactWarning')}
            </p>
          )}
        </Group>
      ))}
    </div>
  )
}

interface GroupProps {
  readonly title: string
  readonly changed: number
  readonly openAtFirst: boolean
  readonly children: React.ReactNode
}

function Group({ title, changed, openAtFirst, children }: GroupProps) {
  const [open, setOpen] = useState(openAtFirst)
  return (
    <section className="create-group">
      <button
        type="button"
        className="create-group-title"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight size={14} aria-hidden style={{ rotate: open ? '90deg' : '0deg' }} />
        {title}
        {changed > 0 && <span className="tag">{t('create.changed', { count: changed })}</span>}
      </button>
      {open && <div className="create-fields">{children}</div>}
    </section>
  )
}

interface FieldProps {
  readonly definition: TopicConfigurationDefinition
  readonly value: { readonly text: string; readonly unit: string }
  readonly onChange: (value: { text: string; unit: string }) => void
}

function Field({ definition, value, onChange }: FieldProps) {
  const units = unitsOf(definition)
  const byDefault = asTyped(definition.defaultValue, definition)
  const shownDefault = `${byDefault.text}${units.length > 0 && !byDefault.text.startsWith('-') ? ` ${byDefault.unit}` : ''}`
  const values =
    definition.validValues ?? (definition.type === 'boolean' ? ['true', 'false'] : null)
  const id = `configuration-${definition.name}`
  return (
    <div className="create-field">
      <label className="mono" htmlFor={id}>
        {definition.name}
      </label>
      <span className="create-input">
        {values === null ? (
          <input
            id={id}
            className="field number"
            value={value.text}
            placeholder={byDefault.text}
            spellCheck={false}
            onChange={event => onChange({ ...value, text: event.currentTarget.value })}
          />
        ) : (
          <select
            id={id}
            className="field"
            value={value.text}
            onChange={event => onChange({ ...value, text: event.currentTarget.value })}
          >
            <option value="">{t('create.default', { value: shownDefault })}</option>
            {choices(definition, values).map(choice => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        )}
        {units.length > 0 && (
          <select
            className="field"
            aria-label={t('create.unit', { name: definition.name })}
            value={value.unit}
            onChange={event => onChange({ ...value, unit: event.currentTarget.value })}
          >
            {units.map(unit => (
              <option key={unit}>{unit}</option>
            ))}
          </select>
        )}
      </span>
      <p className="small faint">
        <Explanation text={definition.documentation} />{' '}
        {values === null && t('create.defaultIs', { value: shownDefault })}
        {!definition.takesEffect && <span className="warn"> {t('create.noEffect')}</span>}
      </p>
    </div>
  )
}

/** A list may take both of its values, which Kafka writes with a comma. */
function choices(
  definition: TopicConfigurationDefinition,
  values: readonly string[],
): readonly string[] {
  return definition.name === 'cleanup.policy' && !values.includes('compact,delete')
    ? [...values, 'compact,delete']
    : values
}
