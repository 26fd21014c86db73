/** The configurations of a new topic: grouped, explained, and only sent where one is set. */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { TopicConfigurationDefinition } from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { ConfigurationInput } from '../../ui/configuration/configuration-input.tsx'
import { sayValue } from '../../ui/configuration/say-value.ts'
import { WarningList } from '../../ui/configuration/warning-list.tsx'
import type { Warning } from '../../ui/configuration/warnings.ts'
import { Explanation } from '../../ui/explanation.tsx'
import { groupDefinitions } from './configuration-groups.ts'

/** As stored, by name; what is not here is left to the cluster. */
export type SetConfigurations = Readonly<Record<string, string>>

interface FieldsProps {
  readonly definitions: readonly TopicConfigurationDefinition[]
  readonly set: SetConfigurations
  readonly warnings: readonly Warning[]
  /** What the cluster says against one of them. */
  readonly refusal: { readonly name: string; readonly reason: string } | null
  readonly onChange: (set: SetConfigurations) => void
}

export function ConfigurationFields(props: FieldsProps) {
  const { definitions, set, warnings, refusal, onChange } = props
  const change = (name: string, value: string | null) => {
    const { [name]: _before, ...others } = set
    onChange(value === null ? others : { ...others, [name]: value })
  }
  return (
    <div className="create-groups">
      {groupDefinitions(definitions).map(({ group, definitions: own }) => {
        const changed = own.filter(({ name }) => set[name] !== undefined).length
        return (
          <Group
            key={group}
            title={t(`create.group.${group}`)}
            changed={changed}
            openAtFirst={group === 'retention' || changed > 0}
            mustOpen={own.some(({ name }) => name === refusal?.name)}
          >
            {own.map(definition => (
              <Field
                key={definition.name}
                definition={definition}
                value={set[definition.name] ?? null}
                warnings={warnings.filter(({ name }) => name === definition.name)}
                refusal={refusal?.name === definition.name ? refusal.reason : null}
                onChange={value => change(definition.name, value)}
              />
            ))}
          </Group>
        )
      })}
    </div>
  )
}

interface GroupProps {
  readonly title: string
  readonly changed: number
  readonly openAtFirst: boolean
  /** A field in it was refused, and has to be seen. */
  readonly mustOpen: boolean
  readonly children: React.ReactNode
}

function Group({ title, changed, openAtFirst, mustOpen, children }: GroupProps) {
  const [chosen, setOpen] = useState(openAtFirst)
  const open = chosen || mustOpen
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
  readonly value: string | null
  readonly warnings: readonly Warning[]
  readonly refusal: string | null
  readonly onChange: (value: string | null) => void
}

function Field({ definition, value, warnings, refusal, onChange }: FieldProps) {
  const { name, defaultValue } = definition
  const shownDefault = sayValue(definition, defaultValue)
  const id = `configuration-${name}`
  return (
    <div className="create-field">
      <label className="mono" htmlFor={id}>
        {name}
      </label>
      <ConfigurationInput
        id={id}
        facts={definition}
        value={value}
        fallback={defaultValue}
        unsetLabel={t('create.default', { value: shownDefault })}
        invalid={refusal !== null}
        describedBy={`${id}-about`}
        onChange={onChange}
      />
      <p className="small faint" id={`${id}-about`}>
        <Explanation text={definition.documentation} />{' '}
        {t('create.defaultIs', { value: shownDefault })}
        {!definition.takesEffect && <span className="warn"> {t('create.noEffect')}</span>}
      </p>
      {refusal !== null && (
        <p className="bad" role="alert">
          {refusal}
        </p>
      )}
      <WarningList warnings={warnings} />
    </div>
  )
}
