/** Where the offsets are to be set. Each strategy shows its own field once it is chosen. */
import { useId, type ReactNode } from 'react'
import { t } from '../../i18n/i18n.ts'
import { formatZone } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { useNow } from '../../ui/use-now.ts'
import { FileField, type ChosenFile } from './file-field.tsx'
import { GroupField } from './group-field.tsx'
import {
  nameOfStrategy,
  STRATEGIES,
  type ChosenStrategy,
  type StrategyName,
} from './offsets-search.ts'
import { DurationField, MomentField, NumberField } from './strategy-fields.tsx'

interface StrategyPanelProps {
  readonly groupId: string
  /** Without a group there is nothing to shift or to delete. */
  readonly exists: boolean
  readonly strategy: ChosenStrategy
  readonly onStrategy: (strategy: ChosenStrategy) => void
  readonly file: ChosenFile | null
  readonly onFile: (file: ChosenFile) => void
  /** Kept snapshots to choose from. */
  readonly snapshots: ReactNode
  readonly snapshotCount: number
}

export function StrategyPanel(props: StrategyPanelProps) {
  const { strategy, onStrategy, snapshotCount, exists } = props
  const radio = useId()
  const chosen = nameOfStrategy(strategy)
  const offered = STRATEGIES.filter(name => {
    if (name === chosen) return true
    if (name === 'snapshot') return snapshotCount > 0
    return exists || (name !== 'shift' && name !== 'delete')
  })
  return (
    <div className="lab-panel" role="radiogroup" aria-labelledby={`${radio}-title`}>
      <h2 className="section-title" id={`${radio}-title`}>
        {t('offsets.strategy.title')}
      </h2>
      {offered.map(name => (
        <div key={name} className="lab-option" data-apart={name === 'delete' || undefined}>
          <label className="lab-choice" title={t(`offsets.strategy.${name}Hint`)}>
            <input
              type="radio"
              name={radio}
              checked={chosen === name}
              onChange={() => onStrategy(begun(name))}
            />
            <span>{t(`offsets.strategy.${name}`)}</span>
            {name === 'timestamp' && chosen === name && <ZoneName />}
          </label>
          {chosen === name && <StrategyValue {...props} name={name} />}
        </div>
      ))}
    </div>
  )
}

function StrategyValue(props: StrategyPanelProps & { readonly name: StrategyName }) {
  const { name, strategy, onStrategy } = props
  const unfinished = () => onStrategy({ type: 'unfinished', name })
  switch (name) {
    case 'offset':
      return (
        <NumberField
          label={t('offsets.strategy.offset')}
          pattern={/^\d{1,18}$/}
          value={strategy.type === 'offset' ? strategy.offset : null}
          onValue={offset => (offset === null ? unfinished() : onStrategy({ type: name, offset }))}
        />
      )
    case 'shift':
      return (
        <NumberField
          label={t('offsets.strategy.shiftField')}
          pattern={/^[+-−]?\d{1,18}$/}
          value={strategy.type === 'shift' ? strategy.by : null}
          onValue={by => (by === null ? unfinished() : onStrategy({ type: name, by }))}
          hint={t('offsets.strategy.shiftNote')}
        />
      )
    case 'timestamp':
      return (
        <MomentField
          value={strategy.type === 'timestamp' ? strategy.timestampMs : null}
          onValue={timestampMs =>
            timestampMs === null ? unfinished() : onStrategy({ type: name, timestampMs })
          }
        />
      )
    case 'duration':
      return (
        <DurationField
          value={strategy.type === 'duration' ? strategy.durationMs : null}
          onValue={durationMs =>
            durationMs === null ? unfinished() : onStrategy({ type: name, durationMs })
          }
        />
      )
    case 'group':
      return (
        <GroupField
          own={props.groupId}
          value={strategy.type === 'group' ? strategy.groupId : ''}
          onValue={groupId => (groupId === '' ? unfinished() : onStrategy({ type: name, groupId }))}
        />
      )
    case 'file':
      return <FileField file={props.file} onFile={props.onFile} />
    case 'snapshot':
      return props.snapshots
    case 'none':
      return <p className="lab-note quiet">{t('offsets.strategy.noneNote')}</p>
    case 'delete':
      return <p className="lab-note quiet">{t('offsets.strategy.deleteNote')}</p>
    default:
      return null
  }
}

function ZoneName() {
  const zone = useZone()
  return <span className="faint">{formatZone(zone, useNow(60_000))}</span>
}

function begun(name: StrategyName): ChosenStrategy {
  switch (name) {
    case 'none':
    case 'earliest':
    case 'latest':
    case 'current':
    case 'file':
    case 'delete':
      return { type: name }
    default:
      return { type: 'unfinished', name }
  }
}
