/** One configuration of several topics, set or reset; the cluster is asked before, and read after. */
import { useEffect, useState } from 'react'
import type { TopicConfigurationChange } from '../../../src-main/contract/api/topic-act.ts'
import type {
  AlteredConfiguration,
  ConfigurationChange,
  TopicConfigurationDefinition,
} from '../../../src-main/contract/model/configuration.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { ConfigurationInput } from '../../ui/configuration/configuration-input.tsx'
import { WarningList } from '../../ui/configuration/warning-list.tsx'
import { topicWarnings } from '../../ui/configuration/warnings.ts'
import { Explanation } from '../../ui/explanation.tsx'
import { Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { TopicNames } from './loss.tsx'

const JUDGE_AFTER_MS = 400

interface ConfigureTopicsProps {
  /** Null while nothing is to be changed. */
  readonly topics: readonly string[] | null
  readonly onClose: () => void
  readonly onConfigured: () => void
}

export function ConfigureTopics({ topics, onClose, onConfigured }: ConfigureTopicsProps) {
  const [shown, setShown] = useState<readonly string[]>([])
  const [name, setName] = useState('')
  const [resets, setResets] = useState(false)
  const [value, setValue] = useState<string | null>(null)
  if (topics !== null && topics !== shown) {
    setShown(topics)
    setName('')
    setValue(null)
    setResets(false)
  }
  const change: TopicConfigurationChange | null =
    name === ''
      ? null
      : resets
        ? { name, operation: 'reset', value: null }
        : value === null
          ? null
          : { name, operation: 'set', value }
  const refusals = useRefusals(topics === null ? [] : shown, change)
  const whyNot =
    name === ''
      ? t('configureMany.choose')
      : change === null
        ? t('configureMany.valueMissing')
        : refusals === null
          ? t('configureMany.checking')
          : refusals.length === shown.length
            ? reasonOf(refusals)
            : null
  return (
    <BulkDialog
      opened={topics !== null}
      onClose={onClose}
      title={t('configureMany.title', { count: shown.length })}
      topics={shown}
      typed={null}
      act={change === null ? null : { type: 'configure', change }}
      actLabel={t('configureMany.act', { count: shown.length })}
      whyNot={whyNot}
      what={
        <Question
          topics={shown}
          name={name}
          onName={next => {
            setName(next)
            setValue(null)
          }}
          resets={resets}
          onResets={setResets}
          value={value}
          onValue={setValue}
          refusals={refusals ?? []}
        />
      }
      onOver={onConfigured}
    />
  )
}

/** What the cluster would refuse, asked a moment after the last key; null until it has answered. */
function useRefusals(
  topics: readonly string[],
  change: ConfigurationChange | null,
): readonly AlteredConfiguration[] | null {
  const client = useClient()
  const cluster = useCluster().id
  const key = change === null || topics.length === 0 ? null : JSON.stringify({ topics, change })
  const [judged, setJudged] = useState<{
    key: string
    refusals: readonly AlteredConfiguration[]
  } | null>(null)
  useEffect(() => {
    if (key === null) return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => {
      const asked = JSON.parse(key) as { topics: string[]; change: ConfigurationChange }
      client
        .call(
          'configuration.alter',
          {
            cluster,
            resources: asked.topics.slice(0, 1_000).map(name => ({ type: 'topic' as const, name })),
            changes: [asked.change],
            validateOnly: true,
          },
          abort.signal,
        )
        .then(
          altered =>
            setJudged({ key, refusals: altered.filter(({ problem }) => problem !== null) }),
          // Whether it is refused is not known then; applying it will tell.
          () => setJudged({ key, refusals: [] }),
        )
    }, JUDGE_AFTER_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [client, cluster, key])
  return judged !== null && judged.key === key ? judged.refusals : null
}

interface QuestionProps {
  readonly topics: readonly string[]
  readonly name: string
  readonly onName: (name: string) => void
  readonly resets: boolean
  readonly onResets: (resets: boolean) => void
  readonly value: string | null
  readonly onValue: (value: string | null) => void
  readonly refusals: readonly AlteredConfiguration[]
}

function Question(props: QuestionProps) {
  const { topics, name, resets, refusals } = props
  const client = useClient()
  const cluster = useCluster().id
  const definitions = useHeld(
    () => new AskedAnswer(client, 'topic.configuration-definitions', { cluster }),
    cluster,
  )
  const { value: known, problem } = useStore(definitions)
  if (known === null)
    return problem === null ? (
      <Loading what={t('configureMany.waiting')} />
    ) : (
      <p className="bad">{problem.message}</p>
    )
  const definition = known.find(each => each.name === name)
  return (
    <div className="loss">
      <TopicNames topics={topics} />
      <label className="create-line">
        <span className="create-label">{t('configureMany.which')}</span>
        <select
          className="field mono"
          value={name}
          autoFocus
          data-autofocus
          onChange={event => props.onName(event.currentTarget.value)}
        >
          <option value="">{t('configureMany.choose')}</option>
          {known.map(each => (
            <option key={each.name}>{each.name}</option>
          ))}
        </select>
      </label>
      {definition !== undefined && (
        <>
          <p className="quiet">
            <Explanation text={definition.documentation} />
          </p>
          <fieldset className="purge-what">
            <legend className="create-label">{t('configureMany.how')}</legend>
            {([false, true] as const).map(reset => (
              <label key={String(reset)} className="switch">
                <input
                  type="radio"
                  name="configure-how"
                  checked={resets === reset}
                  onChange={() => props.onResets(reset)}
                />
                {t(reset ? 'configureMany.reset' : 'configureMany.set')}
              </label>
            ))}
          </fieldset>
          {!resets && <ValueField {...props} definition={definition} />}
        </>
      )}
      {refusals.length > 0 && (
        <p className="bad" role="alert">
          {t('configureMany.refused', {
            count: refusals.length,
            all: topics.length,
            why: reasonOf(refusals) ?? '',
          })}
        </p>
      )}
    </div>
  )
}

function ValueField({
  definition,
  value,
  onValue,
  refusals,
}: QuestionProps & { readonly definition: TopicConfigurationDefinition }) {
  const warnings = topicWarnings(
    key => (key === definition.name ? value : key === 'cleanup.policy' ? 'delete' : null),
    { replicationFactor: null, partitionCount: null },
  )
  return (
    <div className="create-line">
      <label className="create-label" htmlFor="configure-value">
        {t('configureMany.value')}
      </label>
      <ConfigurationInput
        key={definition.name}
        id="configure-value"
        facts={definition}
        value={value}
        fallback={definition.defaultValue}
        unsetLabel={t('configureMany.choose')}
        invalid={refusals.length > 0}
        onChange={onValue}
      />
      <WarningList warnings={warnings} />
    </div>
  )
}

function reasonOf(refusals: readonly AlteredConfiguration[]): string | null {
  const problem = refusals[0]?.problem ?? null
  return problem === null ? null : sayProblem(problem).message
}
