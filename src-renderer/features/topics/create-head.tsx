/** Name, partitions and replication factor of a new topic. */
import { t } from '../../i18n/i18n.ts'
import { Explanation } from '../../ui/explanation.tsx'
import { durabilityNote } from './durability.ts'
import { TOPIC_NAME_LENGTH_MAX, type NameProblem } from './topic-name.ts'

interface CreateHeadProps {
  readonly name: string
  readonly nameProblem: NameProblem | null
  readonly onName: (name: string) => void
  readonly partitions: string
  readonly partitionsFit: boolean
  readonly onPartitions: (text: string) => void
  readonly factor: string
  readonly factorFits: boolean
  readonly onFactor: (text: string) => void
  readonly brokers: number
  /** As typed; empty for the cluster's default. */
  readonly minIsr: string
  readonly minIsrDefault: string | null
  readonly onMinIsr: (text: string) => void
}

export function CreateHead(props: CreateHeadProps) {
  const { name, nameProblem, factor, onFactor, brokers } = props
  const wrong = name !== '' && nameProblem !== null
  return (
    <>
      <label className="create-line">
        <span className="create-label">{t('create.name')}</span>
        <input
          className="field mono"
          value={name}
          autoFocus
          data-autofocus
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong}
          aria-describedby="create-name-rule"
          onChange={event => props.onName(event.currentTarget.value)}
        />
        <span id="create-name-rule" className={wrong ? 'small bad' : 'small faint'}>
          {wrong
            ? nameProblemText(nameProblem)
            : t('create.nameRule', { used: name.length, max: TOPIC_NAME_LENGTH_MAX })}
        </span>
      </label>
      <div className="create-pair">
        <label className="create-line">
          <span className="create-label">{t('create.partitions')}</span>
          <input
            className="field number"
            inputMode="numeric"
            value={props.partitions}
            aria-invalid={!props.partitionsFit}
            onChange={event => props.onPartitions(event.currentTarget.value)}
          />
          <span className="small faint">{t('create.partitionsHint', { count: brokers })}</span>
        </label>
        <label className="create-line">
          <span className="create-label">{t('create.replicas')}</span>
          <input
            className="field number"
            inputMode="numeric"
            value={factor}
            aria-invalid={!props.factorFits}
            onChange={event => onFactor(event.currentTarget.value)}
          />
          <span className={props.factorFits ? 'small faint' : 'small bad'}>
            {t('create.factorProblem', { count: brokers })}
          </span>
        </label>
        <label className="create-line">
          <span className="create-label">{t('create.minIsr')}</span>
          <input
            className="field number"
            inputMode="numeric"
            value={props.minIsr}
            placeholder={props.minIsrDefault ?? ''}
            onChange={event => props.onMinIsr(event.currentTarget.value)}
          />
          <span className="small faint">{t('create.minIsrHint')}</span>
        </label>
      </div>
      <Durability {...props} />
    </>
  )
}

function Durability({ factor, factorFits, minIsr, minIsrDefault }: CreateHeadProps) {
  const least = Number(minIsr === '' ? minIsrDefault : minIsr)
  if (!factorFits || !Number.isInteger(least) || least < 1) return null
  const note = durabilityNote(Number(factor), least)
  if (note === null) return null
  return (
    <p className="small warn" role="status">
      <Explanation text={t(`create.durability.${note}`, { factor, minIsr: least })} />
    </p>
  )
}

export function nameProblemText(problem: NameProblem): string {
  switch (problem.type) {
    case 'empty':
      return t('create.nameEmpty')
    case 'dots':
      return t('create.nameDots')
    case 'too-long':
      return t('create.nameLong', { length: problem.length, max: TOPIC_NAME_LENGTH_MAX })
    case 'character':
      return t('create.nameCharacter', { character: problem.character })
    case 'taken':
      return t('create.nameTaken')
    case 'collides':
      return t('create.nameCollides', { with: problem.with })
  }
}
