/** Which partitions are shown: a switch for each state that there is, and the broker they are on. */
import { partitionStates, type PartitionState } from '../../src-main/contract/model/replication.ts'
import { t } from '../i18n/i18n.ts'
import { formatCount } from '../ui/format/number.ts'
import { Glyph } from '../ui/glyph.tsx'
import { partitionStateLooks } from './partition-states.ts'
import './replication.css'

interface PartitionFilterProps {
  /** How many partitions are in each state. */
  readonly counts: ReadonlyMap<PartitionState, number>
  /** Undefined shows all. */
  readonly state: PartitionState | undefined
  readonly onState: (state: PartitionState | undefined) => void
  /** Those that hold a replica. */
  readonly brokers: readonly number[]
  readonly broker: number | undefined
  readonly onBroker: (broker: number | undefined) => void
}

export function PartitionFilter(props: PartitionFilterProps) {
  const { counts, state, onState, brokers, broker, onBroker } = props
  // What is chosen stays in reach when the last partition has left that state.
  const offered = partitionStates.filter(each => (counts.get(each) ?? 0) > 0 || each === state)
  return (
    <>
      {offered.length > 0 && (
        <fieldset className="partition-states">
          <legend className="visually-hidden">{t('partitionState.filter')}</legend>
          {offered.map(each => {
            const { tone, glyph } = partitionStateLooks[each]
            return (
              <button
                key={each}
                type="button"
                className="partition-state"
                aria-pressed={each === state}
                title={t(`partitionState.hint.${each}`)}
                onClick={() => onState(each === state ? undefined : each)}
              >
                <Glyph state={glyph} explanation={t(`partitionState.hint.${each}`)} />
                <span className={tone}>{t(`partitionState.name.${each}`)}</span>
                <span className="faint">{formatCount(counts.get(each) ?? 0)}</span>
              </button>
            )
          })}
        </fieldset>
      )}
      {(brokers.length > 1 || broker !== undefined) && (
        <select
          className="field"
          aria-label={t('partitionState.broker')}
          title={t('partitionState.brokerHint')}
          value={broker ?? ''}
          onChange={event => {
            const { value } = event.currentTarget
            onBroker(value === '' ? undefined : Number(value))
          }}
        >
          <option value="">{t('partitionState.anyBroker')}</option>
          {[...new Set([...brokers, ...(broker === undefined ? [] : [broker])])]
            .sort((a, b) => a - b)
            .map(id => (
              <option key={id} value={id}>
                {t('partitionState.onBroker', { id })}
              </option>
            ))}
        </select>
      )}
    </>
  )
}
