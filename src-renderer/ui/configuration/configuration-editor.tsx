/**
 * The configurations of a topic, of a broker or of all brokers, as a table with one of them opened
 * beside it. Changes are prepared in the rows, judged by the cluster while one types, reviewed
 * together, made at once, and read back.
 */
import { useEffect, useState, type ReactNode } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type {
  AlteredConfiguration,
  ConfigurationChange,
  ConfigurationEntry,
  ConfigurationResource,
} from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../button.tsx'
import { ConfigurationTable } from '../configuration-table.tsx'
import { ResizableAside } from '../resizable-aside.tsx'
import { useLatest } from '../use-latest.ts'
import { ConfigurationDetail } from './configuration-detail.tsx'
import { changesOf, valueAfter, type Prepared, type PreparedByName } from './prepared.ts'
import { ReviewChanges } from './review-changes.tsx'
import { topicWarnings, type Warning, type WarningContext } from './warnings.ts'
import './configuration.css'

const VALIDATE_AFTER_MS = 350
const NOTHING: PreparedByName = new Map()

interface ConfigurationEditorProps {
  readonly id: string
  /** Named as a person does: `topic orders`. */
  readonly title: string
  readonly resource: ConfigurationResource
  readonly bootstrap: string
  readonly entries: readonly ConfigurationEntry[]
  readonly filter: string
  readonly onlyChanged: boolean
  readonly onFilter: (text: string) => void
  readonly onOnlyChanged: (only: boolean) => void
  readonly active: string | null
  readonly onActive: (name: string | null) => void
  /** Why nothing can be changed, or null. */
  readonly whyNot: string | null
  readonly context?: WarningContext
  /** Said before changes are made: when they take effect. */
  readonly note?: ReactNode
  readonly alter: (
    changes: readonly ConfigurationChange[],
    validateOnly: boolean,
  ) => Promise<AlteredConfiguration>
  readonly onAltered: () => void
}

interface Judged {
  /** What was judged: an answer about something else is of no use. */
  readonly prepared: PreparedByName
  readonly problem: Problem | null
  readonly name: string | null
}

export function ConfigurationEditor(props: ConfigurationEditorProps) {
  const { entries, resource, active, onActive, alter } = props
  const [prepared, setPrepared] = useState<PreparedByName>(NOTHING)
  const [reviewing, setReviewing] = useState(false)
  const judged = useJudged(prepared, alter)
  const entry = entries.find(({ name }) => name === active)
  const warnings = warningsOf(entries, prepared, props)
  const prepare = (name: string, change: Prepared | null) => {
    const next = new Map(prepared)
    if (change === null) next.delete(name)
    else next.set(name, change)
    setPrepared(next)
  }
  const refusal = judged?.problem ?? null
  return (
    <div className="configuration-editor">
      <div className="configuration-main">
        <ConfigurationTable {...props} prepared={prepared} active={active} onActive={onActive} />
        {prepared.size > 0 && (
          <div className="configuration-bar" role="region" aria-label={t('configuration.prepared')}>
            <span>{t('configuration.preparedCount', { count: prepared.size })}</span>
            {refusal !== null && (
              <span className="bad clip" title={refusal.message}>
                {refusal.message}
              </span>
            )}
            <span className="spacer" />
            <Button kind="quiet" onClick={() => setPrepared(NOTHING)}>
              {t('configuration.discard')}
            </Button>
            <Button
              kind="primary"
              whyNot={refusal?.message ?? null}
              onClick={() => setReviewing(true)}
            >
              {t('configuration.review', { count: prepared.size })}
            </Button>
          </div>
        )}
      </div>
      {entry !== undefined && (
        <ResizableAside id="configuration" label={t('configuration.width')}>
          <ConfigurationDetail
            key={entry.name}
            entry={entry}
            resource={resource}
            prepared={prepared.get(entry.name)}
            onPrepare={change => prepare(entry.name, change)}
            refusal={
              judged?.name === entry.name || (judged?.name === null && prepared.has(entry.name))
                ? (refusal?.message ?? null)
                : null
            }
            warnings={warnings.now.filter(({ name }) => name === entry.name)}
            whyNot={props.whyNot}
          />
        </ResizableAside>
      )}
      <ReviewChanges
        opened={reviewing}
        onClose={() => setReviewing(false)}
        title={t('configuration.reviewTitle', { thing: props.title })}
        bootstrap={props.bootstrap}
        resource={resource}
        entries={entries}
        prepared={prepared}
        warnings={warnings.fresh}
        refusal={refusal?.message ?? null}
        apply={changes => alter(changes, false)}
        onApplied={() => {
          setPrepared(NOTHING)
          props.onAltered()
        }}
      >
        {props.note}
      </ReviewChanges>
    </div>
  )
}

/** Asks the cluster, a moment after the last key, whether it would take what is prepared. */
function useJudged(
  prepared: PreparedByName,
  alter: ConfigurationEditorProps['alter'],
): Judged | null {
  const [judged, setJudged] = useState<Judged | null>(null)
  const ask = useLatest(alter)
  useEffect(() => {
    if (prepared.size === 0) return undefined
    let forgotten = false
    const timer = setTimeout(() => {
      void ask.current(changesOf(prepared), true).then(({ problem, problemName }) => {
        if (!forgotten) setJudged({ prepared, problem, name: problemName })
      })
    }, VALIDATE_AFTER_MS)
    return () => {
      forgotten = true
      clearTimeout(timer)
    }
  }, [prepared, ask])
  return judged?.prepared === prepared ? judged : null
}

/** `now`: of the values as they would be; `fresh`: those of them that the changes bring. */
function warningsOf(
  entries: readonly ConfigurationEntry[],
  prepared: PreparedByName,
  { resource, context }: Pick<ConfigurationEditorProps, 'resource' | 'context'>,
): { readonly now: readonly Warning[]; readonly fresh: readonly Warning[] } {
  if (resource.type !== 'topic') return { now: [], fresh: [] }
  const about = context ?? { replicationFactor: null, partitionCount: null }
  const byName = new Map(entries.map(entry => [entry.name, entry]))
  const now = topicWarnings(name => {
    const entry = byName.get(name)
    return entry === undefined ? null : valueAfter(entry, prepared.get(name))
  }, about)
  const before = topicWarnings(name => byName.get(name)?.value ?? null, about)
  const fresh = now.filter(
    ({ kind, name }) => prepared.has(name) || !before.some(known => known.kind === kind),
  )
  return { now, fresh }
}
