/** The prepared changes before they are made, and what they came to after: read back, and undone. */
import { Modal } from '@mantine/core'
import { ArrowRight, Check, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type {
  AlteredConfiguration,
  ConfigurationChange,
  ConfigurationEntry,
  ConfigurationResource,
} from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../button.tsx'
import { configsLine } from './command-line.ts'
import { EqualCommand } from './equal-command.tsx'
import { changesOf, elementsOf, inverseOf, valueAfter, type PreparedByName } from './prepared.ts'
import { sayValue } from './say-value.ts'
import { WarningList } from './warning-list.tsx'
import type { Warning } from './warnings.ts'

interface ReviewChangesProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly bootstrap: string
  readonly resource: ConfigurationResource
  readonly entries: readonly ConfigurationEntry[]
  readonly prepared: PreparedByName
  readonly warnings: readonly Warning[]
  /** What the brokers say against it, as far as they were asked. */
  readonly refusal: string | null
  /** When a change takes its effect, where that is not at once. */
  readonly children?: ReactNode
  readonly apply: (changes: readonly ConfigurationChange[]) => Promise<AlteredConfiguration>
  readonly onApplied: () => void
}

export function ReviewChanges(props: ReviewChangesProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size={720}>
      <Review {...props} />
    </Modal>
  )
}

interface Made {
  readonly entries: readonly ConfigurationEntry[]
  readonly changes: readonly ConfigurationChange[]
  readonly readBack: readonly ConfigurationEntry[] | null
  readonly undone: boolean
}

function Review(props: ReviewChangesProps) {
  const { entries, prepared, resource, apply, onApplied, onClose } = props
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [made, setMade] = useState<Made | null>(null)

  const make = async (
    changes: readonly ConfigurationChange[],
    before: readonly ConfigurationEntry[],
    undone: boolean,
  ) => {
    setBusy(true)
    const answer = await apply(changes)
    setBusy(false)
    setProblem(answer.problem)
    if (answer.problem !== null) return
    setMade({ entries: before, changes, readBack: answer.readBack, undone })
    onApplied()
  }

  if (made !== null)
    return (
      <Applied
        made={made}
        busy={busy}
        problem={problem}
        onUndo={() =>
          void make(inverseOf(made.entries, made.changes, resource), made.readBack ?? entries, true)
        }
        onClose={onClose}
      />
    )
  const changes = changesOf(prepared)
  return (
    <div className="review">
      <table className="review-table">
        <caption className="visually-hidden">{props.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('configuration.name')}</th>
            <th scope="col">{t('configuration.before')}</th>
            <th aria-hidden />
            <th scope="col">{t('configuration.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(change => (
            <ChangeRow
              key={change.name}
              change={change}
              entry={entries.find(({ name }) => name === change.name)}
            />
          ))}
        </tbody>
      </table>
      <WarningList warnings={props.warnings} />
      {props.children}
      <EqualCommand line={configsLine(props)} />
      {(problem !== null || props.refusal !== null) && (
        <p className="bad" role="alert">
          {problem === null ? props.refusal : `${problem.code}: ${problem.message}`}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button
          kind="primary"
          whyNot={busy ? t('confirm.busy') : props.refusal}
          onClick={() => void make(changes, entries, false)}
        >
          {t('configuration.apply', { count: changes.length })}
        </Button>
      </div>
    </div>
  )
}

function ChangeRow({
  change,
  entry,
}: {
  readonly change: ConfigurationChange
  readonly entry: ConfigurationEntry | undefined
}) {
  const after = entry === undefined ? change.value : valueAfter(entry, change)
  return (
    <tr>
      <th scope="row" className="mono">
        {change.name}
        {change.operation !== 'set' && (
          <span className="faint small"> {t(`configuration.operation.${change.operation}`)}</span>
        )}
      </th>
      <td className="mono">
        <Said entry={entry} value={entry?.value ?? null} />
      </td>
      <td>
        <ArrowRight size={14} aria-label={t('configuration.becomes')} />
      </td>
      <td className="mono review-after">
        <Said entry={entry} value={after} />
      </td>
    </tr>
  )
}

/** What a person says, and the stored number below it. */
function Said({
  entry,
  value,
}: {
  readonly entry: ConfigurationEntry | undefined
  readonly value: string | null
}) {
  if (entry?.sensitive === true)
    return <span className="absent">{t('configuration.sensitive')}</span>
  if (value === null) return <span className="absent">{t('configuration.unset')}</span>
  const said = entry === undefined ? value : sayValue(entry, value)
  return (
    <>
      {said}
      {said !== value && value !== '' && <span className="faint small review-exact">{value}</span>}
    </>
  )
}

/** Brokers tell a value without the spaces and repetitions that it was given with. */
function isSame({ type, value }: ConfigurationEntry, wanted: string): boolean {
  if (value === wanted.trim()) return true
  if (type === 'double') return Number(value) === Number(wanted)
  return type === 'list' && value === [...new Set(elementsOf(wanted))].join(',')
}

interface AppliedProps {
  readonly made: Made
  readonly busy: boolean
  readonly problem: Problem | null
  readonly onUndo: () => void
  readonly onClose: () => void
}

function Applied({ made, busy, problem, onUndo, onClose }: AppliedProps) {
  const { changes, entries, readBack, undone } = made
  return (
    <div className="review" role="status">
      <p>{t(undone ? 'configuration.undone' : 'configuration.applied')}</p>
      <table className="review-table">
        <caption className="visually-hidden">{t('configuration.readBack')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('configuration.name')}</th>
            <th scope="col">{t('configuration.readBack')}</th>
            <th scope="col">{t('configuration.source')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(change => {
            const now = readBack?.find(({ name }) => name === change.name)
            const before = entries.find(({ name }) => name === change.name)
            const wanted = before === undefined ? change.value : valueAfter(before, change)
            const fits =
              now !== undefined && (now.sensitive || wanted === null || isSame(now, wanted))
            return (
              <tr key={change.name}>
                <th scope="row" className="mono">
                  {change.name}
                </th>
                <td className="mono">
                  {fits ? (
                    <Check size={14} className="good" aria-label={t('configuration.asWanted')} />
                  ) : (
                    <TriangleAlert
                      size={14}
                      className="warn"
                      aria-label={t('configuration.notAsWanted')}
                    />
                  )}{' '}
                  {now === undefined ? (
                    <span className="absent">{t('configuration.notListed')}</span>
                  ) : (
                    <Said entry={now} value={now.value} />
                  )}
                </td>
                <td>{now !== undefined && t(`configuration.sources.${now.source}`)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {problem !== null && (
        <p className="bad" role="alert">
          {problem.code}: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        {!undone && (
          <Button whyNot={busy ? t('confirm.busy') : null} onClick={onUndo}>
            {t('configuration.undo', { count: changes.length })}
          </Button>
        )}
        <Button kind="primary" onClick={onClose}>
          {t('configuration.close')}
        </Button>
      </div>
    </div>
  )
}
