/** What a reassignment is to do: the strategy, what it needs, the topics, and the throttle. */
import { t } from '../i18n/i18n.ts'
import { Explanation } from '../ui/explanation.tsx'
import { BrokerMark } from '../ui/glyph.tsx'

const STRATEGIES = ['spread', 'vacate', 'factor', 'explicit'] as const

export interface StrategyDraft {
  readonly type: (typeof STRATEGIES)[number]
  /** Null while none was chosen: all of them to spread over, none to vacate. */
  readonly brokers: readonly number[] | null
  readonly factor: string
  readonly lines: string
  /** Names separated by commas; empty for all. */
  readonly topics: string
  /** MiB a second; empty for none. */
  readonly throttle: string
}

interface StrategyFieldsProps {
  readonly draft: StrategyDraft
  readonly brokers: readonly number[]
  /** The topic that it is about; null where topics can be chosen. */
  readonly fixedTopic: string | null
  readonly onChange: (draft: StrategyDraft) => void
}

export function StrategyFields({ draft, brokers, fixedTopic, onChange }: StrategyFieldsProps) {
  const change = (next: Partial<StrategyDraft>) => onChange({ ...draft, ...next })
  const { type } = draft
  return (
    <div className="reassign-fields">
      <label className="create-line">
        <span className="create-label">{t('reassign.what')}</span>
        <select
          className="field"
          value={type}
          autoFocus
          data-autofocus
          onChange={event =>
            change({ type: STRATEGIES[event.currentTarget.selectedIndex]!, brokers: null })
          }
        >
          {STRATEGIES.map(each => (
            <option key={each} value={each}>
              {t(`reassign.strategy.${each}`)}
            </option>
          ))}
        </select>
        <span className="small faint">
          <Explanation text={t(`reassign.strategyHint.${type}`)} />
        </span>
      </label>
      {(type === 'spread' || type === 'vacate') && (
        <Brokers
          brokers={brokers}
          chosen={draft.brokers ?? (type === 'spread' ? brokers : [])}
          onChange={chosen => change({ brokers: chosen })}
        />
      )}
      {type === 'factor' && (
        <label className="create-line">
          <span className="create-label">{t('reassign.factor')}</span>
          <input
            className="field number reassign-number"
            inputMode="numeric"
            value={draft.factor}
            onChange={event => change({ factor: event.currentTarget.value })}
          />
        </label>
      )}
      {type === 'explicit' && (
        <label className="create-line">
          <span className="create-label">{t('reassign.lines')}</span>
          <textarea
            className="field mono reassign-lines"
            rows={4}
            spellCheck={false}
            value={draft.lines}
            onChange={event => change({ lines: event.currentTarget.value })}
          />
        </label>
      )}
      {fixedTopic === null && type !== 'explicit' && (
        <label className="create-line">
          <span className="create-label">{t('reassign.scope')}</span>
          <input
            className="field mono"
            value={draft.topics}
            placeholder={t('reassign.scopeAll')}
            spellCheck={false}
            onChange={event => change({ topics: event.currentTarget.value })}
          />
          <span className="small faint">{t('reassign.scopeHint')}</span>
        </label>
      )}
      <label className="create-line">
        <span className="create-label">{t('reassign.throttle')}</span>
        <span className="reassign-throttle">
          <input
            className="field number reassign-number"
            inputMode="decimal"
            value={draft.throttle}
            onChange={event => change({ throttle: event.currentTarget.value })}
          />
          <span className="faint">{t('reassign.throttleUnit')}</span>
        </span>
        <span className="small faint">{t('reassign.throttleHint')}</span>
      </label>
    </div>
  )
}

interface BrokersProps {
  readonly brokers: readonly number[]
  readonly chosen: readonly number[]
  readonly onChange: (chosen: readonly number[]) => void
}

function Brokers({ brokers, chosen, onChange }: BrokersProps) {
  return (
    <fieldset className="reassign-brokers">
      <legend className="create-label">{t('reassign.brokers')}</legend>
      {brokers.map(id => (
        <label key={id} className="switch">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={event =>
              onChange(
                event.currentTarget.checked
                  ? [...chosen, id].sort((a, b) => a - b)
                  : chosen.filter(each => each !== id),
              )
            }
          />
          <BrokerMark id={id} />
        </label>
      ))}
    </fieldset>
  )
}
