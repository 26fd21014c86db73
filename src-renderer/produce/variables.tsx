/** Variables of a template: filled in once for each record, so that key and value can share them. */
import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import type { DraftProblem } from '../../src-main/contract/model/produce.ts'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { ProblemLine } from './problem-line.tsx'
import { newId, type VariableForm } from './produce-form.ts'
import type { ProduceSession } from './produce-session.ts'

interface VariablesProps {
  readonly session: ProduceSession
  readonly onFocus: (field: HTMLInputElement) => void
}

export function Variables({ session, onFocus }: VariablesProps) {
  const { form, problems, faults } = useStore(session)
  const { variables } = form
  return (
    <>
      {variables.map((variable, index) => (
        <Variable
          key={variable.id}
          variable={variable}
          number={index + 1}
          problems={problems.filter(
            ({ place }) => place.part === 'variable' && place.index === index,
          )}
          onFocus={onFocus}
          onChange={next =>
            session.change({
              variables: variables.map(each => (each.id === variable.id ? next : each)),
            })
          }
          onRemove={() =>
            session.change({ variables: variables.filter(({ id }) => id !== variable.id) })
          }
        />
      ))}
      <div className="produce-content-head">
        <Button
          kind="quiet"
          icon={<Plus size={14} aria-hidden />}
          title={t('produce.addVariableHint')}
          onClick={() =>
            session.change({
              variables: [
                ...variables,
                { id: newId(), name: freeName(variables), text: '{{uuid}}' },
              ],
            })
          }
        >
          {t('produce.addVariable')}
        </Button>
        <span className="spacer" />
        <label className="produce-inline" title={t('produce.seedHint')}>
          <span className="faint">{t('produce.seed')}</span>
          <input
            className="field mono produce-seed"
            value={form.seed}
            inputMode="numeric"
            aria-invalid={faults.includes('seed') || undefined}
            onChange={event => session.change({ seed: event.currentTarget.value })}
          />
        </label>
      </div>
    </>
  )
}

interface VariableProps {
  readonly variable: VariableForm
  readonly number: number
  readonly problems: readonly DraftProblem[]
  readonly onFocus: (field: HTMLInputElement) => void
  readonly onChange: (next: VariableForm) => void
  readonly onRemove: () => void
}

function Variable({ variable, number, problems, onFocus, onChange, onRemove }: VariableProps) {
  const text = useRef<HTMLInputElement>(null)
  return (
    <div className="produce-variable">
      <input
        className="field mono"
        aria-label={t('produce.variableName', { number })}
        value={variable.name}
        spellCheck={false}
        onChange={event => onChange({ ...variable, name: event.currentTarget.value })}
      />
      <span className="faint" aria-hidden>
        =
      </span>
      <input
        ref={text}
        className="field mono"
        aria-label={t('produce.variableText', { number })}
        value={variable.text}
        spellCheck={false}
        onFocus={event => onFocus(event.currentTarget)}
        onChange={event => onChange({ ...variable, text: event.currentTarget.value })}
      />
      <Button
        kind="quiet"
        icon={<X size={14} aria-hidden />}
        aria-label={t('produce.removeVariable', { number })}
        title={t('produce.removeVariable', { number })}
        onClick={onRemove}
      />
      {problems.map((each, index) => (
        <ProblemLine key={index} problem={each} area={text} />
      ))}
    </div>
  )
}

function freeName(variables: readonly VariableForm[]): string {
  const taken = new Set(variables.map(({ name }) => name))
  if (!taken.has('id')) return 'id'
  for (let number = 2; ; number++) if (!taken.has(`id${number}`)) return `id${number}`
}
